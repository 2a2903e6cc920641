/** Calls `fn` once after `ms` milliseconds; the answer takes it back. */
export type After = (ms: number, fn: () => void) => () => void;

export const afterRealTime: After = (ms, fn) => {
  const timer = setTimeout(fn, ms);
  return () => clearTimeout(timer);
};

interface Lane<T> {
  waiting?: { value: T } | undefined;
  cancel: () => void;
}

/**
 * Latest value wins: sends each key's first value at once, then at most one in `intervalMs`. A key without news costs
 * nothing after one interval.
 */
export class Coalescer<T> {
  private readonly lanes = new Map<string, Lane<T>>();

  constructor(
    private readonly intervalMs: number,
    private readonly send: (key: string, value: T) => void,
    private readonly after: After = afterRealTime,
  ) {}

  offer(key: string, value: T): void {
    const lane = this.lanes.get(key);
    if (lane) {
      lane.waiting = { value };
      return;
    }
    this.open(key);
    this.send(key, value);
  }

  /** Forgets what waits: something newer was sent another way. The pace is kept. */
  drop(key: string): void {
    const lane = this.lanes.get(key);
    if (lane) lane.waiting = undefined;
  }

  stop(): void {
    for (const lane of this.lanes.values()) lane.cancel();
    this.lanes.clear();
  }

  private open(key: string): void {
    const cancel = this.after(this.intervalMs, () => {
      const waiting = this.lanes.get(key)?.waiting;
      this.lanes.delete(key);
      if (!waiting) return;
      this.open(key);
      this.send(key, waiting.value);
    });
    this.lanes.set(key, { cancel });
  }
}
