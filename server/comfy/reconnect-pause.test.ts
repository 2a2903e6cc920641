import { describe, expect, it } from 'vitest';
import { reconnectPauseMs } from './reconnect-pause.ts';

describe('reconnectPauseMs', () => {
  it('B76 doubles its ceiling to 30 s and draws from all of it', () => {
    const most = [1, 2, 3, 4, 5, 6, 7, 8, 1000].map((failures) => reconnectPauseMs(failures, 'broken', () => 1));
    expect(most).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    expect(reconnectPauseMs(7, 'broken', () => 0.5)).toBe(15_000);
    expect(reconnectPauseMs(7, 'broken', () => 0)).toBe(100);
  });

  it('B76 waits at least 5 s, later 30 s, after a refusal', () => {
    const least = [1, 2, 3, 4, 50].map((failures) => reconnectPauseMs(failures, 'refused', () => 0));
    expect(least).toEqual([5000, 10_000, 20_000, 30_000, 30_000]);
    expect(reconnectPauseMs(50, 'refused', () => 1)).toBe(60_000);
  });
});
