import { describe, expect, it } from 'vitest';
import { newJob, transition, type JobEvent } from '../../../lib/jobs/transition.ts';
import type { Job } from '../../../lib/jobs/job.ts';
import { rescuePending } from './pending-rescue.ts';
import { PodCallError } from '../pod-client.ts';

const at = '2026-01-02T03:04:05.006Z';
const jobId = 'aaaaaaaa-0000-4000-8000-000000000001';
const promptId = 'bbbbbbbb-0000-4000-8000-000000000001';
const claim: JobEvent = { at, type: 'claim', podId: 'p', promptId };
const accept: JobEvent = { at, type: 'accept' };
const job = (...events: JobEvent[]) => events.reduce<Job>(transition, newJob({ id: jobId, name: 'a job', at }));

/** What a job that waits on the pod is told; `answers` are those of the pod, the last one again and again. */
async function rescued(stored: Job, answers: (boolean | Error)[], pending = promptId) {
  const told: unknown[] = [];
  const withdrawn: string[] = [];
  const deps = {
    client: {
      withdraw: async (id: string) => {
        withdrawn.push(id);
        const answer = answers.length > 1 ? answers.shift() : answers[0];
        if (answer instanceof Error) throw answer;
        return answer === true;
      },
    },
    store: { get: async () => ({ job: stored }) },
    run: (id: string) => (id === jobId ? { endWith: (event: unknown) => void told.push(event) } : undefined),
  };
  const entries = [
    { number: 1, promptId: 'somebody-else' },
    { number: 2, promptId: pending, jobId },
  ];
  await rescuePending(deps, entries, 'Its GPU is broken.');
  return { told, withdrawn };
}

describe('what waits on a pod that is not well', () => {
  it('B293 goes elsewhere when it is certainly not there', async () => {
    const { told, withdrawn } = await rescued(job(claim, accept), [true]);
    expect(withdrawn).toEqual([promptId]);
    expect(told).toEqual([{ type: 'rework', reason: 'Its GPU is broken.', ran: false }]);
  });

  it('B293 stays where it runs, has ended, or the pod does not say', async () => {
    expect((await rescued(job(claim, accept), [false])).told).toEqual([]);
    const away = new PodCallError('unreachable', 'gone');
    expect((await rescued(job(claim, accept), [away])).told).toEqual([]);
  });

  it('B293 asks again where an answer was lost', async () => {
    const { told } = await rescued(job(claim, accept), [new PodCallError('unreachable', 'cut'), true]);
    expect(told).toHaveLength(1);
  });

  it.each([
    ['is being submitted', job(claim)],
    ['may be on its way twice', job(claim, { at, type: 'lose_sight', reason: 'cut' })],
  ])('B293 one that %s is not touched', async (_what, stored) => {
    expect(await rescued(stored, [true])).toEqual({ told: [], withdrawn: [] });
  });

  it('B293 a prompt of an earlier attempt is not touched', async () => {
    expect((await rescued(job(claim, accept), [true], 'an-older-prompt')).withdrawn).toEqual([]);
  });
});
