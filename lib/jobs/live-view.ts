import type { JobDetail, JobFilter, JobList, JobSummary } from '../protocol/jobs.ts';
import type { JobChangedEvent, JobProgressEvent } from '../protocol/socket.ts';
import { isTerminal } from './job-state.ts';
import { searchText } from './search-text.ts';

/** Where a view stands in the server's events. */
export interface Stamp {
  epoch: string;
  seq: number;
}
/** Whether an event is news to a view made at `stamp`. Another epoch is another process: only a new snapshot counts. */
export function isNewer(stamp: Stamp | undefined, event: Stamp): boolean {
  return stamp !== undefined && stamp.epoch === event.epoch && event.seq > stamp.seq;
}

type Progressing = Pick<JobSummary, 'state' | 'promptId' | 'progress' | 'revision' | 'live'>;

/** The newer of two views of one job; progress of the same prompt never falls. */
export function newerJob<T extends Progressing>(held: T, given: T): T {
  if (given.revision < held.revision) return held;
  const kept = held.promptId === given.promptId && !isTerminal(given.state) && given.promptId !== null;
  return kept && (held.progress ?? 0) > (given.progress ?? 0)
    ? { ...given, progress: held.progress, ...(held.live && { live: held.live }) }
    : given;
}

/** Applies progress where it belongs to the prompt that runs and is not behind. */
export function withProgress<T extends Progressing>(job: T, event: JobProgressEvent): T {
  if (isTerminal(job.state) || job.promptId !== event.live.promptId) return job;
  if (event.progress < (job.progress ?? 0)) return job;
  return { ...job, progress: event.progress, live: event.live };
}

/** A list after one change: an unknown job goes on top where `fits` lets it in; one that left the filter goes. */
export function listAfter(list: JobList, event: JobChangedEvent, fits: (job: JobSummary) => boolean): JobList {
  const held = list.jobs.find((job) => job.id === event.jobId);
  if (held && event.job.revision < held.revision) return list;
  const counts = { ...list.counts };
  if (held && held.state !== event.job.state) {
    counts[held.state] = Math.max(0, counts[held.state] - 1);
    counts[event.job.state] += 1;
  } else if (!held && event.job.revision === 0) counts[event.job.state] += 1;
  const last = list.jobs.at(-1);
  const inPage = !list.nextCursor || !last || event.job.createdAt >= last.createdAt;
  const jobs = held
    ? list.jobs.flatMap((job) => (job.id !== event.jobId ? [job] : fits(event.job) ? [newerJob(job, event.job)] : []))
    : fits(event.job) && inPage
      ? [...list.jobs, event.job].sort((a, b) => b.createdAt.localeCompare(a.createdAt))
      : list.jobs;
  return { ...list, jobs, counts };
}

/** A whole job after a change: the newer detail; an event that carries none says nothing about it. */
export function detailAfter(job: JobDetail, event: JobChangedEvent): JobDetail {
  if (event.detail) return newerJob(job, event.detail);
  return job;
}

/** Whether a list with this filter shows the job. Names and ids are compared without regard to case. */
export function accepts(filter: JobFilter, job: JobSummary): boolean {
  const sought = searchText(filter.q ?? '');
  return (
    (!filter.state || filter.state.includes(job.state)) &&
    (searchText(job.name).includes(sought) || searchText(job.id).includes(sought)) &&
    (filter.pod === undefined || job.podId === filter.pod) &&
    (filter.batch === undefined || filter.batch === (job.batch?.id ?? 'none'))
  );
}

/** A list with the next page below it. */
export function withPage<T extends JobList>(list: T, page: JobList): T {
  const known = new Set(list.jobs.map((job) => job.id));
  return {
    ...list,
    nextCursor: page.nextCursor,
    jobs: [...list.jobs, ...page.jobs.filter((job) => !known.has(job.id))],
  };
}

/** What a snapshot says, but no job older than it was known here. */
export function withSnapshot(held: JobList, snapshot: JobList): JobList {
  const before = new Map(held.jobs.map((job) => [job.id, job]));
  const jobs = snapshot.jobs.map((job) => newerJob(before.get(job.id) ?? job, job));
  return { jobs, nextCursor: snapshot.nextCursor, counts: snapshot.counts };
}
