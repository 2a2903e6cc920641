import { z } from 'zod';
import { jobProgressSchema } from '../jobs/progress.ts';
import { jobCountsSchema, jobDetailSchema, jobFilterSchema, jobSummarySchema } from './jobs.ts';
import { podViewSchema } from './pods.ts';

/** `seq` counts a server process's events upwards; `epoch` names the process. A snapshot holds all up to its `seq`. */
const stamp = { epoch: z.string(), seq: z.number().int().nonnegative() };

export const jobWatchSchema = z.object({ jobId: z.uuid() });
export const jobsWatchSchema = z.object({ filter: jobFilterSchema });

/** Acknowledgements. A refused request is acknowledged with `{error}`. */
export const refusalSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
export const jobSnapshotSchema = z.object({ ...stamp, job: jobDetailSchema });
export const jobsSnapshotSchema = z.object({
  ...stamp,
  jobs: z.array(jobSummarySchema),
  nextCursor: z.string().nullable(),
  counts: jobCountsSchema,
});
export const podsSnapshotSchema = z.object({ ...stamp, pods: z.array(podViewSchema) });
export type JobSnapshot = z.infer<typeof jobSnapshotSchema>;
export type JobsSnapshot = z.infer<typeof jobsSnapshotSchema>;
export type PodsSnapshot = z.infer<typeof podsSnapshotSchema>;
export type Refusal = z.infer<typeof refusalSchema>;

/** Server → browser. `job:progress` and `job:preview` may be dropped, the others never. */
export const jobProgressEventSchema = z.object({
  ...stamp,
  jobId: z.string(),
  progress: z.number(),
  live: jobProgressSchema,
});
/** Watchers of one job get `detail`; lists get `job` only. */
export const jobChangedEventSchema = z.object({
  ...stamp,
  jobId: z.string(),
  state: jobSummarySchema.shape.state,
  job: jobSummarySchema,
  detail: jobDetailSchema.optional(),
});
export const jobPreviewEventSchema = z.object({
  ...stamp,
  jobId: z.string(),
  nodeId: z.string().optional(),
  contentType: z.enum(['image/jpeg', 'image/png']),
  /** Binary attachment: ArrayBuffer in browsers. */
  image: z.custom<ArrayBuffer>((value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value)),
});
/** A batch was accepted, or one of its jobs has changed; at most once a second each. */
export const batchChangedEventSchema = z.object({ ...stamp, batchId: z.string() });
export const podChangedEventSchema = z.object({ ...stamp, pod: podViewSchema });
export type JobProgressEvent = z.infer<typeof jobProgressEventSchema>;
export type JobChangedEvent = z.infer<typeof jobChangedEventSchema>;
export type JobPreviewEvent = z.infer<typeof jobPreviewEventSchema>;
export type BatchChangedEvent = z.infer<typeof batchChangedEventSchema>;
export type PodChangedEvent = z.infer<typeof podChangedEventSchema>;

type Ack<T> = (answer: T | Refusal) => void;
export interface ClientToServer {
  'job:watch': (body: z.infer<typeof jobWatchSchema>, ack: Ack<JobSnapshot>) => void;
  'job:unwatch': (body: z.infer<typeof jobWatchSchema>, ack: Ack<{ ok: true }>) => void;
  'jobs:watch': (body: z.infer<typeof jobsWatchSchema>, ack: Ack<JobsSnapshot>) => void;
  'jobs:unwatch': (body: Record<string, never>, ack: Ack<{ ok: true }>) => void;
  'pods:watch': (body: Record<string, never>, ack: Ack<PodsSnapshot>) => void;
}
export interface ServerToClient {
  'job:progress': (event: JobProgressEvent) => void;
  'job:changed': (event: JobChangedEvent) => void;
  'job:preview': (event: JobPreviewEvent) => void;
  'pod:changed': (event: PodChangedEvent) => void;
  'batch:changed': (event: BatchChangedEvent) => void;
  /** The process ends now; the connection closes next, and a restart may follow. */
  'server:closing': (event: Record<string, never>) => void;
}
