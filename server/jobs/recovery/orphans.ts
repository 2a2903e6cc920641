import type { Job } from '../../../lib/jobs/job.ts';
import type { SurveyedPrompt } from '../pod-client.ts';

/**
 * Which ended prompts that the store does not know are taken in. `none`: the store has lost nothing, so what it does not
 * know was deleted. `recent`: at a start, when it may be a restored copy: only what ended lately, because older jobs may
 * have been pruned from history. `all`: the store is known to have lost its last writes; within a day, for the same reason.
 */
export type EndedOrphans = 'none' | 'recent' | 'all';

/** The shortest time that history can be kept: whatever ended since cannot have been pruned. */
const KEPT_FOR_SURE_MS = 24 * 60 * 60_000;

/** What is to be done about a prompt that a pod shows. */
export type OrphanVerdict =
  /** It is another desk's, or the record is as new or newer. */
  | { kind: 'leave' }
  /** No record: a new one is made from what the pod shows. */
  | { kind: 'take_in' }
  /** The record is of an earlier time: it takes the prompt over. `retried`: a person's wish for it was lost too. */
  | { kind: 'catch_up'; retried: boolean }
  /** The job, or this attempt of it, has ended, and the pod still works for it: nobody waits for that. */
  | { kind: 'cancel' };

/**
 * The prompts that have to be looked up in the store: those of this desk, or of one too old to tell, whose end, if any,
 * is not too old; of each job the newest attempt alone.
 * @param known prompt ids of jobs that the store has in flight on this pod
 * @param now milliseconds of the epoch
 */
export function candidates(
  podium: readonly SurveyedPrompt[],
  given: { deskId: string; known: ReadonlySet<string>; ended: EndedOrphans; recentMs: number; now: number },
): SurveyedPrompt[] {
  const newest = new Map<string, SurveyedPrompt>();
  for (const prompt of podium) {
    if (given.known.has(prompt.promptId)) continue;
    if (prompt.desk !== undefined && prompt.desk !== given.deskId) continue;
    if (!mayCount(prompt, given)) continue;
    const other = newest.get(prompt.jobId);
    if (!other || prompt.attempt > other.attempt) newest.set(prompt.jobId, prompt);
  }
  return [...newest.values()];
}

function mayCount(
  { where, endedAt }: SurveyedPrompt,
  given: { ended: EndedOrphans; recentMs: number; now: number },
): boolean {
  if (where.kind !== 'ended') return true;
  if (given.ended === 'none' || endedAt === undefined) return false;
  const withinMs = given.ended === 'all' ? KEPT_FOR_SURE_MS : Math.min(given.recentMs, KEPT_FOR_SURE_MS);
  // A pod's clock may be ahead: an end in the future is as far from now as one in the past.
  return Math.abs(given.now - endedAt) < withinMs;
}

/** What is to be done about a candidate, by the record the store has of its job. */
export function judgeOrphan(prompt: SurveyedPrompt, job: Job | undefined): OrphanVerdict {
  // A job that the store does not know and whose desk is not told may be anybody's.
  if (!job) return { kind: prompt.desk === undefined ? 'leave' : 'take_in' };
  const live = prompt.where.kind !== 'ended';
  const attempt = job.attempts.findLast(({ promptId }) => promptId === prompt.promptId);
  if (attempt) return { kind: live && attempt.endedAt !== undefined ? 'cancel' : 'leave' };
  if (prompt.attempt <= job.attempts.length) return { kind: 'leave' };
  if (job.state === 'queued' || job.state === 'retry_wait') return { kind: 'catch_up', retried: false };
  if (live && (job.state === 'failed' || job.state === 'cancelled')) return { kind: 'catch_up', retried: true };
  return { kind: 'leave' };
}
