import { z } from 'zod';
import { RECOVERY_ACTIONS, recoverySchema } from '../jobs/recovery.ts';
import type { RecoveryView } from '../jobs/recovery-view.ts';

/** Whether queued jobs are given to pods. Jobs that are on pods are followed either way. */
export const dispatchStateSchema = z.object({
  paused: z.boolean(),
  /** ISO 8601, of the last change. */
  since: z.string().optional(),
  /** One sentence: why it is paused. */
  reason: z.string().optional(),
});
export type DispatchState = z.infer<typeof dispatchStateSchema>;

/** Something about the store that can lose jobs or hold them up. */
export const storeWarningSchema = z.object({
  code: z.enum([
    'evicts',
    'not_persistent',
    'synced_late',
    'old_version',
    'replica',
    'unshared_outputs',
    'slow',
    'unknown',
  ]),
  /** What is unsafe, and what to do about it, in a sentence or two. */
  message: z.string(),
});
export type StoreWarning = z.infer<typeof storeWarningSchema>;

export const instanceSchema = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  startedAt: z.string(),
  /** Pods it drives now. */
  podIds: z.array(z.string()),
  /** The one that answered this request. */
  self: z.boolean(),
});
export type InstanceView = z.infer<typeof instanceSchema>;

/** The desk as a whole. */
export const systemSchema = z.object({
  store: z.object({ kind: z.enum(['sqlite', 'redis']), available: z.boolean(), warnings: z.array(storeWarningSchema) }),
  instances: z.array(instanceSchema),
  dispatch: dispatchStateSchema,
});
export type SystemView = z.infer<typeof systemSchema>;

export const recoveryViewSchema: z.ZodType<RecoveryView> = recoverySchema.extend({
  /** Of all named jobs, how many met each end; what none met is absent. */
  counts: z.partialRecord(z.enum(RECOVERY_ACTIONS), z.number().int().nonnegative()),
});

export const recoveryListSchema = z.object({
  /** Newest first. */
  recoveries: z.array(recoveryViewSchema),
});
