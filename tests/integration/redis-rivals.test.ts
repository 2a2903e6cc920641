import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RedisStore } from '../../server/redis/job-store.ts';
import { redisDesk } from '../support/redis-desk.ts';
import { startRedis, type RedisProcess } from '../support/redis-process.ts';
import { accept, after, claim, queuedAt, second, steps, succeed, workflowOf } from '../support/sample-jobs.ts';
import { waitUntil } from '../support/wait-until.ts';

let redis: RedisProcess;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

describe('instances that share a Redis', () => {
  let desk: ReturnType<typeof redisDesk>;
  let stores: RedisStore[];
  beforeEach(async () => {
    desk = redisDesk(redis);
    stores = await Promise.all(['a', 'b', 'c'].map((member) => desk.open(member)));
  });
  afterEach(() => desk.close());

  it('B207 claim each job once, however many reach for it', async () => {
    const jobs = Array.from({ length: 60 }, (_, index) => queuedAt(index));
    await Promise.all(jobs.map((job, index) => stores[index % 3]?.create(job, workflowOf('x'))));
    const won = new Map<string, number>();
    const work = async (store: RedisStore, podId: string) => {
      for (;;) {
        const [next] = await store.claimable(podId, second(1000), 1);
        if (!next) return;
        const [claimed, running, ended] = steps(next, claim(podId), accept, succeed);
        if (!claimed || !running || !ended) throw new Error('three steps were asked for');
        if (!(await store.replace(claimed))) continue;
        won.set(next.id, (won.get(next.id) ?? 0) + 1);
        expect(await store.replace(running)).toBe(true);
        expect(await store.replace(ended)).toBe(true);
      }
    };
    await Promise.all(stores.flatMap((store) => ['pod-a', 'pod-b', 'pod-c'].map((podId) => work(store, podId))));
    expect([...won.values()]).toEqual(jobs.map(() => 1));
    expect(await stores[0]?.counts()).toMatchObject({ queued: 0, succeeded: jobs.length });
  });

  it('B207 make one job of a key that reaches all of them at once', async () => {
    const key = { key: 'double click', bodyHash: 'h' };
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, index) => stores[index % 3]?.create(queuedAt(index), workflowOf('x'), key)),
    );
    expect(outcomes.filter((outcome) => outcome?.kind === 'created')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome?.kind === 'replayed')).toHaveLength(29);
    expect(await stores[1]?.counts()).toMatchObject({ queued: 1 });
  });

  it('B207 have one desk: one id, one state of dispatch, and one time', async () => {
    expect(new Set(await Promise.all(stores.map((store) => store.deskId()))).size).toBe(1);
    await stores[0]?.setDispatch({ paused: true, since: second(1) });
    expect(await stores[2]?.dispatch()).toEqual({ paused: true, since: second(1) });
    const times = stores.map((store) => store.now().getTime());
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(200);
  });

  it('B210 wait out a Redis that stands still for a moment, and do nothing twice for it', async () => {
    const [store] = stores;
    if (!store) throw new Error('three instances were asked for');
    const jobs = Array.from({ length: 50 }, (_, index) => queuedAt(index));
    await redis.command('CLIENT', 'PAUSE', 700, 'ALL');
    await Promise.all(jobs.map((job) => store.create(job, workflowOf('x'))));
    await redis.command('CLIENT', 'PAUSE', 2500, 'WRITE');
    const claimed = jobs.map((job) => after(job, claim()));
    expect(await Promise.all(claimed.map((job) => store.replace(job)))).toEqual(jobs.map(() => true));
    await waitUntil(async () => (await store.counts()).submitting === 50, 'all are written');
    expect((await store.onPod('pod-a')).map(({ job }) => job)).toEqual(claimed);
  });

  it('B213 keep an ended job in little more than its record and its prompt', async () => {
    const [store] = stores;
    const used = async () =>
      Number(/used_memory_dataset:(\d+)/.exec(String(await redis.command('INFO', 'memory')))?.[1]);
    const bundles = Array.from({ length: 2000 }, (_, index) => ({
      job: after(queuedAt(index), claim('pod-a'), accept, succeed),
      workflow: workflowOf(`job ${index}`),
      claim: { key: `key ${index}`, bodyHash: 'f'.repeat(64) },
    }));
    const content = bundles.reduce(
      (sum, { job, workflow }) => sum + JSON.stringify(job).length + JSON.stringify(workflow).length,
      0,
    );
    const before = await used();
    await store?.takeIn(bundles);
    const overhead = ((await used()) - before - content) / bundles.length;
    expect(overhead).toBeGreaterThan(0);
    expect(overhead).toBeLessThan(2000);
  });
});
