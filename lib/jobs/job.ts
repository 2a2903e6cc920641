import { z } from 'zod';
import { jobErrorCodeSchema } from './failure-rules.ts';
import { jobErrorSchema } from './job-error.ts';
import { JOB_STATES, type JobState } from './job-state.ts';
import { nodeStatesSchema } from './node-states.ts';

/** Version of every stored job record. A store refuses records of a newer version. */
export const JOB_SCHEMA_VERSION = 2;

export { isOnPod, isTerminal, JOB_STATES, TERMINAL_STATES, type JobState } from './job-state.ts';
export const jobStateSchema = z.enum(JOB_STATES);

/** ISO 8601 in UTC with milliseconds. */
export const isoTimeSchema = z.iso.datetime();

export const OUTPUT_KINDS = ['image', 'video', 'audio', 'text', 'model', 'file'] as const;
export const outputKindSchema = z.enum(OUTPUT_KINDS);
export type OutputKind = z.infer<typeof outputKindSchema>;

/** One result of a job, copied from the pod. `index` is its place in `outputs` and in its URL. */
export const jobOutputSchema = z.object({
  index: z.number().int().nonnegative(),
  nodeId: z.string(),
  nodeName: z.string(),
  kind: outputKindSchema,
  /** The name to show and to save under; never a path. */
  filename: z.string(),
  /** Sniffed from the content, never taken from the pod. */
  contentType: z.string(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string(),
  width: z.number().int().positive().optional(),
  height: z.number().int().positive().optional(),
  /** The text itself for a text output of at most 10,000 characters. */
  text: z.string().optional(),
});
export type JobOutput = z.infer<typeof jobOutputSchema>;

/** A result that is still on its pod because Podium could not take it yet. `index` is its place in `outputs` once it can. */
export const remoteFileSchema = z.object({
  index: z.number().int().nonnegative(),
  nodeId: z.string(),
  filename: z.string(),
  subfolder: z.string(),
  type: z.enum(['output', 'temp', 'input']),
  /** A result that is a text and no file is kept here itself. */
  text: z.string().max(10_000).optional(),
});
export type RemoteFile = z.infer<typeof remoteFileSchema>;

export const ATTEMPT_OUTCOMES = [
  'succeeded',
  'failed',
  'rejected',
  'refused',
  'cancelled',
  'pod_died',
  'lost',
] as const;
/** One try on one pod. `outcome` is absent while it lasts. */
export const jobAttemptSchema = z.object({
  number: z.number().int().positive(),
  podId: z.string(),
  promptId: z.uuid(),
  startedAt: isoTimeSchema,
  acceptedAt: isoTimeSchema.optional(),
  endedAt: isoTimeSchema.optional(),
  outcome: z.enum(ATTEMPT_OUTCOMES).optional(),
  error: jobErrorSchema.optional(),
  /** Whether the pod, while it was well, had begun to work on it; absent where that is not known. */
  ran: z.boolean().optional(),
  /** How far its nodes had come when it ended, as far as that was heard. */
  nodes: nodeStatesSchema.optional(),
  /** True when it runs again because the pod of the attempt before died with the work; does not use up a retry. */
  rework: z.boolean(),
});
export type JobAttempt = z.infer<typeof jobAttemptSchema>;

export const TIMELINE_KINDS = [
  'accepted',
  'submitting',
  'not_sent',
  'uncertain',
  'resubmitting',
  'running',
  'files_sent',
  'finished_on_pod',
  'copy_delayed',
  'reattached',
  'adopted',
  'rework',
  'retry_wait',
  'pod_excluded',
  'unpinned',
  'health_checked',
  'memory_freed',
  'socket_lost',
  'socket_back',
  'silent',
  'retry_requested',
  'cancel_requested',
  'warning',
  'files_left',
  'files_copied',
  'succeeded',
  'failed',
  'cancelled',
] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];
export const timelineEventSchema = z.object({
  at: isoTimeSchema,
  kind: z.enum(TIMELINE_KINDS),
  attempt: z.number().int().positive().optional(),
  podId: z.string().optional(),
  /** One sentence for a person. */
  detail: z.string().optional(),
});
export type TimelineEvent = z.infer<typeof timelineEventSchema>;
/** A pod that a job is not given again, and why. A person's retry begins with none. */
export const excludedPodSchema = z.object({ podId: z.string(), code: jobErrorCodeSchema, at: isoTimeSchema });
export type ExcludedPod = z.infer<typeof excludedPodSchema>;
export const MAX_EXCLUDED_PODS = 200;

/** A pod that could not run the job when it was last judged, and what it lacks in a sentence. */
export const unfitPodSchema = z.object({ podId: z.string(), reason: z.string().max(500) });
export type UnfitPod = z.infer<typeof unfitPodSchema>;
export const MAX_UNFIT_PODS = 200;
/** The batch a job belongs to, and its place in it from 0. */
export const batchPlaceSchema = z.object({ id: z.uuid(), index: z.number().int().nonnegative() });
export type BatchPlace = z.infer<typeof batchPlaceSchema>;

