import type { Recovery, RecoveryAction } from './recovery.ts';

/** Jobs named in one record; more are counted only. */
export const MAX_RECOVERED_JOBS = 500;

/** A recovery as pages and programs see it. */
export interface RecoveryView extends Recovery {
  /** Of all named jobs, how many met each end; what none met is absent. */
  counts: Partial<Record<RecoveryAction, number>>;
}

/** What a person should look at first comes first. */
const CONCERN: Record<RecoveryAction, number> = {
  stale: 0,
  ended: 1,
  looking: 2,
  rework: 3,
  resubmitted: 4,
  orphan: 5,
  adopted: 6,
  reattached: 7,
};

/** The record with its counts and at most `maxJobs` of its jobs: those that may need a person first. */
export function viewOfRecovery(recovery: Recovery, maxJobs: number): RecoveryView {
  const counts: RecoveryView['counts'] = {};
  for (const { action } of recovery.jobs) counts[action] = (counts[action] ?? 0) + 1;
  const jobs = recovery.jobs.toSorted((a, b) => CONCERN[a.action] - CONCERN[b.action]).slice(0, maxJobs);
  return { ...recovery, jobs, counts };
}

/** How far a recovery that still lasts has come, 0–100. */
export function recoveryPercent({ found, counts }: Pick<RecoveryView, 'found' | 'counts'>): number {
  const known = namedJobs(counts) - (counts.looking ?? 0);
  const due = Math.min(found, MAX_RECOVERED_JOBS);
  return due === 0 ? 0 : Math.min(100, (known / due) * 100);
}

/** Of how many jobs the record says what became of them, or that they are looked for. */
export function namedJobs(counts: RecoveryView['counts']): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** The recovery that a person may have missed: the newest that found anything, if it ended since `sinceMs` (epoch). */
export function recoveryWorthTelling(newestFirst: readonly RecoveryView[], sinceMs: number): RecoveryView | undefined {
  const newest = newestFirst.find(({ found, endedAt }) => found > 0 && endedAt !== undefined);
  return newest?.endedAt !== undefined && Date.parse(newest.endedAt) >= sinceMs ? newest : undefined;
}
