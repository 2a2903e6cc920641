import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pauseAfter, throttle } from './throttle.ts';

describe('throttle', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('calls at once, then at most once an interval, with the newest value', async () => {
    const seen: number[] = [];
    const throttled = throttle<number>(1000, async (value) => void seen.push(value));
    for (let value = 1; value <= 50; value += 1) {
      throttled.offer(value);
      await vi.advanceTimersByTimeAsync(100);
    }
    await vi.advanceTimersByTimeAsync(1000);
    expect(seen).toEqual([1, 10, 20, 30, 40, 50]);
  });

  it('calls no more once stopped, and waits for the call under way', async () => {
    let release = () => undefined as void;
    const started: number[] = [];
    const throttled = throttle<number>(10, (value) => {
      started.push(value);
      return new Promise((resolve) => (release = resolve));
    });
    throttled.offer(1);
    throttled.offer(2);
    let stopped = false;
    const stopping = throttled.stop().then(() => (stopped = true));
    await vi.advanceTimersByTimeAsync(100);
    expect(stopped).toBe(false);
    release();
    await stopping;
    await vi.advanceTimersByTimeAsync(100);
    expect(started).toEqual([1]);
  });

  it('B307 calls less often while calls are slow, and as often as before when they are quick again', async () => {
    const begun: number[] = [];
    let callMs = 500;
    const throttled = throttle<number>(1000, () => {
      begun.push(Date.now());
      return new Promise((resolve) => setTimeout(resolve, callMs));
    });
    const offering = setInterval(() => throttled.offer(begun.length), 50);
    await vi.advanceTimersByTimeAsync(14_000);
    callMs = 10;
    await vi.advanceTimersByTimeAsync(6000);
    clearInterval(offering);
    const pauses = begun.slice(1).map((at, index) => at - (begun[index] ?? 0));
    expect(pauses.slice(0, 3)).toEqual([5000, 5000, 5000]);
    expect(pauses.slice(3)).toEqual([1000, 1000, 1000, 1000]);
  });

  it.each([
    { tookMs: 1, intervalMs: 1000, pauseMs: 1000 },
    { tookMs: 101, intervalMs: 1000, pauseMs: 1010 },
    { tookMs: 5000, intervalMs: 1000, pauseMs: 30_000 },
    { tookMs: 5000, intervalMs: 60_000, pauseMs: 60_000 },
  ])('B307 after a write of $tookMs ms the next one of $intervalMs comes $pauseMs ms after it', (given) =>
    expect(pauseAfter(given.tookMs, given.intervalMs)).toBe(given.pauseMs),
  );
});
