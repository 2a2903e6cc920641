import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitUntil } from '../../tests/support/wait-until.ts';
import { newJob } from '../../lib/jobs/transition.ts';
import { JobRunner, type JobRunnerDeps } from './job-runner.ts';
import { LoadedModels } from './pods/loaded-models.ts';
import type { PodDriver } from './pods/pod-driver.ts';
import type { RecoverySession } from './recovery/recovery-session.ts';

let runner: JobRunner;

/** A pod with room for new jobs, `load` on it and these models of its last job in memory. */
function pod(id: string, load: number, models: string[]): PodDriver {
  const loaded = new LoadedModels();
  loaded.given({ models });
  return {
    id,
    loaded,
    start: async () => undefined,
    stop: async () => undefined,
    takeOrders: () => undefined,
    room: () => 1,
    load: () => load,
    reserve: () => ({ podId: id }),
  } as unknown as PodDriver;
}
const job = (models: string[], more: Partial<Parameters<typeof newJob>[0]> = {}) =>
  newJob({ id: randomUUID(), name: 'a job', at: '2026-03-04T05:06:07.000Z', models, ...more });

beforeEach(async () => {
  runner = new JobRunner({
    store: { claimable: async () => [], prune: async () => [] },
    book: { dispatch: async () => ({ paused: false }), podOrders: async () => ({}) },
    clock: { now: () => new Date() },
    log: { error: () => undefined, debug: () => undefined, warn: () => undefined },
    configured: [],
    elsewhere: () => [],
    historyDays: 1,
  } as unknown as JobRunnerDeps);
  const session = {} as RecoverySession;
  for (const one of [pod('idle', 0, []), pod('same', 1, ['x', 'y']), pod('other', 0, ['z'])])
    await runner.attach(one, session, 'none');
  await runner.start();
  // The busiest is looked at last.
  await waitUntil(() => runner.reserve(job([], { wantedPodId: 'same' })) !== undefined, 'every pod was looked at');
});
afterEach(() => runner.stop());

it('B391 a new job goes to a pod that has its models loaded, else to the least busy', () => {
  expect(runner.reserve(job(['x']))?.podId).toBe('same');
  expect(runner.reserve(job(['x', 'y', 'z']))?.podId).toBe('idle');
  expect(runner.reserve(job([]))?.podId).toBe('idle');
  expect(runner.reserve(job(['x'], { unfitPods: [{ podId: 'same', reason: 'It lacks x.' }] }))?.podId).toBe('idle');
  expect(runner.reserve(job(['x'], { wantedPodId: 'other' }))?.podId).toBe('other');
});
