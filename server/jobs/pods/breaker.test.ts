import { describe, expect, it } from 'vitest';
import {
  afterFailedAttempt,
  afterProbed,
  breakerPauseMs,
  closedBreaker,
  keptBreaker,
  toKeep,
  WATCHED_MS,
  WINDOW_MS,
  type Breaker,
} from './breaker.ts';

const failing = (times: number, from: Breaker = closedBreaker, everyMs = 1000): Breaker =>
  Array.from({ length: times }).reduce<Breaker>((now, _none, nth) => afterProbed(now, false, nth * everyMs), from);
const slowest = () => 0;

describe('the circuit breaker of a pod', () => {
  it('B290 opens with the third failure of half a minute, not with the second', () => {
    expect(failing(2).state).toBe('closed');
    expect(failing(3)).toMatchObject({ state: 'open', openedAt: 2000, failures: 3 });
    expect(failing(3, closedBreaker, WINDOW_MS).state).toBe('closed');
  });

  it('B290 counts attempts that could not reach the pod together with probes', () => {
    const twice = afterFailedAttempt(afterFailedAttempt(closedBreaker, 0), 10);
    expect(twice.state).toBe('closed');
    expect(afterProbed(twice, false, 20).state).toBe('open');
  });

  it('B290 stays closed while more than half of what is met is well', () => {
    let breaker = closedBreaker;
    for (let nth = 0; nth < 12; nth += 1) breaker = afterProbed(breaker, nth % 3 !== 0, nth * 1000);
    expect(breaker.state).toBe('closed');
    for (let nth = 12; nth < 20; nth += 1) breaker = afterProbed(breaker, nth % 2 !== 0, nth * 1000);
    expect(breaker.state).toBe('closed');
    for (let nth = 20; nth < 30; nth += 1) breaker = afterFailedAttempt(breaker, nth * 1000);
    expect(breaker.state).toBe('open');
  });

  it('B290 needs two good answers in a row to close', () => {
    const half = afterProbed(failing(3), true, 9000);
    expect(half.state).toBe('half_open');
    expect(breakerPauseMs(half, slowest)).toBe(WATCHED_MS);
    expect(afterProbed(half, false, 9500)).toMatchObject({ state: 'open', failures: 4, openedAt: 2000 });
    expect(afterProbed(half, true, 9500)).toEqual(closedBreaker);
  });

  it('B290 an attempt under way that fails while it is half open opens it again', () => {
    expect(afterFailedAttempt(afterProbed(failing(3), true, 9000), 9100).state).toBe('open');
  });

  it('B290 pauses 1, 2, 4, then every 5 s, never longer, a quarter shorter at most', () => {
    const pauses = (random: () => number) => [1, 2, 3, 4, 5, 50].map((times) => breakerPauseMs(failing(times), random));
    expect(pauses(slowest)).toEqual([1000, 2000, 4000, 5000, 5000, 5000]);
    expect(pauses(() => 1)).toEqual([750, 1500, 3000, 3750, 3750, 3750]);
    expect(breakerPauseMs(closedBreaker, slowest)).toBeUndefined();
  });

  it('B291 probes and closes in time for a job within ten seconds after the pod is back', () => {
    expect((breakerPauseMs(failing(100), slowest) ?? 0) + WATCHED_MS).toBeLessThanOrEqual(6000);
  });

  it('B298 goes on with its pauses after a restart, since when it opened', () => {
    expect(toKeep(closedBreaker)).toBeUndefined();
    expect(toKeep(failing(2))).toBeUndefined();
    const kept = keptBreaker(toKeep(failing(9)));
    expect(kept).toMatchObject({ state: 'open', openedAt: 2000 });
    expect(breakerPauseMs(kept, slowest)).toBe(5000);
    expect(keptBreaker(undefined)).toEqual(closedBreaker);
  });
});
