import type { Job } from '../../lib/jobs/job.ts';
import { searchText } from '../../lib/jobs/search-text.ts';
import type { JobFilter } from '../../lib/protocol/jobs.ts';

/** One room for all lists with the same filter. */
export function listRoom(filter: JobFilter): string {
  const states = filter.state ? [...new Set(filter.state)].toSorted() : [];
  return `jobs:${JSON.stringify([states, searchText(filter.q ?? ''), filter.pod ?? '', filter.batch ?? ''])}`;
}

/**
 * Whether a list is told of a change. The state does not count: a job that leaves the filter must be told too, and the
 * list's counts are over all states. Nor does the present pod alone: a job that left the pod is news to its list.
 */
export function concernsList(filter: JobFilter, job: Job): boolean {
  if (filter.batch !== undefined && filter.batch !== (job.batch?.id ?? 'none')) return false;
  const q = searchText(filter.q ?? '');
  if (q !== '' && !searchText(job.name).includes(q) && !searchText(job.id).includes(q)) return false;
  return (
    filter.pod === undefined ||
    job.wantedPodId === filter.pod ||
    job.attempts.some((attempt) => attempt.podId === filter.pod) ||
    job.timeline.some((line) => line.podId === filter.pod)
  );
}

/** Whether a list shows the progress of a job in its present state. */
export function showsProgress(filter: JobFilter, job: Job): boolean {
  const states = filter.state ?? [];
  return (states.length === 0 || states.includes(job.state)) && concernsList(filter, job);
}
