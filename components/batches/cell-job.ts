import type { JobSummary } from '../../lib/protocol/jobs.ts';

/** What the sheet shows of a job: a batch may have a thousand. */
export type CellJob = Pick<
  JobSummary,
  'id' | 'revision' | 'state' | 'progress' | 'thumbnail' | 'cancelRequested' | 'promptId'
> & {
  place: number;
  live?: JobSummary['live'];
  /** Why it failed or waits. */
  reason?: string;
};

/** Undefined for a job that belongs to no batch. */
export function cellJob(job: JobSummary): CellJob | undefined {
  const { id, revision, state, progress, thumbnail, cancelRequested, promptId, live, error, waitsFor, batch } = job;
  const reason = error?.message ?? waitsFor;
  if (!batch) return undefined;
  return {
    id,
    revision,
    state,
    progress,
    cancelRequested,
    promptId,
    place: batch.index,
    ...(thumbnail !== undefined && { thumbnail }),
    ...(live && { live }),
    ...(reason !== undefined && { reason }),
  };
}

/** By place; nothing where a job is no longer kept. A job never goes back to an older revision. */
export type Cells = ReadonlyMap<number, CellJob>;

export function cellsOf(jobs: readonly (CellJob | undefined)[], held: Cells = new Map()): Cells {
  const cells = new Map(held);
  for (const job of jobs) {
    const known = job && cells.get(job.place);
    if (job && (!known || known.revision <= job.revision)) cells.set(job.place, job);
  }
  return cells;
}
