import type { JobError } from '../../lib/jobs/job-error.ts';

export type RetryDecision = { retry: true; delayMs: number } | { retry: false };

/** Says whether, and after how many milliseconds, a failed attempt is followed by another. */
export interface RetryDecider {
  decide(error: JobError, retriesUsed: number, atLeastMs?: number): RetryDecision;
}
