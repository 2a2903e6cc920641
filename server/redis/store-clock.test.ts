import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StoreClock } from './store-clock.ts';

const REDIS_MS = Date.UTC(2030, 0, 1);
const answer = (ms: number) => [String(Math.floor(ms / 1000)), String((ms % 1000) * 1000)];

describe('the store’s time', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('B212 is Redis’ time, whatever the machine’s clock says or is set to', () => {
    const clock = new StoreClock();
    clock.set(answer(REDIS_MS), performance.now());
    expect(clock.now().getTime()).toBe(REDIS_MS);
    vi.advanceTimersByTime(1500);
    vi.setSystemTime(Date.UTC(2020, 0, 1));
    expect(clock.now().getTime()).toBe(REDIS_MS + 1500);
  });

  it('B212 does not go back for a small correction, and follows a large one', () => {
    const clock = new StoreClock();
    clock.set(answer(REDIS_MS), performance.now());
    clock.now();
    clock.set(answer(REDIS_MS - 200), performance.now());
    expect(clock.now().getTime()).toBe(REDIS_MS);
    vi.advanceTimersByTime(300);
    expect(clock.now().getTime()).toBe(REDIS_MS + 100);
    clock.set(answer(REDIS_MS - 60_000), performance.now());
    expect(clock.now().getTime()).toBe(REDIS_MS - 60_000);
  });

  it.each([undefined, 'x', [], ['a', 'b'], [1]])('B212 stays as it is at the answer %j', (odd) => {
    const clock = new StoreClock();
    clock.set(answer(REDIS_MS), performance.now());
    clock.set(odd, performance.now());
    expect(clock.now().getTime()).toBe(REDIS_MS);
  });
});
