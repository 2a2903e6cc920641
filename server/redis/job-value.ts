import { excludedText, podText, sortable } from '../jobs/records/stored-text.ts';
import { isTerminal, pinnedPod, type Job } from '../../lib/jobs/job.ts';
import { searchText } from '../../lib/jobs/search-text.ts';

/** The job as the string that Redis keeps, read by `scripts/prelude.ts` and by `splitJob`. */
export function jobValue(job: Job): string {
  const head = [
    job.schemaVersion,
    job.revision,
    job.state,
    sortable(job.createdAt),
    rankOf(job.priority),
    timeOf(job),
    podToken('podId' in job ? job.podId : undefined),
    job.attempts.at(-1)?.promptId ?? '',
    laneOf(job),
    // Where there is none, the head stays as earlier versions wrote it.
    ...(job.batch ? [job.batch.id] : []),
  ];
  return `${head.join('\t')}\n${nameLine(job.name)}\n${JSON.stringify(job)}`;
}

/** Schema version and record; undefined for what is no such string. */
export function splitJob(value: string): { version: number; record: string } | undefined {
  const nameAt = value.indexOf('\n');
  const recordAt = value.indexOf('\n', nameAt + 1);
  const version = Number(value.slice(0, Math.max(0, value.indexOf('\t'))));
  if (nameAt < 0 || recordAt < 0 || !Number.isSafeInteger(version)) return undefined;
  return { version, record: value.slice(recordAt + 1) };
}

/** A pod's id as it stands in heads and in names of indices: no tab, no line end, and never empty. */
export function podToken(podId: string | undefined): string {
  return podId === undefined ? '' : podText(podId);
}

/**
 * Jobs that the same pods may take wait in one lane: the only pod that may, or none, then those that may not. No pod
 * meets a job that it may not take, however many wait.
 */
function laneOf(job: Job): string {
  const waits = job.state === 'queued' || job.state === 'retry_wait';
  return podToken(pinnedPod(job)) + (waits ? excludedText(job) : '');
}

/** Ends the name of a job of a batch in indices: no name holds it. */
export const MEMBER_MARK = '\u001d';

/** Text as it is searched by, in one line. */
export function nameLine(name: string): string {
  return searchText(name).replaceAll('\n', '\u001e').replaceAll(MEMBER_MARK, ' ');
}

/** Progress with the time at which it was written, in ms. */
export function progressValue(progress: unknown, atMs: number): string {
  return `${atMs}\n${JSON.stringify(progress)}`;
}

/** Any safe integer as text of one length that sorts the other way round: the highest priority first. */
function rankOf(priority: number): string {
  if (priority === 0) return USUAL_RANK;
  return String(2n ** 53n - BigInt(priority)).padStart(17, '0');
}

const USUAL_RANK = String(2n ** 53n).padStart(17, '0');

/** When it ended or is to be tried again, in ms; empty for any other. */
function timeOf(job: Job): number | '' {
  if (job.state === 'retry_wait') return Date.parse(job.retryAt);
  return isTerminal(job.state) && 'endedAt' in job ? Date.parse(job.endedAt) : '';
}
