import type { JobOnPod } from '../../../lib/jobs/job.ts';
import { jobError, type JobError } from '../../../lib/jobs/job-error.ts';
import { spanInWords } from '../../../lib/jobs/words.ts';
import type { StoredJob } from '../job-store.ts';
import type { PodClient } from '../pod-client.ts';
import type { PromptEnd, PromptWhereabouts } from '../pod-events.ts';

/** Newest moment at which something was heard of the job, in milliseconds since the epoch. */
export function lastSignOfLife(stored: StoredJob): number {
  const heard = Date.parse(stored.job.updatedAt);
  return stored.progressAt === undefined ? heard : Math.max(heard, Date.parse(stored.progressAt));
}

/** Whether a job found at start is too old to be followed again. */
export function isStale(stored: StoredJob, staleAfterMs: number, now: number): boolean {
  return now - lastSignOfLife(stored) > staleAfterMs;
}

/** What becomes of a stale job: it is not followed again, but a result its pod still has is taken. */
export type StaleVerdict =
  | { kind: 'adopt'; end: Extract<PromptEnd, { kind: 'succeeded' | 'failed' | 'interrupted' }> }
  /** `onPod`: the pod still holds the prompt, which must not go on working for a job that has ended. */
  | { kind: 'end'; onPod: boolean };

/** The verdict where it is known where the prompt is. */
export function staleVerdict(where: PromptWhereabouts): StaleVerdict {
  if (where.kind === 'ended') return { kind: 'adopt', end: where.end };
  return { kind: 'end', onPod: where.kind !== 'absent' };
}

/** How often a pod that does not answer is asked for a stale job's result. */
const LOOKS = 3;

export async function judgeStale(pod: PodClient, job: JobOnPod, pause: () => Promise<void>): Promise<StaleVerdict> {
  for (let look = 1; ; look += 1) {
    const found = await pod.whereabouts(job.promptId).catch(() => undefined);
    if (found) return staleVerdict(found);
    if (look >= LOOKS) return { kind: 'end', onPod: false };
    await pause();
  }
}

/** The error a stale job ends with. */
export function staleError(staleAfterMs: number): JobError {
  const time = spanInWords(staleAfterMs);
  return jobError('stale', `Nothing was heard of this job for more than ${time}, so it is not followed again.`);
}
