import type { RecoveryView } from '../../lib/jobs/recovery-view.ts';

/** Rows of a recovery that are there at once. */
export const ROWS_AT_FIRST = 10;
/** What the page of all recoveries asks the API for. */
export const RECOVERIES_SHOWN = { limit: 50, jobs: ROWS_AT_FIRST };
/** What the jobs page asks for: enough to find one that found something. */
export const RECOVERIES_TOLD = { limit: 10, jobs: 0 };

const WHILE_ONE_LASTS_MS = 1000;
const OTHERWISE_MS = 10_000;

/** How long a page waits before it asks again. */
export function pollPauseMs(known: readonly RecoveryView[]): number {
  return known.some(({ endedAt }) => endedAt === undefined) ? WHILE_ONE_LASTS_MS : OTHERWISE_MS;
}
