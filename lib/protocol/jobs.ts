import { z } from 'zod';
import {
  batchPlaceSchema,
  excludedPodSchema,
  jobAttemptSchema,
  jobOutputSchema,
  jobStateSchema,
  timelineEventSchema,
  unfitPodSchema,
} from '../jobs/job.ts';
import { jobProgressSchema } from '../jobs/progress.ts';
import { blameSchema, jobErrorCodeSchema } from '../jobs/failure-rules.ts';
import { jobErrorSchema, missingThingSchema } from '../jobs/job-error.ts';

/** A job as the list needs it: small, no timeline. */
export const jobSummarySchema = z.object({
  id: z.string(),
  /** Rises with every change; a view never goes back to a lower one. */
  revision: z.number().int(),
  name: z.string(),
  state: jobStateSchema,
  /** 0–100; null while no pod works on it. */
  progress: z.number().nullable(),
  live: jobProgressSchema.optional(),
  podId: z.string().nullable(),
  promptId: z.string().nullable(),
  cancelRequested: z.boolean(),
  attemptCount: z.number().int(),
  error: jobErrorSchema.omit({ traceback: true }).optional(),
  retryAt: z.string().optional(),
  /** What the next attempt waits for or needs. */
  next: z.object({ podId: z.string().optional(), freeMemory: z.boolean() }).optional(),
  /** What it waits for where no pod can run it now. */
  waitsFor: z.string().optional(),
  batch: batchPlaceSchema.optional(),
  /** Files of a job that succeeded which are still on the pod. */
  filesOnPod: z.number().int().nonnegative(),
  /** Index of the output that stands for the job in lists. */
  thumbnail: z.number().int().optional(),
  createdAt: z.string(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
});
export type JobSummary = z.infer<typeof jobSummarySchema>;

export const jobOutputViewSchema = jobOutputSchema.extend({
  /** Path on this server. */
  url: z.string(),
});
export type JobOutputView = z.infer<typeof jobOutputViewSchema>;

/** A job whole: what `GET /api/jobs/{id}` answers. */
export const jobDetailSchema = jobSummarySchema.omit({ error: true }).extend({
  error: jobErrorSchema.optional(),
  wantedPodId: z.string().nullable(),
  excludedPods: z.array(excludedPodSchema),
  /** Pods that lack something it needs, as last looked at. */
  unfitPods: z.array(unfitPodSchema),
  priority: z.number().int(),
  metadata: z.record(z.string(), z.unknown()),
  attempts: z.array(jobAttemptSchema),
  timeline: z.array(timelineEventSchema),
  warnings: z.array(z.string()),
  outputs: z.array(jobOutputViewSchema),
});
export type JobDetail = z.infer<typeof jobDetailSchema>;

/** Characters of JSON. It comes back with every view of the job, so it stays small. */
const MAX_METADATA = 65_536;
const metadataSchema = z
  .record(z.string(), z.unknown())
  .refine(
    (value) => JSON.stringify(value).length <= MAX_METADATA,
    `must be at most ${MAX_METADATA} characters of JSON`,
  );

/** What one job and a batch of them are submitted with alike. */
export const submission = {
  workflow: z.record(z.string(), z.unknown()),
  name: z.string().trim().min(1).max(200).optional(),
  pod: z.string().min(1).max(100).optional(),
  priority: z.number().int().min(-100).max(100).optional(),
  metadata: metadataSchema.optional(),
  /** Takes the job although no pod can run it now: it waits for one that can. */
  wait: z.boolean().optional(),
};

/** Body of `POST /api/jobs`. `workflow` is any form that Podium reads: the editor’s, the API form, or `{prompt, workflow?}`. */
export const submitJobBodySchema = z.object(submission).strict();
export type SubmitJobBody = z.infer<typeof submitJobBodySchema>;

export const jobCountsSchema = z.record(jobStateSchema, z.number().int());
export type JobCounts = z.infer<typeof jobCountsSchema>;

export const jobListSchema = z.object({
  jobs: z.array(jobSummarySchema),
  nextCursor: z.string().nullable(),
  counts: jobCountsSchema,
});
export type JobList = z.infer<typeof jobListSchema>;

export const jobFilterSchema = z.object({
  state: z.array(jobStateSchema).optional(),
  q: z.string().max(200).optional(),
  pod: z.string().max(100).optional(),
  /** Only members of this batch; `none`: only jobs that belong to no batch. */
  batch: z.union([z.uuid(), z.literal('none')]).optional(),
});
export type JobFilter = z.infer<typeof jobFilterSchema>;

/** Body of `POST /api/jobs/{id}/retry`; may be left out. */
export const retryJobBodySchema = z
  .object({
    /** The only pod that may take it. */
    pod: z.string().min(1).max(100).optional(),
    /** Frees the memory of the pod that takes it first. */
    freeMemory: z.boolean().optional(),
  })
  .strict();
export type RetryJobBody = z.infer<typeof retryJobBodySchema>;

/** What a retry of a failed job would meet now. */
export const jobOutlookSchema = z.object({
  /** `yes`: what was missing is there now, or nothing was; `no`: still missing everywhere; `unknown`: no pod could be asked. */
  works: z.enum(['yes', 'no', 'unknown']),
  /** One sentence for a person. */
  sentence: z.string(),
  pods: z.array(z.object({ podId: z.string(), lacks: z.array(missingThingSchema).nullable() })),
});
export type JobOutlook = z.infer<typeof jobOutlookSchema>;

/** Failed jobs of one cause. */
export const failureGroupSchema = z.object({
  /** Names the cause; part of URLs. */
  key: z.string(),
  code: jobErrorCodeSchema,
  blame: blameSchema,
  /** What happened, in a sentence that holds for all of them. */
  sentence: z.string(),
  nextStep: z.string(),
  count: z.number().int().positive(),
  /** The newest, at most 5. */
  jobs: z.array(z.object({ id: z.string(), name: z.string() })),
  /** ISO 8601, of the newest. */
  newestAt: z.string(),
});
export type FailureGroup = z.infer<typeof failureGroupSchema>;
export const failureListSchema = z.object({
  /** The largest group first. */
  groups: z.array(failureGroupSchema),
  /** Failed jobs that were looked through: the newest. */
  looked: z.number().int().nonnegative(),
});
export type FailureList = z.infer<typeof failureListSchema>;
