import { describe, expect, it } from 'vitest';
import { waitUntil } from '../../tests/support/wait-until.ts';
import { ProgressCallback } from './progress-callback.ts';

describe('ProgressCallback', () => {
  it('B92 tells the newest whole percent, never a lower one, and 100 only at the end', async () => {
    const told: number[] = [];
    const callback = new ProgressCallback(
      (percent) => told.push(percent),
      () => performance.now(),
    );
    for (const percent of [0, 10.9, 30.2, 20, 99.9, 100]) callback.offer(percent);
    expect(told).toEqual([0]);
    await waitUntil(() => told.length === 2, 'the second call');
    callback.offer(50);
    await callback.complete();
    expect(told).toEqual([0, 99, 100]);
  });

  it('B92 a function that throws is not called again', async () => {
    let calls = 0;
    const failing = () => {
      calls += 1;
      throw new Error('no');
    };
    const callback = new ProgressCallback(failing, () => performance.now());
    callback.offer(1);
    expect(callback.broken.aborted).toBe(true);
    await callback.complete();
    expect(calls).toBe(1);
  });
});
