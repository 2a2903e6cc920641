import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { throttle } from './throttle.ts';

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
});
