import { array, assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fairShare } from './fair-share.ts';
import type { LeaseBoard } from './lease.ts';

const memberOf = (id: string, podIds: string[]) => ({ id, name: id, version: '1', startedAt: '', podIds });
const podsOf = (count: number) => Array.from({ length: count }, (_, index) => `pod-${String(index).padStart(2, '0')}`);

/** Everybody acts on the same board, takes are settled first come, first served, as the store does. */
function round(members: { id: string; podIds: string[] }[], owners: Map<string, string>): number {
  const board: LeaseBoard = {
    members: members.map(({ id, podIds }) => memberOf(id, podIds)),
    leases: [...owners].map(([podId, instanceId]) => ({ fence: { podId, token: 1 }, instanceId, leftMs: 1000 })),
  };
  let moves = 0;
  const plans = members.map(({ id, podIds }) => ({ id, plan: fairShare(id, podIds, board) }));
  for (const { plan } of plans)
    for (const podId of plan.give) {
      owners.delete(podId);
      moves += 1;
    }
  for (const { id, plan } of plans)
    for (const podId of plan.take)
      if (!owners.has(podId)) {
        owners.set(podId, id);
        moves += 1;
      }
  return moves;
}

function settle(members: { id: string; podIds: string[] }[], owners: Map<string, string>): number {
  for (let rounds = 1; rounds <= 20; rounds += 1) if (round(members, owners) === 0) return rounds;
  throw new Error('the leases never come to rest');
}

const countsOf = (members: { id: string }[], owners: Map<string, string>) =>
  members.map(({ id }) => [...owners.values()].filter((owner) => owner === id).length);

describe('the fair share of pods', () => {
  it('B260 spreads every pod and comes to rest, whoever comes and goes', () => {
    assert(
      property(
        integer({ min: 1, max: 30 }),
        array(integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 }),
        (pods, sizes) => {
          const owners = new Map<string, string>();
          for (const size of sizes) {
            const members = Array.from({ length: size }, (_, index) => ({ id: `m${index}`, podIds: podsOf(pods) }));
            for (const [podId, owner] of owners) if (!members.some(({ id }) => id === owner)) owners.delete(podId);
            settle(members, owners);
            expect(owners.size).toBe(pods);
            const counts = countsOf(members, owners);
            expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
          }
        },
      ),
      { seed: 20260601, numRuns: 300 },
    );
  });

  it('B260 moves nothing that need not move when an instance comes', () => {
    const podIds = podsOf(9);
    const two = ['a', 'b'].map((id) => ({ id, podIds }));
    const owners = new Map<string, string>();
    settle(two, owners);
    const before = new Map(owners);
    settle([...two, { id: 'c', podIds }], owners);
    expect([...owners].filter(([podId, owner]) => before.get(podId) !== owner)).toHaveLength(3);
  });

  it('B260 leaves no pod alone that only one instance is configured for', () => {
    const members = [
      { id: 'a', podIds: podsOf(6) },
      { id: 'b', podIds: ['pod-00'] },
      { id: 'c', podIds: [] },
    ];
    const owners = new Map<string, string>();
    settle(members, owners);
    expect(owners.size).toBe(6);
    expect([...owners.values()]).not.toContain('c');
    expect(owners.get('pod-05')).toBe('a');
  });
});
