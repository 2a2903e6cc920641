import { describe, expect, it } from 'vitest';
import { jobError } from './job-error.ts';
import { jobSchema, type Job } from './job.ts';
import { newJob, transition, type JobEvent } from './transition.ts';

const at = '2026-01-02T03:04:05.006Z';
const fail: JobEvent = {
  at,
  type: 'fail',
  error: jobError('pod_busy', 'The pod asked for a pause.'),
  outcome: 'failed',
};
const failForNow: JobEvent = { ...fail, retryAt: '2026-01-02T04:00:00.000Z' };
const note: JobEvent = { at, type: 'note', kind: 'reattached', detail: 'Followed again.' };

function running(...events: JobEvent[]): Job {
  const promptId = 'aaaaaaaa-0000-4000-8000-000000000001';
  const taken: JobEvent[] = [
    { at, type: 'claim', podId: 'p', promptId },
    { at, type: 'accept' },
  ];
  const job: Job = newJob({ id: 'bbbbbbbb-0000-4000-8000-000000000001', name: 'a job', at });
  return [...taken, ...events].reduce<Job>(transition, job);
}

describe('how far the nodes had come', () => {
  it.each<JobEvent>([
    { at, type: 'succeed', outputs: [] },
    fail,
    failForNow,
    { at, type: 'rework', reason: 'The pod restarted.' },
    { at, type: 'cancelled' },
  ])('B435 is kept with the attempt that ends by $type', (event) => {
    const ended = running({ ...event, nodes: 'dr-' });
    expect(ended.attempts).toMatchObject([{ nodes: 'dr-' }]);
    expect(jobSchema.parse(ended)).toEqual(ended);
  });

  it('B435 is not kept while the attempt lasts, and never replaced', () => {
    expect(running({ ...note, nodes: 'dr-' }).attempts[0]).not.toHaveProperty('nodes');
    const twice = running({ ...failForNow, nodes: 'dr-' }, { ...fail, nodes: '---' });
    expect(twice.attempts).toMatchObject([{ nodes: 'dr-' }]);
  });
});
