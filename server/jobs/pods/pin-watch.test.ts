import { describe, expect, it } from 'vitest';
import { jobError } from '../../../lib/jobs/job-error.ts';
import type { Job } from '../../../lib/jobs/job.ts';
import { newJob, transition, type JobEvent } from '../../../lib/jobs/transition.ts';
import type { PodState } from '../../../lib/protocol/pods.ts';
import { podView } from '../../../tests/support/fake-desk.ts';
import type { JobEventInput } from '../job-writer.ts';
import { PIN_PATIENCE_MS, PinWatch } from './pin-watch.ts';

const at = '2026-01-02T03:04:05.006Z';

function waiting(nth: number, podId: string | undefined, wantedPodId?: string): Job {
  const id = `aaaaaaaa-0000-4000-8000-${String(nth).padStart(12, '0')}`;
  const events: JobEvent[] = [
    { at, type: 'claim', podId: 'a', promptId: id.replace(/^a/, 'b') },
    { at, type: 'accept' },
    {
      at,
      type: 'fail',
      error: jobError('out_of_memory', 'Too big.'),
      outcome: 'failed',
      retryAt: at,
      next: { freeMemory: true, ...(podId !== undefined && { podId }) },
    },
  ];
  return events.reduce<Job>(
    transition,
    newJob({ id, name: 'a job', at, ...(wantedPodId !== undefined && { wantedPodId }) }),
  );
}

function watch(jobs: Job[]) {
  const stored = new Map(jobs.map((job) => [job.id, job]));
  const states: Record<string, PodState> = { a: 'up', b: 'up' };
  let now = 0;
  const pins = new PinWatch({
    pods: () => Object.entries(states).map(([id, state]) => podView(id, { state })),
    now: () => now,
    store: {
      list: async ({ limit, cursor }) => {
        const from = Number(cursor ?? 0);
        const page = [...stored.values()].slice(from, from + limit).map((job) => ({ job }));
        const more = from + limit < stored.size;
        return { jobs: page, ...(more && { nextCursor: String(from + limit) }), counts: {} as never };
      },
    },
    writer: {
      apply: async (id, decide: (job: Job) => JobEventInput | undefined) => {
        const job = stored.get(id);
        const event = job && decide(job);
        if (job && event) stored.set(id, transition(job, { ...event, at }));
        return stored.get(id);
      },
    },
  });
  const look = async (ms: number) => {
    now += ms;
    await pins.look();
  };
  return { states, look, next: (job: Job) => stored.get(job.id)?.next, stored };
}

describe('a job that was to go to one pod next', () => {
  it('B297 may go to any other once that pod takes nothing for 15 s, and not before', async () => {
    const job = waiting(1, 'a');
    const { states, look, next } = watch([job]);
    await look(60_000);
    states['a'] = 'quarantined';
    await look(0);
    await look(PIN_PATIENCE_MS - 1);
    expect(next(job)).toEqual({ podId: 'a', freeMemory: true });
    await look(1);
    expect(next(job)).toEqual({ freeMemory: true });
  });

  it('B297 counts anew when the pod was well in between', async () => {
    const job = waiting(1, 'a');
    const { states, look, next } = watch([job]);
    for (const state of ['connecting', 'up', 'draining'] as const) {
      states['a'] = state;
      await look(PIN_PATIENCE_MS - 1);
    }
    expect(next(job)).toMatchObject({ podId: 'a' });
  });

  it('B297 does not wait for a pod that nobody knows any more', async () => {
    const job = waiting(1, 'a');
    const { states, look, next } = watch([job]);
    delete states['a'];
    await look(0);
    await look(PIN_PATIENCE_MS);
    expect(next(job)).toEqual({ freeMemory: true });
  });

  it('B297 a pod that a person asked for stays asked for', async () => {
    const job = waiting(1, undefined, 'a');
    const { states, look, stored } = watch([job]);
    states['a'] = 'gone';
    await look(0);
    await look(PIN_PATIENCE_MS);
    expect(stored.get(job.id)).toBe(job);
  });

  it('B297 every such job is found, however many wait', async () => {
    const jobs = Array.from({ length: 250 }, (_none, nth) => waiting(nth, nth % 2 === 0 ? 'a' : 'b'));
    const { states, look, next } = watch(jobs);
    states['a'] = 'gone';
    await look(0);
    await look(PIN_PATIENCE_MS);
    expect(jobs.filter((job) => next(job)?.podId === undefined)).toHaveLength(125);
  });
});
