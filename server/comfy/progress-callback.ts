import { waitMs } from '../jobs/wait.ts';

const INTERVAL_MS = 1000;

/** Turns a stream of percents into whole numbers for a program: rising, at most one a second, 100 only by `complete`. */
export class ProgressCallback {
  private told = -1;
  private toldAt = Number.NEGATIVE_INFINITY;
  private latest = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly breaking = new AbortController();

  constructor(
    private readonly call: (percent: number) => void,
    private readonly now: () => number,
  ) {}

  /** Aborted, with the error as its reason, when the program's function throws. */
  get broken(): AbortSignal {
    return this.breaking.signal;
  }

  offer(percent: number): void {
    this.latest = Math.max(this.latest, Math.min(99, Math.floor(percent)));
    if (this.timer || this.latest <= this.told) return;
    const dueIn = this.toldAt + INTERVAL_MS - this.now();
    if (dueIn <= 0) return this.tell(this.latest);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.tell(this.latest);
    }, dueIn);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Tells 100, a second after the last call at the earliest. */
  async complete(): Promise<void> {
    this.stop();
    await waitMs(Math.max(0, this.toldAt + INTERVAL_MS - this.now()), this.broken);
    if (!this.broken.aborted) this.tell(100);
  }

  private tell(percent: number): void {
    this.told = percent;
    this.toldAt = this.now();
    try {
      this.call(percent);
    } catch (error) {
      this.breaking.abort(error);
    }
  }
}
