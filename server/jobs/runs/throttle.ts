/** Latest value wins: at most one call in `intervalMs`, never two at once, the last value is not lost but by `stop`. */
export interface Throttle<T> {
  offer(value: T): void;
  /** No further call; resolves when one under way has ended. */
  stop(): Promise<void>;
}

/** A call that took long is followed by a pause of so many times its time: at most a tenth of the time is spent in calls. */
const SLOWER = 10;
/** However slow calls are, the pause grows no longer by that. */
const MAX_SLOWED_MS = 30_000;

/** Pause from the begin of one call to the next, by how long the last one took. */
export function pauseAfter(tookMs: number, intervalMs: number): number {
  return Math.max(intervalMs, Math.min(SLOWER * tookMs, MAX_SLOWED_MS));
}

export function throttle<T>(intervalMs: number, call: (value: T) => Promise<void>): Throttle<T> {
  let latest: { value: T } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  const fire = () => {
    timer = undefined;
    if (!latest || stopped) return;
    const { value } = latest;
    latest = undefined;
    const begun = performance.now();
    running = call(value)
      .catch(() => undefined)
      .then(() => {
        running = undefined;
        const tookMs = performance.now() - begun;
        if (!stopped) timer = setTimeout(fire, Math.max(0, pauseAfter(tookMs, intervalMs) - tookMs));
      });
  };

  return {
    offer(value) {
      latest = { value };
      if (timer === undefined && running === undefined && !stopped) fire();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
