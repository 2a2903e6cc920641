import { describe, expect, it } from 'vitest';
import { freedSentence, freeMemory, FREE_WITHIN_MS } from './memory-freeing.ts';
import type { ProbeResult } from '../pod-client.ts';

const GB = 1024 ** 3;

/** A pod that shows these numbers of free gigabytes one after the other, and then the last. */
function pod(free: number[], { total = 24, busyLooks = 0 } = {}) {
  const calls: string[] = [];
  const shown = [...free];
  let looks = 0;
  let pausedMs = 0;
  const client = {
    probe: async (): Promise<ProbeResult> => {
      const vramFree = (shown.length > 1 ? shown.shift() : shown[0]) ?? 0;
      const device = { name: 'gpu', type: 'cuda', vramTotal: total * GB, vramFree: vramFree * GB };
      return { ok: true, stats: { version: '1', ramTotal: 1, ramFree: 1, devices: total === 0 ? [] : [device] } };
    },
    queue: async () => {
      looks += 1;
      return { running: looks <= busyLooks ? [{ number: 1, promptId: 'theirs' }] : [], pending: [] };
    },
    free: async (options: object) => void calls.push(JSON.stringify(options)),
  };
  const pause = async (ms: number) => void (pausedMs += ms);
  return { client, pause, calls, paused: () => pausedMs };
}

describe('freeing the memory of a pod', () => {
  it('B296 waits until nine tenths are free', async () => {
    const one = pod([2, 2, 9, 23, 23]);
    expect(await freeMemory(one)).toEqual({ shown: true, before: 2 * GB, free: 23 * GB, total: 24 * GB });
    expect(one.calls).toEqual(['{"unloadModels":true,"freeMemory":true}']);
    expect(one.paused()).toBe(3000);
  });

  it('B296 stops where an idle pod shows nothing more over two looks', async () => {
    const one = pod([2, 12, 15]);
    expect(await freeMemory(one)).toMatchObject({ shown: false, free: 15 * GB });
    expect(one.paused()).toBe(4000);
  });

  it('B296 goes on looking while somebody else’s prompt runs, for twenty seconds at most', async () => {
    const late = pod([2, 2, 2, 2, 2, 2, 23], { busyLooks: 5 });
    expect(await freeMemory(late)).toMatchObject({ shown: true });
    const never = pod([2], { busyLooks: 1000 });
    expect(await freeMemory(never)).toMatchObject({ shown: false, free: 2 * GB });
    expect(never.paused()).toBe(FREE_WITHIN_MS);
  });

  it('B296 fails where the pod goes away meanwhile', async () => {
    const one = pod([2]);
    one.client.probe = async () => ({ ok: false, kind: 'unreachable', reason: 'It refuses connections.' });
    await expect(freeMemory(one)).rejects.toThrow('It refuses connections.');
  });

  it('B296 is told with its numbers', () => {
    const freed = { shown: true, before: 2 * GB, free: 23.5 * GB, total: 24 * GB };
    expect(freedSentence(freed)).toBe('The pod freed its memory: 23.5 of 24.0 GB are free.');
    expect(freedSentence({ ...freed, shown: false, free: 12 * GB })).toBe(
      'The pod freed some of its memory: 12.0 of 24.0 GB are free.',
    );
    expect(freedSentence({ ...freed, shown: false, free: 2 * GB })).toBe(
      'The pod freed no more memory: 2.0 of 24.0 GB are free.',
    );
    expect(freedSentence({ shown: false, before: 0, free: 0, total: 0 })).not.toMatch(/\d/);
  });
});
