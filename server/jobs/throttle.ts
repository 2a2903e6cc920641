/** Latest value wins: at most one call in `intervalMs`, never two at once, the last value is not lost but by `stop`. */
export interface Throttle<T> {
  offer(value: T): void;
  /** No further call; resolves when one under way has ended. */
  stop(): Promise<void>;
}

export function throttle<T>(intervalMs: number, call: (value: T) => Promise<void>): Throttle<T> {
  let latest: { value: T } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  const fire = () => {
    timer = undefined;
    if (!latest || stopped) return;
    const { value } = latest;
    latest = undefined;
    running = call(value).catch(() => undefined);
    timer = setTimeout(() => void running.then(fire), intervalMs);
  };

  return {
    offer(value) {
      latest = { value };
      if (timer === undefined && !stopped) fire();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
