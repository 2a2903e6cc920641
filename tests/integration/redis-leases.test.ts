import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Job } from '../../lib/jobs/job.ts';
import { openRedisJobStore, type RedisStore } from '../../server/redis/job-store.ts';
import { RedisConnection } from '../../server/redis/connection.ts';
import { redisKeys } from '../../server/redis/keys.ts';
import { RedisPodLeases } from '../../server/redis/pod-leases.ts';
import { LeaseLostError, type Fence } from '../../server/jobs/leases/lease.ts';
import { SoleLeases } from '../../server/jobs/leases/sole-leases.ts';
import { granted, member, podLeasesContract } from '../contract/pod-leases.contract.ts';
import { startRedis } from '../support/redis-process.ts';
import { accept, after, cancel, claim, queuedAt, succeed, workflowOf } from '../support/sample-jobs.ts';
import { waitUntil } from '../support/wait-until.ts';

let redis: Awaited<ReturnType<typeof startRedis>>;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

const LONG_MS = 60_000;
const SHORT_MS = 60;

/** Leases as any number of processes see them that share one desk. */
function openDesk() {
  const keys = redisKeys(`test-${randomUUID()}`);
  const connections: RedisConnection[] = [];
  const connect = () => {
    const connection = new RedisConnection({ url: `redis://127.0.0.1:${redis.port}` });
    connections.push(connection);
    return connection;
  };
  return {
    keys,
    connect,
    leases: () => new RedisPodLeases(connect(), keys),
    close: () => Promise.all(connections.map((connection) => connection.close())),
  };
}

podLeasesContract('one process alone', async () => ({ leases: new SoleLeases(), dispose: async () => undefined }));
podLeasesContract('Redis', async () => {
  const desk = openDesk();
  return { leases: desk.leases(), dispose: async () => void (await desk.close()) };
});

