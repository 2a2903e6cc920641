import { describe, expect, it } from 'vitest';
import { probePauseMs } from './probe-pause.ts';

describe('the pause between probes', () => {
  it('lies between half a second and fifteen seconds', () => {
    expect([0, 1, 2, 3, 4, 9].map((failures) => probePauseMs(failures, () => 1))).toEqual([
      1000, 2000, 4000, 8000, 15_000, 15_000,
    ]);
    expect(probePauseMs(9, () => 0)).toBe(500);
  });
});
