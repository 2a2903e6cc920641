import { randomUUID } from 'node:crypto';
import type { Job } from '../../lib/jobs/job.ts';
import { newJob, transition } from '../../lib/jobs/transition.ts';
import type { JobEventInput } from '../../server/jobs/job-writer.ts';
import { jobError } from '../../lib/jobs/job-error.ts';

const START = Date.UTC(2026, 0, 1);

/** ISO 8601 of a moment, `seconds` after the first of January 2026. */
export function second(seconds: number): string {
  return new Date(START + seconds * 1000).toISOString();
}

/** A queued job, created `seconds` after the start of 2026. */
export function queuedAt(seconds: number, more: { name?: string; priority?: number; wantedPodId?: string } = {}): Job {
  return newJob({ id: randomUUID(), name: `job ${seconds}`, at: second(seconds), ...more });
}

/** The job after some events, a second apart. */
export function after(job: Job, ...events: JobEventInput[]): Job {
  return events.reduce((now, event, index) => {
    const at = new Date(Date.parse(job.updatedAt) + (index + 1) * 1000).toISOString();
    return transition(now, { ...event, at });
  }, job);
}

/** The steps from one job to another, each to be written in turn. */
export function steps(job: Job, ...events: JobEventInput[]): Job[] {
  return events.map((_, index) => after(job, ...events.slice(0, index + 1)));
}

export function claim(podId = 'pod-a', promptId: string = randomUUID()): JobEventInput {
  return { type: 'claim', podId, promptId };
}

export const accept: JobEventInput = { type: 'accept' };
export const succeed: JobEventInput = { type: 'succeed', outputs: [] };
export const fail: JobEventInput = { type: 'fail', error: jobError('node_failed', 'It broke.'), outcome: 'failed' };
export const askAgain: JobEventInput = { type: 'retry_request' };
export const cancel: JobEventInput = { type: 'cancel_request' };

export function failUntil(
  retryAt: string,
  plan: Pick<Extract<JobEventInput, { type: 'fail' }>, 'exclude' | 'next' | 'charged'> = {},
): JobEventInput {
  return { type: 'fail', error: jobError('pod_busy', 'Busy.'), outcome: 'refused', retryAt, ...plan };
}

/** A queued job fails somewhere, is no longer given to these pods, and is queued again. */
export function leaveOut(...podIds: string[]): JobEventInput[] {
  const exclude = podIds.map((podId) => ({ podId, code: 'model_missing' as const }));
  const elsewhere = claim('pod-elsewhere');
  return [elsewhere, failUntil(second(0), { exclude }), elsewhere, { type: 'not_sent', reason: 'It was away.' }];
}

/** A prompt of one node that `mark` tells from others. */
export function workflowOf(mark: string) {
  return { prompt: { '1': { class_type: 'EmptyImage', inputs: { mark } } } };
}
