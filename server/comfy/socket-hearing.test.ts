import { describe, expect, it } from 'vitest';
import type { PodEvent } from '../../lib/jobs/pod-event.ts';
import { SocketHearing } from './socket-hearing.ts';

const timing = { deafMs: 5000, maxDeafMs: 12_000 };
const OPENED = 0;
const step = (value: number, max = 100, node = '2'): PodEvent => ({
  type: 'progress',
  data: { value, max, node, prompt_id: 'p' },
});

/** The first moment from `from` on, looked at every 100 ms, at which another socket would be tried. */
function suspectAt(hearing: SocketHearing, from: number, openSince = OPENED): number {
  for (let now = from; now < from + 60_000; now += 100) if (hearing.isSuspect(now, openSince)) return now;
  return Number.POSITIVE_INFINITY;
}

/** Steps 1, 2, … of a node, one every `pauseMs` from `from` on. */
function hearSteps(hearing: SocketHearing, count: number, pauseMs: number, from: number, max = 100): number {
  for (let value = 1; value <= count; value += 1) hearing.heard(from + value * pauseMs, step(value, max));
  return from + count * pauseMs;
}

describe('what a socket still hears', () => {
  it('B77 is in doubt after the whole patience of silence, then after twice as long, up to a most', () => {
    const hearing = new SocketHearing(timing);
    hearing.seenRunning(1000);
    expect(suspectAt(hearing, 1000)).toBe(6000);
    expect(suspectAt(hearing, 6100, 6100)).toBe(16_100);
    expect(suspectAt(hearing, 16_200, 16_200)).toBe(28_200);
    expect(suspectAt(hearing, 28_300, 28_300)).toBe(40_300);
  });

  it('B77 is not in doubt while nothing of ours runs, or while no socket is open', () => {
    const hearing = new SocketHearing(timing);
    expect(suspectAt(hearing, 0)).toBe(Number.POSITIVE_INFINITY);
    hearing.seenRunning(0);
    expect(hearing.isSuspect(30_000, undefined)).toBe(false);
  });

  it('B77 is in doubt sooner where steps that came briskly stop in the middle of a node', () => {
    const hearing = new SocketHearing(timing);
    const last = hearSteps(hearing, 3, 100, 1000);
    hearing.seenRunning(last + 700);
    expect(suspectAt(hearing, last)).toBe(last + 2000);
  });

  it.each([
    { what: 'the node is done', count: 3, pauseMs: 100, max: 3, more: [] },
    { what: 'another node has begun', count: 3, pauseMs: 100, max: 100, more: [{ node: '3' }] },
    { what: 'its steps are slow', count: 3, pauseMs: 2500, max: 100, more: [] },
    { what: 'too few steps came', count: 2, pauseMs: 100, max: 100, more: [] },
  ])('B77 is left the whole patience where $what', ({ count, pauseMs, max, more }) => {
    const hearing = new SocketHearing(timing);
    const last = hearSteps(hearing, count, pauseMs, 1000, max);
    for (const { node } of more) hearing.heard(last, { type: 'executing', data: { node, prompt_id: 'p' } });
    hearing.seenRunning(last);
    expect(suspectAt(hearing, last)).toBe(last + 5000);
  });

  it('B77 is in doubt across prompts that are each too short to be missed', () => {
    const hearing = new SocketHearing(timing);
    hearing.seenRunning(1000);
    hearing.endUntold(2500);
    expect(hearing.isSuspect(2500, OPENED)).toBe(false);
    hearing.seenRunning(2700);
    expect(suspectAt(hearing, 2700)).toBe(3000);
  });

  it('B77 is not in doubt where the frame of an end comes a moment after the look that found it', () => {
    const hearing = new SocketHearing(timing);
    hearing.seenRunning(1000);
    hearing.endUntold(4500);
    hearing.heard(4600);
    expect(suspectAt(hearing, 4600)).toBe(Number.POSITIVE_INFINITY);
  });

  it('B77 is not in doubt where the pod tells every socket something, which does not bring the patience back', () => {
    const hearing = new SocketHearing(timing);
    hearing.seenRunning(0);
    expect(suspectAt(hearing, 0)).toBe(5000);
    hearing.heardAtAll();
    expect(suspectAt(hearing, 5100)).toBe(Number.POSITIVE_INFINITY);
    hearing.seenRunning(66_000);
    expect(suspectAt(hearing, 66_000)).toBe(76_000);
    hearing.heard(76_100);
    hearing.seenRunning(77_000);
    expect(suspectAt(hearing, 77_000)).toBe(82_000);
  });
});
