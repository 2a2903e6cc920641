import { describe, expect, it } from 'vitest';
import { jobError } from '../../../lib/jobs/job-error.ts';
import type { Job } from '../../../lib/jobs/job.ts';
import { newJob, transition, type JobEvent } from '../../../lib/jobs/transition.ts';
import { isClaimable, needsChore, PodChores, type Claimable } from './pod-chores.ts';
import type { ProbeResult } from '../pod-client.ts';
import { ObeyedOrders } from './pod-orders.ts';
import type { PodCondition } from '../pod-client.ts';

const at = '2026-01-02T03:04:05.006Z';
const id = 'aaaaaaaa-0000-4000-8000-000000000001';
const GB = 1024 ** 3;

function retry(freeMemory: boolean): Claimable {
  const events: JobEvent[] = [
    { at, type: 'claim', podId: 'pod', promptId: 'bbbbbbbb-0000-4000-8000-000000000001' },
    { at, type: 'accept' },
    {
      at,
      type: 'fail',
      error: jobError('out_of_memory', 'Too big.'),
      outcome: 'failed',
      retryAt: at,
      ...(freeMemory && { next: { podId: 'pod', freeMemory } }),
    },
  ];
  const job = events.reduce<Job>(transition, newJob({ id, name: 'a job', at }));
  if (!isClaimable(job)) throw new Error('It does not wait');
  return job;
}

/** A pod with so many of our jobs on it; `pauses` runs at each pause, with the number of it. */
function pod(given: { load?: number; well?: boolean; onPause?: (nth: number) => void; freeFails?: boolean } = {}) {
  const calls: string[] = [];
  const stopping = new AbortController();
  const state = { load: given.load ?? 0, free: 2, pauses: 0, stored: undefined as Job | undefined };
  const chores = new PodChores({
    onFreed: () => undefined,
    client: {
      podId: 'pod',
      free: async () => {
        calls.push('free');
        if (given.freeFails) throw new Error('It answers 500.');
        state.free = 23;
      },
      queue: async () => ({ running: [], pending: [] }),
      probe: async (): Promise<ProbeResult> => ({
        ok: true,
        stats: {
          version: '1',
          ramTotal: 1,
          ramFree: 1,
          devices: [{ name: 'gpu', type: 'cuda', vramTotal: 24 * GB, vramFree: state.free * GB }],
        },
      }),
    },
    store: { get: async () => state.stored && { job: state.stored } },
    writer: {
      applyTo: async (job, event) => {
        state.stored = transition(job, { ...event, at });
        return state.stored;
      },
    },
    log: { debug: noop, info: noop, warn: noop, error: noop },
    pause: async () => {
      state.pauses += 1;
      given.onPause?.(state.pauses);
    },
    signal: stopping.signal,
    check: async () => {
      calls.push('check');
      return given.well ?? true;
    },
    load: () => state.load,
    claim: async () => void calls.push('claim'),
    onDone: () => calls.push('done'),
  });
  return { chores, calls, state, stopping };
}
const noop = () => undefined;
const lastLine = (job: Job | undefined) => job?.timeline.at(-1);