describe('leases that instances share', () => {
  let desk: ReturnType<typeof openDesk>;
  const me = member({ name: 'me' });
  const peer = member({ name: 'peer' });
  beforeEach(() => {
    desk = openDesk();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await desk.close();
  });

  /** Resolves with the lease as soon as it is free. */
  const inherit = (leases: RedisPodLeases, instanceId: string, podId: string) =>
    waitUntil(() => leases.acquire(instanceId, podId, LONG_MS), `the lease of ${podId} runs out`, 5000);

  it('B215 three members that ask for fifty pods at once get each pod once', async () => {
    const members = [member(), member(), member()].map((card) => ({ card, leases: desk.leases() }));
    const podIds = Array.from({ length: 50 }, (_, index) => `pod-${index}`);
    const fences = await Promise.all(
      podIds.flatMap((podId) => members.map(({ card, leases }) => leases.acquire(card.id, podId, LONG_MS))),
    );
    const got = fences.filter((fence): fence is Fence => fence !== undefined).map(({ podId }) => podId);
    expect(got.toSorted()).toEqual(podIds.toSorted());
    for (const { card, leases } of members) {
      const board = await leases.beat(card, [], LONG_MS);
      expect(board.leases.map(({ fence }) => fence.podId).toSorted()).toEqual(podIds.toSorted());
    }
  });

  it('B215 a lease that was not renewed is free when it runs out, not before', async () => {
    const [mine, theirs] = [desk.leases(), desk.leases()];
    const before = performance.now();
    const fence = await granted(mine, me.id, 'pod-a', 400);
    const heir = await inherit(theirs, peer.id, 'pod-a');
    // Redis counts whole milliseconds.
    expect(performance.now() - before).toBeGreaterThan(400 - 1);
    expect(heir.token).toBeGreaterThan(fence.token);
    const board = await mine.beat(me, [fence], LONG_MS);
    expect(board.leases.map(({ instanceId }) => instanceId)).toEqual([peer.id]);
  });

  it('B217 a member that comes late keeps its lease where nobody took it meanwhile', async () => {
    const mine = desk.leases();
    const fence = await granted(mine, me.id, 'pod-a', SHORT_MS);
    await waitUntil(async () => (await mine.beat(peer, [], LONG_MS)).leases.length === 0, 'the lease has run out');
    const board = await mine.beat(me, [fence], LONG_MS);
    expect(board.leases).toEqual([{ fence, instanceId: me.id, leftMs: LONG_MS }]);
    expect(await desk.leases().acquire(peer.id, 'pod-a', LONG_MS)).toBeUndefined();
  });

  it('B217 a lease that was given up is not renewed by a beat that comes after', async () => {
    const mine = desk.leases();
    const fence = await granted(mine, me.id, 'pod-a');
    await mine.release(fence);
    expect((await mine.beat(me, [fence], LONG_MS)).leases).toEqual([]);
  });

  it('B215 members are those heard of within the time of a lease', async () => {
    const [mine, theirs] = [desk.leases(), desk.leases()];
    await theirs.beat(peer, [], LONG_MS);
    const both = await mine.beat(me, [], LONG_MS);
    expect(both.members).toEqual([me, peer].toSorted((a, b) => (a.id < b.id ? -1 : 1)));
    const alone = async () => (await mine.beat(me, [], SHORT_MS)).members.length === 1;
    await waitUntil(alone, 'the silent one is not counted any more');
    await theirs.beat(peer, [], LONG_MS);
    expect((await mine.beat(me, [], LONG_MS)).members).toHaveLength(2);
    await theirs.leave(peer.id);
    expect((await mine.beat(me, [], LONG_MS)).members).toEqual([me]);
  });

  it('B215 a card that cannot be read is not counted', async () => {
    const mine = desk.leases();
    const raw = desk.connect();
    const cards = { broken: '{', stranger: '{"id":7}', huge: JSON.stringify({ ...me, name: 'x'.repeat(10_000) }) };
    await mine.beat(me, [], LONG_MS);
    for (const [id, card] of Object.entries(cards)) {
      await raw.call('ZADD', desk.keys.members, Date.now() + LONG_MS, id);
      await raw.call('HSET', desk.keys.memberCards, id, card);
    }
    expect((await mine.beat(me, [], LONG_MS)).members).toEqual([me]);
  });

  it.each([-300_000, 300_000])('B218 a clock that is %i ms off changes nothing', async (offMs) => {
    const [mine, theirs] = [desk.leases(), desk.leases()];
    const fence = await granted(mine, me.id, 'pod-a', LONG_MS);
    vi.useFakeTimers({ now: Date.now() + offMs, toFake: ['Date'] });
    const board = await theirs.beat(peer, [], LONG_MS);
    expect(board.leases[0]?.leftMs).toBeGreaterThan(LONG_MS / 2);
    expect(board.leases[0]?.leftMs).toBeLessThanOrEqual(LONG_MS);
    expect(await theirs.acquire(peer.id, 'pod-a', LONG_MS)).toBeUndefined();
    await mine.release(fence);
    const heir = await granted(theirs, peer.id, 'pod-a', SHORT_MS);
    vi.useRealTimers();
    expect((await inherit(mine, me.id, 'pod-a')).token).toBeGreaterThan(heir.token);
  });

  it('B216 no number is given twice, also when Redis has forgotten all grants', async () => {
    const mine = desk.leases();
    const fence = await granted(mine, me.id, 'pod-a');
    await mine.release(fence);
    const lost = await granted(mine, me.id, 'pod-a');
    const raw = desk.connect();
    await raw.call('DEL', desk.keys.lease('pod-a'), desk.keys.leases);
    const heir = await granted(desk.leases(), peer.id, 'pod-a');
    expect(heir.token).toBeGreaterThan(lost.token);
    expect((await mine.beat(me, [lost], LONG_MS)).leases.map(({ instanceId }) => instanceId)).toEqual([peer.id]);
  });

  it('B216 numbers rise also where Redis’ clock is behind the one that gave the last', async () => {
    const raw = desk.connect();
    const ahead = Date.now() + 3_600_000;
    await raw.call('HSET', desk.keys.lease('pod-a'), 'owner', peer.id, 'token', ahead, 'expires', 0);
    expect((await granted(desk.leases(), me.id, 'pod-a')).token).toBe(ahead + 1);
  });

  it('B216 a beat under a number of before renews nothing, also by the same instance', async () => {
    const mine = desk.leases();
    const before = await granted(mine, me.id, 'pod-a');
    await mine.release(before);
    await granted(mine, me.id, 'pod-a', SHORT_MS);
    const { leases } = await mine.beat(me, [before], LONG_MS);
    expect(leases.filter(({ leftMs }) => leftMs > SHORT_MS)).toEqual([]);
  });

  it('B217 pods that nobody has driven for a week are forgotten, with their views', async () => {
    const mine = desk.leases();
    const raw = desk.connect();
    const fence = await granted(mine, me.id, 'pod-a');
    await mine.release(await granted(mine, me.id, 'pod-b'));
    for (const podId of ['pod-a', 'pod-b']) await raw.call('HSET', desk.keys.pods, podId, '{}');
    await raw.call('ZADD', desk.keys.leases, Date.now() - 8 * 86_400_000, 'pod-b');
    await mine.beat(me, [fence], LONG_MS);
    expect(await raw.call('HKEYS', desk.keys.pods)).toEqual(['pod-a']);
    expect(await raw.call('EXISTS', desk.keys.lease('pod-b'))).toBe(0);
    expect(await raw.call('EXISTS', desk.keys.lease('pod-a'))).toBe(1);
  });
});

