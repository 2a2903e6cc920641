import { vi } from 'vitest';

const realSetTimeout = globalThis.setTimeout;
/** Turns of the event loop in which a local request and its answer make their way, between two steps. */
const REAL_MS_A_STEP = 1;
const TURNS_A_STEP = 4;

/** From now on timers and clocks of this process stand still but for `passVirtually`. Sockets and files stay real. */
export function beginVirtualTime(): void {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    now: Date.now(),
  });
}

export function endVirtualTime(): void {
  vi.useRealTimers();
}

/**
 * Lets time pass in steps, between which what is on its way goes on. A busy machine makes it slower, never late.
 * @returns whether `until` came true
 */
export async function passVirtually(ms: number, stepMs: number, until: () => boolean = () => false): Promise<boolean> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    if (until()) return true;
    vi.advanceTimersByTime(stepMs);
    await new Promise((resolve) => realSetTimeout(resolve, REAL_MS_A_STEP));
    for (let turn = 0; turn < TURNS_A_STEP; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  return until();
}
