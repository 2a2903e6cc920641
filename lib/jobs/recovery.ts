import { z } from 'zod';
import { isoTimeSchema } from './job.ts';
import { MAX_RECOVERED_JOBS } from './recovery-view.ts';

export const RECOVERY_SCHEMA_VERSION = 1;

/**
 * Why jobs on pods were looked for: Podium started, another instance went away or gave a pod up, a pod could be reached
 * again, or the store came back with something missing.
 */
export const RECOVERY_REASONS = ['start', 'takeover', 'handover', 'reconnect', 'store_return'] as const;
export type RecoveryReason = (typeof RECOVERY_REASONS)[number];

/**
 * What became of a job that was found. `reattached`: followed again; `adopted`: the pod already had its end; `orphan`: the
 * pod had it and the store did not know; `looking`: the pod may or may not have it, and is asked until that is known;
 * `resubmitted`: certainly not on the pod, so it was sent; `rework`: runs again because its pod died; `stale`: too old to
 * be followed; `ended`: it ended otherwise.
 */
export const RECOVERY_ACTIONS = [
  'reattached',
  'adopted',
  'orphan',
  'looking',
  'resubmitted',
  'rework',
  'stale',
  'ended',
] as const;
export type RecoveryAction = (typeof RECOVERY_ACTIONS)[number];

export const recoveredJobSchema = z.object({
  jobId: z.string(),
  name: z.string(),
  podId: z.string(),
  action: z.enum(RECOVERY_ACTIONS),
  /** Progress at which it was followed again, 0–100. */
  percent: z.number().min(0).max(100).optional(),
  /** One sentence for a person. */
  detail: z.string().optional(),
});
export type RecoveredJob = z.infer<typeof recoveredJobSchema>;

export { MAX_RECOVERED_JOBS };

/** One look at what was in flight. */
export const recoverySchema = z.object({
  schemaVersion: z.literal(RECOVERY_SCHEMA_VERSION),
  id: z.uuid(),
  reason: z.enum(RECOVERY_REASONS),
  /** The instance that did it. */
  instance: z.string(),
  podIds: z.array(z.string()),
  startedAt: isoTimeSchema,
  /** Absent while it lasts. */
  endedAt: isoTimeSchema.optional(),
  /** Jobs found in flight. */
  found: z.number().int().nonnegative(),
  jobs: z.array(recoveredJobSchema).max(MAX_RECOVERED_JOBS),
  /** Pods that did not answer; their jobs are looked for when they do. */
  unanswered: z.array(z.string()),
});
export type Recovery = z.infer<typeof recoverySchema>;
