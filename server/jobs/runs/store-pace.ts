import type { StoreWarning } from '../../../lib/protocol/system.ts';
import { pauseAfter } from './throttle.ts';

/** A write that takes less is not slow, however often progress is to be written. */
const SLOW_MS = 250;
/** One slow write is chance. */
const SLOW_IN_A_ROW = 5;
/** Without a write for so long nothing is known any more. */
const FORGOTTEN_MS = 60_000;

/** Tells when writes of progress have become so slow that they are made less often. */
export class StorePace {
  private slow = 0;
  private tookMs = 0;
  private wroteAt = Number.NEGATIVE_INFINITY;

  /** `now` in milliseconds, from any begin. */
  constructor(
    private readonly intervalMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  wrote(tookMs: number): void {
    const isSlow = tookMs >= SLOW_MS && pauseAfter(tookMs, this.intervalMs) > this.intervalMs;
    this.slow = isSlow ? this.slow + 1 : 0;
    this.tookMs = tookMs;
    this.wroteAt = this.now();
  }

  warnings(): StoreWarning[] {
    if (this.slow < SLOW_IN_A_ROW || this.now() - this.wroteAt > FORGOTTEN_MS) return [];
    const everyMs = pauseAfter(this.tookMs, this.intervalMs);
    const message =
      `The store is slow: one write takes ${seconds(this.tookMs)} s, so progress is saved every ${seconds(everyMs)} s. ` +
      'Look at the load and the disk of the machine that keeps it.';
    return [{ code: 'slow', message }];
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1).replace(/\.0$/, '');
}