describe('writes of a former holder', () => {
  const prefix = `test-${randomUUID()}`;
  const [former, heir] = [member(), member()];
  const promptId = randomUUID();
  let store: RedisStore;
  let old: Fence;
  let present: Fence;
  let job: Job;

  beforeEach(async () => {
    store = await openRedisJobStore({ url: `redis://127.0.0.1:${redis.port}`, prefix });
    const leases = new RedisPodLeases(store.connection, store.keys);
    old = await granted(leases, former.id, 'pod-a');
    job = after(queuedAt(1), claim('pod-a', promptId), accept);
    await store.create(job, workflowOf('kept'), undefined, old);
    await store.saveProgress(job.id, { promptId, percent: 30, phase: 'sampling' }, old);
    await store.savePodMemory('pod-a', { clientId: 'old' }, old);
    await store.savePodCondition('pod-a', { breaker: { failures: 1, openedAt: 5 } }, old);
    await leases.release(old);
    present = await granted(leases, heir.id, 'pod-a');
  });
  afterEach(async () => {
    await new RedisPodLeases(store.connection, store.keys).leave(heir.id);
    await store.close();
  });

  /** All that Redis holds of the desk, but for what only counts or keeps time. */
  async function everything(): Promise<unknown[]> {
    const names = (await store.connection.call('KEYS', `${store.keys.base}*`)) as string[];
    return Promise.all(names.toSorted().map((name) => store.connection.call('DUMP', name)));
  }

  it('B216 are refused, whatever they are, and change nothing', async () => {
    const before = await everything();
    const other = after(queuedAt(2), claim('pod-a'));
    const writes = [
      () => store.replace(after(job, succeed), old),
      () => store.replace(after(job, { type: 'rework', reason: 'The pod died.' }), old),
      () => store.create(other, workflowOf('new'), { key: 'key', bodyHash: 'hash' }, old),
      () => store.saveProgress(job.id, { promptId, percent: 90, phase: 'saving' }, old),
      () => store.savePodMemory('pod-a', { clientId: 'former' }, old),
      () => store.savePodCondition('pod-a', {}, old),
    ];
    for (const write of writes) await expect(write()).rejects.toThrow(new LeaseLostError('pod-a'));
    const afterwards = await everything();
    expect(afterwards).toEqual(before);
    expect(await store.get(other.id)).toBeUndefined();
    expect(await store.get(job.id)).toMatchObject({ job, progress: { percent: 30 } });
    expect(await store.podMemory('pod-a')).toEqual({ clientId: 'old' });
    expect(await store.podCondition('pod-a')).toEqual({ breaker: { failures: 1, openedAt: 5 } });
  });

  it('B216 are taken from the heir, and from persons, who hold no lease', async () => {
    const wish = after(job, cancel);
    expect(await store.replace(wish)).toBe(true);
    await store.saveProgress(job.id, { promptId, percent: 60, phase: 'sampling' }, present);
    await store.savePodMemory('pod-a', { clientId: 'heir' }, present);
    await store.savePodCondition('pod-a', { breaker: { failures: 2, openedAt: 6 } }, present);
    expect(await store.get(job.id)).toMatchObject({ job: wish, progress: { percent: 60 } });
    const ended = after(wish, { type: 'cancelled' });
    expect(await store.replace(ended, present)).toBe(true);
    expect(await store.create(after(queuedAt(2), claim('pod-a')), workflowOf('new'), undefined, present)).toEqual({
      kind: 'created',
    });
    expect(await store.podMemory('pod-a')).toEqual({ clientId: 'heir' });
    expect(await store.podCondition('pod-a')).toEqual({ breaker: { failures: 2, openedAt: 6 } });
  });

  it('B216 are refused under a number that was never given, and where no lease is known', async () => {
    for (const fence of [
      { podId: 'pod-a', token: present.token + 1 },
      { podId: 'pod-z', token: 1 },
    ])
      await expect(store.replace(after(job, succeed), fence)).rejects.toMatchObject({ code: 'lease_lost' });
  });

  it('B217 are taken until somebody else holds the lease, also after it has run out', async () => {
    const leases = new RedisPodLeases(store.connection, store.keys);
    await leases.release(present);
    const late = await granted(leases, heir.id, 'pod-a', 1);
    await waitUntil(async () => (await leases.beat(former, [], LONG_MS)).leases.length === 0, 'the lease has run out');
    expect(await store.replace(after(job, cancel), late)).toBe(true);
  });
});
