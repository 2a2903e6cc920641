import { afterEach, describe, expect, it } from 'vitest';
import { MemoryLeases } from '../../../tests/support/memory-leases.ts';
import { waitUntil } from '../../../tests/support/wait-until.ts';
import type { HeldLease } from './lease.ts';
import { LeaseKeeper, type LeaseGain } from './lease-keeper.ts';

const PODS = ['a', 'b', 'c', 'd'];
const LEASE_MS = 200;
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

describe('the lease keeper', () => {
  const keepers: LeaseKeeper[] = [];
  afterEach(async () => {
    await Promise.all(keepers.splice(0).map((keeper) => keeper.stop()));
  });

  function instance(id: string, board: MemoryLeases, beforeEnd: () => Promise<void> = async () => undefined) {
    const driven = new Map<string, HeldLease>();
    const gains: LeaseGain[] = [];
    const overlaps: string[] = [];
    const keeper = new LeaseKeeper({
      leases: board,
      self: { id, name: id, version: '1', podIds: PODS, startedAt: '' },
      leaseMs: LEASE_MS,
      log: quiet,
      onGained: async (leases, how) => {
        gains.push(how);
        for (const lease of leases) {
          if (driven.has(lease.fence.podId)) overlaps.push(lease.fence.podId);
          driven.set(lease.fence.podId, lease);
        }
      },
      onEnded: async (lease) => {
        await beforeEnd();
        driven.delete(lease.fence.podId);
      },
    });
    keepers.push(keeper);
    return { keeper, driven, gains, overlaps };
  }
  const counts = (...all: { driven: Map<string, HeldLease> }[]) => all.map(({ driven }) => driven.size);

  it('B260 drives every pod alone and half of them once another has come', async () => {
    const board = new MemoryLeases();
    const first = instance('one', board);
    await first.keeper.start();
    expect(first.driven.size).toBe(4);
    expect(first.gains).toEqual(['start']);
    const second = instance('two', board);
    await second.keeper.start();
    await waitUntil(() => counts(first, second).join() === '2,2', 'each has two pods');
    expect(second.gains).not.toContain('takeover');
  });

  it('B261 takes over what an instance that cannot be heard of has, never before that one knows', async () => {
    const board = new MemoryLeases();
    const [first, second] = [instance('one', board), instance('two', board)];
    await first.keeper.start();
    await second.keeper.start();
    await waitUntil(() => counts(first, second).join() === '2,2', 'each has two pods');
    const theirs = [...first.driven.values()];
    board.sever('one');
    await waitUntil(() => {
      const both = theirs.filter((lease) => lease.valid() && board.ownerOf(lease.fence.podId) === 'two');
      expect(both).toEqual([]);
      return second.driven.size === 4;
    }, 'the heir drives all');
    expect(second.gains).toContain('takeover');
    board.mend('one');
    await waitUntil(() => counts(first, second).join() === '2,2', 'they share again');
    expect(theirs.some((lease) => lease.valid())).toBe(false);
    expect([...first.overlaps, ...second.overlaps]).toEqual([]);
  });

  it('B261 goes on with its leases after the board was away, where nobody took them', async () => {
    const board = new MemoryLeases();
    const only = instance('one', board);
    await only.keeper.start();
    const lease = only.driven.get('a');
    board.sever('one');
    await waitUntil(() => lease?.valid() === false, 'the lease is not trusted any more');
    board.mend('one');
    await waitUntil(() => lease?.valid() === true, 'it is trusted again');
    expect(only.driven.get('a')).toBe(lease);
    expect(only.gains).toEqual(['start']);
  });

  it('B261 moves no pod when the board comes back after an outage for all', async () => {
    const board = new MemoryLeases();
    const [first, second] = [instance('one', board), instance('two', board)];
    await first.keeper.start();
    await second.keeper.start();
    await waitUntil(() => counts(first, second).join() === '2,2', 'each has two pods');
    const before = [...first.driven.values(), ...second.driven.values()];
    for (const id of ['one', 'two']) board.sever(id);
    await waitUntil(() => PODS.every((podId) => board.ownerOf(podId) === undefined), 'every lease has run out');
    board.mend('one');
    await waitUntil(() => [...first.driven.values()].every((lease) => lease.valid()), 'the first goes on');
    board.mend('two');
    await waitUntil(() => [...second.driven.values()].every((lease) => lease.valid()), 'the second goes on');
    expect([...first.driven.values(), ...second.driven.values()]).toEqual(before);
  });

  it('B262 hands everything over at once when it stops, after its last write', async () => {
    const board = new MemoryLeases();
    let ended = 0;
    const first = instance('one', board, async () => {
      await waitUntil(() => true, 'a moment has gone');
      ended += 1;
    });
    await first.keeper.start();
    const second = instance('two', board);
    await second.keeper.start();
    await waitUntil(() => counts(first, second).join() === '2,2', 'each has two pods');
    ended = 0;
    await first.keeper.stop();
    expect(ended).toBe(2);
    expect(PODS.map((podId) => board.ownerOf(podId)).filter((owner) => owner === 'one')).toEqual([]);
    await waitUntil(() => second.driven.size === 4, 'the heir drives all');
    expect(second.gains).not.toContain('takeover');
  });
});
