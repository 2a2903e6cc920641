/** How many seconds' worth of requests may go out at once after a quiet time. */
const BURST_SECONDS = 2;

interface Waiting {
  urgent: boolean;
  go: () => void;
}

export interface PaceClock {
  /** Milliseconds, of which only differences matter. */
  now: () => number;
  /** Calls `fn` once after `ms`; the function returned takes that back. */
  after: (ms: number, fn: () => void) => () => void;
}

const realClock: PaceClock = {
  now: () => performance.now(),
  after: (ms, fn) => {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};

/** A token bucket before the requests to one pod: none is dropped, the urgent ones go first, equal ones in their order. */
export class RequestPace {
  private tokens: number;
  private filledAt: number;
  private waiting: Waiting[] = [];
  private cancelTimer: (() => void) | undefined;

  /** `perSecond` 0: no limit. */
  constructor(
    private readonly perSecond: number,
    private readonly clock: PaceClock = realClock,
  ) {
    this.tokens = perSecond * BURST_SECONDS;
    this.filledAt = clock.now();
  }

  /** Undefined where the request may leave at once, else what to wait for. */
  turn(urgent: boolean): Promise<void> | undefined {
    if (this.perSecond === 0) return undefined;
    this.fill();
    if (this.waiting.length === 0 && this.tokens >= 1) {
      this.tokens -= 1;
      return undefined;
    }
    return new Promise((resolve) => {
      const place = urgent ? this.waiting.findIndex((one) => !one.urgent) : -1;
      this.waiting.splice(place < 0 ? this.waiting.length : place, 0, { urgent, go: resolve });
      this.arm();
    });
  }

  /** Lets everything go that waits: the calls end by themselves. */
  close(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    for (const { go } of this.waiting.splice(0)) go();
  }

  private fill(): void {
    const now = this.clock.now();
    const gained = ((now - this.filledAt) / 1000) * this.perSecond;
    this.tokens = Math.min(this.perSecond * BURST_SECONDS, this.tokens + gained);
    this.filledAt = now;
  }

  private arm(): void {
    if (this.cancelTimer || this.waiting.length === 0) return;
    const ms = Math.max(1, Math.ceil(((1 - this.tokens) / this.perSecond) * 1000));
    this.cancelTimer = this.clock.after(ms, () => {
      this.cancelTimer = undefined;
      this.fill();
      while (this.tokens >= 1 && this.waiting.length > 0) {
        this.tokens -= 1;
        this.waiting.shift()?.go();
      }
      this.arm();
    });
  }
}
