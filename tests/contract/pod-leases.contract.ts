import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fence, Member, PodLeases } from '../../server/jobs/leases/lease.ts';

export interface LeasesHarness {
  leases: PodLeases;
  dispose: () => Promise<void>;
}

/** Longer than any test lasts. */
const LONG_MS = 60_000;

export function member(more: Partial<Member> = {}): Member {
  return {
    id: randomUUID(),
    name: 'desk (1)',
    version: '0.1.0',
    podIds: ['pod-a', 'pod-b'],
    startedAt: '2026-01-01T00:00:00.000Z',
    ...more,
  };
}

/** The lease, where it was granted. */
export async function granted(leases: PodLeases, instanceId: string, podId: string, ttlMs = LONG_MS): Promise<Fence> {
  const fence = await leases.acquire(instanceId, podId, ttlMs);
  if (!fence) throw new Error(`the lease of ${podId} is not free`);
  return fence;
}

/** What every `PodLeases` must do, whether or not its instances share it. */
export function podLeasesContract(name: string, open: () => Promise<LeasesHarness>): void {
  describe(`${name} as PodLeases`, () => {
    let harness: LeasesHarness;
    let leases: PodLeases;
    beforeEach(async () => {
      harness = await open();
      leases = harness.leases;
    });
    afterEach(() => harness.dispose());

    it('B215 grants a pod once, and other pods beside it', async () => {
      const me = member();
      const fence = await granted(leases, me.id, 'pod-a');
      expect(fence.podId).toBe('pod-a');
      expect(await leases.acquire(me.id, 'pod-a', LONG_MS)).toBeUndefined();
      expect((await granted(leases, me.id, 'pod-b')).podId).toBe('pod-b');
    });

    it('B215 grants one lease to many who ask at once', async () => {
      const asked = Array.from({ length: 20 }, () => leases.acquire(randomUUID(), 'pod-a', LONG_MS));
      expect((await Promise.all(asked)).filter((fence) => fence !== undefined)).toHaveLength(1);
    });

    it('B215 shows who lives and who holds what', async () => {
      const me = member();
      const [a, b] = [await granted(leases, me.id, 'pod-a'), await granted(leases, me.id, 'pod-b')];
      const board = await leases.beat(me, [a, b], LONG_MS);
      expect(board.members).toEqual([me]);
      const byPod = board.leases.toSorted((one, other) => one.fence.podId.localeCompare(other.fence.podId));
      expect(byPod).toEqual([a, b].map((fence) => ({ fence, instanceId: me.id, leftMs: LONG_MS })));
    });

    it('B216 gives every grant of a pod a higher number', async () => {
      const me = member();
      const tokens: number[] = [];
      for (let round = 0; round < 5; round += 1) {
        const fence = await granted(leases, me.id, 'pod-a');
        tokens.push(fence.token);
        await leases.release(fence);
      }
      expect(tokens.every(Number.isSafeInteger)).toBe(true);
      expect(tokens).toEqual([...new Set(tokens)].toSorted((a, b) => a - b));
    });

    it('B217 frees a pod at once when its lease is given up', async () => {
      const me = member();
      const fence = await granted(leases, me.id, 'pod-a');
      await leases.release(fence);
      expect((await leases.beat(me, [], LONG_MS)).leases).toEqual([]);
      expect((await granted(leases, randomUUID(), 'pod-a')).token).toBeGreaterThan(fence.token);
    });

    it('B217 leaves the heir’s lease alone when a former one is given up again', async () => {
      const old = await granted(leases, randomUUID(), 'pod-a');
      await leases.release(old);
      await granted(leases, randomUUID(), 'pod-a');
      await leases.release(old);
      expect(await leases.acquire(randomUUID(), 'pod-a', LONG_MS)).toBeUndefined();
    });

    it('B217 frees all pods of an instance that leaves', async () => {
      const me = member();
      await leases.beat(me, [await granted(leases, me.id, 'pod-a'), await granted(leases, me.id, 'pod-b')], LONG_MS);
      await leases.leave(me.id);
      for (const podId of ['pod-a', 'pod-b']) expect((await granted(leases, randomUUID(), podId)).podId).toBe(podId);
    });
  });
}
