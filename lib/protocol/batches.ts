import { z } from 'zod';
import { isoTimeSchema } from '../jobs/job.ts';
import { batchPlanSchema } from '../workflow/batch/batch-plan.ts';
import { jobCountsSchema, submission } from './jobs.ts';

/** Body of `POST /api/batches`: one workflow made into many jobs, accepted in one durable step. */
export const submitBatchBodySchema = z.object({ ...submission, plan: batchPlanSchema }).strict();
export type SubmitBatchBody = z.input<typeof submitBatchBodySchema>;

/** A batch as it was accepted; never changes. */
export const batchRecordSchema = z.object({
  schemaVersion: z.literal(1),
  id: z.uuid(),
  name: z.string(),
  total: z.number().int().positive(),
  plan: batchPlanSchema,
  createdAt: isoTimeSchema,
});
export type BatchRecord = z.infer<typeof batchRecordSchema>;

/** A batch as people see it: what was accepted, and how its jobs are. */
export const batchViewSchema = batchRecordSchema.omit({ schemaVersion: true }).extend({
  counts: jobCountsSchema,
  /** 0–100: the mean of its jobs, one that has ended counting as whole. */
  progress: z.number().min(0).max(100),
  /** Whether every job has ended. */
  ended: z.boolean(),
  /** Jobs that succeeded with a picture, the newest first, at most 4: what stands for it in lists. */
  pictures: z.array(z.object({ jobId: z.string(), index: z.number().int() })),
});
export type BatchView = z.infer<typeof batchViewSchema>;

export const batchListSchema = z.object({ batches: z.array(batchViewSchema), nextCursor: z.string().nullable() });
export type BatchList = z.infer<typeof batchListSchema>;
