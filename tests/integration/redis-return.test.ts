import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RedisStore } from '../../server/redis/job-store.ts';
import { recoveryAt } from '../contract/desk-book.contract.ts';
import { redisDesk } from '../support/redis-desk.ts';
import { startRedis, type RedisProcess } from '../support/redis-process.ts';
import { accept, after, cancel, claim, queuedAt, second, steps, workflowOf } from '../support/sample-jobs.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('Redis that comes back', () => {
  let redis: RedisProcess;
  let desk: ReturnType<typeof redisDesk>;
  let proxy: TcpProxy;
  beforeEach(async () => {
    redis = await startRedis();
    desk = redisDesk(redis);
    proxy = await openTcpProxy(redis.port);
  });
  afterEach(async () => {
    await desk.close();
    await proxy.close();
    await redis.stop();
  });

  /** Redis ends and comes back with what it had before `writes`. */
  const losing = async (writes: () => Promise<unknown>) => {
    const copy = redis.copyFiles();
    await writes();
    await copy.rollBack();
  };
  const usable = (store: RedisStore) =>
    waitUntil(
      () =>
        store.check().then(
          () => true,
          () => false,
        ),
      'the store can be used again',
    );
  /** Resolves with what the first return after this call says. */
  const nextReturn = (store: RedisStore) =>
    new Promise<boolean>((resolve) => {
      const end = store.onReturn(async (lost) => {
        end();
        resolve(lost);
      });
    });

  it('B208 writes again what this instance wrote and Redis lost', async () => {
    const store = await desk.open('a');
    const [old, made, doomed] = [queuedAt(1), queuedAt(2), queuedAt(3)];
    const key = { key: 'key-1', bodyHash: 'hash-1' };
    const deskId = await store.deskId();
    await store.create(old, workflowOf('old'));
    await store.create(doomed, workflowOf('doomed'));
    const claimed = after(old, claim());
    const recovery = recoveryAt(5);
    const told = nextReturn(store);
    await losing(async () => {
      await store.create(made, workflowOf('made'), key);
      await store.replace(claimed);
      await store.remove(doomed.id);
      await store.savePodMemory('pod-a', { clientId: 'c1', highestNumber: 4 });
      await store.savePodCondition('pod-a', { breaker: { failures: 3, openedAt: 7 } });
      await store.orderPod('pod-a', { drained: true, reopenedAt: second(3) });
      await store.orderPod('pod-a', { drained: false });
      await store.setDispatch({ paused: true, since: second(9) });
      await store.saveRecovery(recovery);
    });
    expect(await told).toBe(true);
    expect(await store.get(made.id)).toEqual({ job: made });
    expect(await store.workflow(made.id)).toEqual(workflowOf('made'));
    expect(await store.create(queuedAt(4), workflowOf('made'), key)).toEqual({ kind: 'replayed', job: made });
    expect(await store.onPod('pod-a')).toEqual([{ job: claimed }]);
    expect(await store.get(doomed.id)).toBeUndefined();
    expect(await store.podMemory('pod-a')).toEqual({ clientId: 'c1', highestNumber: 4 });
    expect(await store.podCondition('pod-a')).toEqual({ breaker: { failures: 3, openedAt: 7 } });
    expect(await store.podOrders()).toEqual({ 'pod-a': { drained: false, reopenedAt: second(3) } });
    expect(await store.dispatch()).toEqual({ paused: true, since: second(9) });
    expect(await store.recoveries(10)).toEqual([recovery]);
    expect(await store.deskId()).toBe(deskId);
    expect(await store.counts()).toMatchObject({ queued: 1, submitting: 1 });
  });

  it('B208 writes everything of the last half minute again where all was lost, even while it was in use', async () => {
    const store = await desk.open('a');
    const jobs = Array.from({ length: 300 }, (_, index) => queuedAt(index));
    await Promise.all(jobs.map((job) => store.create(job, workflowOf(job.name))));
    const deskId = await store.deskId();
    const told = nextReturn(store);
    await redis.command('FLUSHALL');
    await store.check();
    expect(await told).toBe(true);
    expect((await store.active()).map(({ job }) => job)).toEqual(jobs);
    expect(await store.deskId()).toBe(deskId);
  });

  it('B208 does not bring back what others removed or took further', async () => {
    const [a, b] = [await desk.open('a'), await desk.open('b')];
    const [removed, further] = [queuedAt(1), queuedAt(2)];
    const [claimed, running] = steps(further, claim(), accept);
    if (!claimed || !running) throw new Error('two steps were asked for');
    await losing(async () => {
      for (const job of [removed, further]) await a.create(job, workflowOf('x'));
      await a.replace(claimed);
      await b.replace(running);
      await b.remove(removed.id);
    });
    await Promise.all([usable(a), usable(b)]);
    await waitUntil(async () => (await a.get(further.id))?.job.revision === 2, 'both have written again');
    expect(await b.get(further.id)).toEqual({ job: running });
    await waitUntil(async () => !(await a.get(removed.id)), 'the removed job is gone');
  });

  it('B208 says that nothing is missing where nothing is', async () => {
    const store = await desk.open('a');
    const job = queuedAt(1);
    await store.create(job, workflowOf('x'));
    const told = nextReturn(store);
    await redis.kill();
    await redis.start();
    expect(await told).toBe(false);
    await waitUntil(async () => (await store.claimable('pod-a', second(9), 1)).length === 1, 'claims go on');
  });

  it('B208 knows that its writes are missing, however much others wrote before it was back', async () => {
    const [a, b] = [await desk.open('a', { url: `redis://127.0.0.1:${proxy.port}` }), await desk.open('b')];
    const lost = queuedAt(1);
    const told = nextReturn(a);
    await losing(async () => {
      await a.create(lost, workflowOf('x'));
      // Leads nowhere until the other one has written.
      proxy.switchTo(1);
      proxy.cut();
    });
    await usable(b);
    for (let index = 0; index < 20; index += 1) await b.create(queuedAt(100 + index), workflowOf('y'));
    expect(await b.get(lost.id)).toBeUndefined();
    proxy.switchTo(redis.port);
    expect(await told).toBe(true);
    expect(await b.get(lost.id)).toEqual({ job: lost });
  });

  it('B208 writes again what a replica had not heard of when it was promoted', async () => {
    const replica = await startRedis();
    try {
      const url = `redis://127.0.0.1:${proxy.port}`;
      const [a, b] = [await desk.open('a', { url }), await desk.open('b', { url })];
      const waiting = queuedAt(1);
      await a.create(waiting, workflowOf('x'));
      await redis.command('CONFIG', 'SET', 'repl-diskless-sync-delay', 0);
      await replica.command('REPLICAOF', '127.0.0.1', redis.port);
      await waitUntil(
        async () => (await replica.command('EXISTS', desk.keys.job(waiting.id))) === 1,
        'the replica has what there is',
      );
      await replica.command('REPLICAOF', 'NO', 'ONE');
      const [made, claimed] = [queuedAt(2), after(waiting, claim())];
      await a.create(made, workflowOf('y'));
      await b.replace(claimed);
      const told = Promise.all([nextReturn(a), nextReturn(b)]);
      proxy.switchTo(replica.port);
      await redis.kill();
      expect(await told).toEqual([true, true]);
      expect(await b.get(made.id)).toEqual({ job: made });
      expect(await a.get(waiting.id)).toEqual({ job: claimed });
      await waitUntil(async () => (await a.claimable('pod-a', second(9), 10)).length > 0, 'claims go on');
      expect(await a.claimable('pod-a', second(9), 10)).toEqual([made]);
    } finally {
      await desk.close();
      await replica.stop();
    }
  });

  it('B209 lets nobody claim until every member has written again what it knows', async () => {
    const [a, b] = [await desk.open('a', { barrierMs: 60_000 }), await desk.open('b', { barrierMs: 60_000 })];
    const waiting = queuedAt(1);
    await a.create(waiting, workflowOf('x'));
    const scans: (() => void)[] = [];
    for (const store of [a, b])
      store.onReturn((lost) => (lost ? new Promise((resolve) => scans.push(resolve)) : Promise.resolve()));
    await losing(async () => {
      await a.create(queuedAt(2), workflowOf('y'));
      await b.create(queuedAt(3), workflowOf('z'));
    });
    await waitUntil(() => scans.length === 2, 'both look at their pods');

    expect(await a.claimable('pod-a', second(9), 10)).toEqual([]);
    expect(await b.replace(after(waiting, claim()))).toBe(false);
    const fresh = queuedAt(4);
    expect(await a.create(after(fresh, claim()), workflowOf('x'))).toEqual({ kind: 'held_back' });
    expect(await a.create(fresh, workflowOf('x'))).toEqual({ kind: 'created' });
    const adopted = after(waiting, { type: 'adopt', podId: 'pod-a', promptId: randomUUID(), detail: 'found' });
    expect(await b.replace(adopted)).toBe(true);
    expect(await b.replace(after(adopted, cancel))).toBe(true);

    scans[0]?.();
    expect(await b.claimable('pod-a', second(9), 10)).toEqual([]);
    scans[1]?.();
    await waitUntil(async () => (await b.claimable('pod-a', second(9), 10)).length === 3, 'claims go on');
    expect(await b.replace(after(fresh, claim()))).toBe(true);
  });

  it('B209 goes on after a while where a member does not come back', async () => {
    const [a, dead] = [await desk.open('a', { barrierMs: 1500 }), await desk.open('dead')];
    await a.create(queuedAt(1), workflowOf('x'));
    await dead.close();
    await redis.kill();
    await redis.start();
    await usable(a);
    expect(await a.claimable('pod-a', second(9), 10)).toEqual([]);
    await waitUntil(async () => (await a.claimable('pod-a', second(9), 10)).length === 1, 'claims go on');
  });

  it('B209 does not wait for members that were silent long before, nor at a mere cut of the connection', async () => {
    const a = await desk.open('a', { barrierMs: 60_000 });
    await a.create(queuedAt(1), workflowOf('x'));
    await redis.command('ZADD', desk.keys.members, Date.now() - 61_000, 'silent');
    const returned = nextReturn(a);
    await redis.kill();
    await redis.start();
    await returned;
    await waitUntil(async () => (await a.claimable('pod-a', second(9), 10)).length === 1, 'claims go on');
    const again = nextReturn(a);
    await redis.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    expect(await again).toBe(false);
    expect(await a.claimable('pod-a', second(9), 10)).toHaveLength(1);
  });
});