/** The first and the newest events are kept, those between are dropped. */
export const MAX_TIMELINE_EVENTS = 200;

const jobCommon = {
  schemaVersion: z.literal(JOB_SCHEMA_VERSION),
  /** Rises by one with every change of state or record; a write names the revision it was made from. */
  revision: z.number().int().nonnegative(),
  id: z.uuid(),
  name: z.string(),
  /** The pod a person asked for; any pod when absent. */
  wantedPodId: z.string().optional(),
  /** What the next attempt needs; dropped when it begins. */
  next: z
    .object({
      /** This pod and no other. */
      podId: z.string().optional(),
      /** Its memory is freed first, and the attempt waits until the pod shows it. */
      freeMemory: z.boolean(),
    })
    .optional(),
  excludedPods: z.array(excludedPodSchema).max(MAX_EXCLUDED_PODS),
  /** Pods that lack something it needs; looked at anew when a pod changes. Absent where none is known to. */
  unfitPods: z.array(unfitPodSchema).max(MAX_UNFIT_PODS).optional(),
  /** What it waits for where no pod can run it now: a sentence for a person. */
  waitsFor: z.string().max(500).optional(),
  /** Model files it loads, by the prompt: a pod that has them in memory takes it first. */
  models: z.array(z.string().max(500)).max(20).optional(),
  batch: batchPlaceSchema.optional(),
  /** Higher goes first; equal goes by age. -100 to 100. */
  priority: z.number().int(),
  metadata: z.record(z.string(), z.unknown()),
  attempts: z.array(jobAttemptSchema),
  /** How many of these were made before a person's newest retry: they are not held against the job. */
  earlierAttempts: z.number().int().nonnegative().optional(),
  /** Retries used since the job was accepted or a person asked for a retry; rework is not counted. */
  retriesUsed: z.number().int().nonnegative(),
  timeline: z.array(timelineEventSchema),
  /** Things a person should know although the job went on, e.g. an output the pod dropped. */
  warnings: z.array(z.string()),
  outputs: z.array(jobOutputSchema),
  createdAt: isoTimeSchema,
  startedAt: isoTimeSchema.optional(),
  updatedAt: isoTimeSchema,
};
const onPod = {
  podId: z.string(),
  promptId: z.uuid(),
  /** Set when a person asked to cancel and the pod has not confirmed it. */
  cancelRequestedAt: isoTimeSchema.optional(),
};

/** A job: a union over `state`, so that a field exists exactly where it means something. */
export const jobSchema = z.discriminatedUnion('state', [
  z.object({ ...jobCommon, state: z.literal('queued'), rework: z.boolean() }),
  z.object({ ...jobCommon, ...onPod, state: z.literal('submitting') }),
  z.object({ ...jobCommon, ...onPod, state: z.literal('uncertain'), uncertainSince: isoTimeSchema }),
  z.object({ ...jobCommon, ...onPod, state: z.literal('running') }),
  z.object({ ...jobCommon, state: z.literal('retry_wait'), retryAt: isoTimeSchema, error: jobErrorSchema }),
  z.object({
    ...jobCommon,
    state: z.literal('succeeded'),
    endedAt: isoTimeSchema,
    podId: z.string(),
    promptId: z.uuid(),
    /** Files that are still on the pod; they are copied as soon as that can be done. */
    onPod: z.array(remoteFileSchema).max(1000).optional(),
  }),
  z.object({
    ...jobCommon,
    state: z.literal('failed'),
    endedAt: isoTimeSchema,
    error: jobErrorSchema,
    podId: z.string().optional(),
    promptId: z.uuid().optional(),
  }),
  z.object({
    ...jobCommon,
    state: z.literal('cancelled'),
    endedAt: isoTimeSchema,
    podId: z.string().optional(),
    promptId: z.uuid().optional(),
  }),
]);
export type Job = z.infer<typeof jobSchema>;
export type JobIn<S extends JobState> = Extract<Job, { state: S }>;
export type JobOnPod = JobIn<'submitting' | 'uncertain' | 'running'>;

/** The only pod that may take the job next; undefined where any may that is not excluded. */
export function pinnedPod(job: Pick<Job, 'next' | 'wantedPodId'>): string | undefined {
  return job.next?.podId ?? job.wantedPodId;
}

/** Whether a pod may take the job next. */
export function mayTake(podId: string, job: Pick<Job, 'next' | 'wantedPodId' | 'excludedPods' | 'unfitPods'>): boolean {
  const pinned = pinnedPod(job);
  const barred = [...job.excludedPods, ...(job.unfitPods ?? [])];
  return (pinned === undefined || pinned === podId) && !barred.some((one) => one.podId === podId);
}