describe('what a pod does before it claims a job', () => {
  it('B296 a retry waits for a good probe, which the timeline tells', async () => {
    const { chores, calls, state } = pod();
    const job = retry(false);
    expect(needsChore(job)).toBe(true);
    chores.prepare(job);
    expect(chores).toMatchObject({ underway: true, preparing: id });
    await chores.stopped();
    expect(calls).toEqual(['check', 'claim', 'done']);
    expect(lastLine(state.stored)).toMatchObject({ kind: 'health_checked' });
    expect(chores).toMatchObject({ underway: false, preparing: undefined });
  });

  it('B296 a pod that fails the check is given nothing, and the job uses up nothing', async () => {
    const { chores, calls, state } = pod({ well: false });
    chores.prepare(retry(false));
    await chores.stopped();
    expect(calls).toEqual(['check', 'done']);
    expect(state.stored).toBeUndefined();
  });

  it('B296 a new job needs nothing, one whose memory is to be freed does', () => {
    const fresh = newJob({ id, name: 'a job', at });
    expect(needsChore(fresh)).toBe(false);
    expect(needsChore({ ...fresh, next: { freeMemory: true } })).toBe(true);
  });

  it('B296 frees memory only when nothing of ours is on the pod, and claims with the numbers told', async () => {
    const loads: number[] = [];
    const one = pod({
      load: 1,
      onPause: (nth) => {
        loads.push(one.state.load);
        if (nth === 3) one.state.load = 0;
      },
    });
    one.state.stored = retry(true);
    one.chores.prepare(retry(true));
    await one.chores.stopped();
    expect(one.calls).toEqual(['check', 'free', 'claim', 'done']);
    expect(loads.slice(0, 3)).toEqual([1, 1, 1]);
    expect(lastLine(one.state.stored)).toMatchObject({
      kind: 'memory_freed',
      detail: 'The pod freed its memory: 23.0 of 24.0 GB are free.',
    });
  });

  it('B296 stops to wait for a job that was cancelled meanwhile', async () => {
    const one = pod({ load: 1 });
    one.state.stored = transition(retry(true), { at, type: 'cancel_request' });
    one.chores.prepare(retry(true));
    await one.chores.stopped();
    expect(one.calls).toEqual(['done']);
  });

  it('B296 a pod that does not obey gets the job all the same, and the timeline says so', async () => {
    const one = pod({ freeFails: true });
    one.state.stored = retry(true);
    one.chores.prepare(retry(true));
    await one.chores.stopped();
    expect(one.calls).toContain('claim');
    expect(lastLine(one.state.stored)?.detail).toContain('did not free');
  });

  it('B296 claims nothing when the pod is driven no more', async () => {
    const one = pod({ load: 1, onPause: () => one.stopping.abort() });
    one.chores.prepare(retry(true));
    await one.chores.stopped();
    expect(one.calls).toEqual(['done']);
  });
});

describe('orders about a pod', () => {
  function ordered(condition: PodCondition = {}) {
    const kept = { condition };
    const freed: (() => void)[] = [];
    const reopened: number[] = [];
    const watch = { usable: true, reopen: (when: number) => void reopened.push(when) };
    const orders = new ObeyedOrders({
      conditions: {
        get now() {
          return kept.condition;
        },
        patch: async (change) => void (kept.condition = change(kept.condition)),
      },
      watch,
      chores: { freeOnce: (onFreed) => void freed.push(onFreed) },
      log: { debug: noop, info: noop, warn: noop, error: noop },
    });
    return { orders, kept, freed, watch, reopened };
  }
  const later = '2026-01-02T03:05:00.000Z';

  it('B295 nothing is given to a pod before it is known what was ordered, nor to one that is drained', () => {
    const { orders, reopened } = ordered();
    expect(orders.allowWork).toBe(false);
    orders.take({});
    expect(orders.allowWork).toBe(true);
    orders.take({ drained: true });
    expect(orders).toMatchObject({ allowWork: false, drained: true });
    orders.take({ drained: false, reopenedAt: at });
    expect(orders.allowWork).toBe(true);
    expect(reopened).toEqual([]);
    orders.start();
    expect(reopened).toEqual([Date.parse(at)]);
  });

  it('B295 memory of a pod that is away is freed when it is back', () => {
    const { orders, freed, watch } = ordered();
    orders.start();
    watch.usable = false;
    orders.take({ freeMemoryAt: at });
    expect(freed).toHaveLength(0);
    watch.usable = true;
    orders.take({ freeMemoryAt: at });
    expect(freed).toHaveLength(1);
  });

  it('B295 memory is freed once an order, by whichever driver', () => {
    const first = ordered();
    first.orders.take({ freeMemoryAt: at });
    expect(first.freed).toHaveLength(0);
    first.orders.start();
    for (let nth = 0; nth < 5; nth += 1) first.orders.take({ freeMemoryAt: at });
    expect(first.freed).toHaveLength(1);
    const tookOver = ordered(first.kept.condition);
    tookOver.orders.start();
    tookOver.orders.take({ freeMemoryAt: at });
    expect(tookOver.freed).toHaveLength(1);
    tookOver.freed[0]?.();
    const third = ordered(tookOver.kept.condition);
    third.orders.start();
    third.orders.take({ freeMemoryAt: at });
    expect(third.freed).toHaveLength(0);
    third.orders.take({ freeMemoryAt: later });
    expect(third.freed).toHaveLength(1);
  });
});
