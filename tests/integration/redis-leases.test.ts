import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RedisConnection } from '../../server/redis/connection.ts';
import { redisKeys } from '../../server/redis/keys.ts';
import { RedisPodLeases } from '../../server/redis/pod-leases.ts';
import type { Fence } from '../../server/jobs/lease.ts';
import { SoleLeases } from '../../server/jobs/sole-leases.ts';
import { granted, member, podLeasesContract } from '../contract/pod-leases.contract.ts';
import { startRedis } from '../support/redis-process.ts';
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
