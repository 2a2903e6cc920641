import type { JobStore } from './job-store.ts';
import type { Fence } from './lease.ts';
import type { PodCondition } from './pod-client.ts';

/**
 * What the driver of one pod found out about it and keeps beyond its own life. Parts of the driver each change their own
 * fields; the store always gets the whole, one write at a time.
 */
export class PodConditions {
  private condition: PodCondition = {};
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: Pick<JobStore, 'podCondition' | 'savePodCondition'>,
    private readonly fence: Fence,
  ) {}

  get now(): PodCondition {
    return this.condition;
  }

  /** What an earlier driver left; to be called before anything is changed. @throws StoreUnavailableError */
  async read(): Promise<PodCondition> {
    this.condition = (await this.store.podCondition(this.fence.podId)) ?? {};
    return this.condition;
  }

  /**
   * Changes what is known, at once for readers; resolves when that is durable, at once where nothing changed. A change
   * that could not be written goes with the next. @throws StoreUnavailableError, LeaseLostError
   */
  patch(change: (now: PodCondition) => PodCondition): Promise<void> {
    const next = change(this.condition);
    if (next === this.condition) return this.writing;
    this.condition = next;
    return this.save();
  }

  /** Writes the newest. @throws StoreUnavailableError, LeaseLostError */
  save(): Promise<void> {
    const written = this.writing
      .catch(() => undefined)
      .then(() => this.store.savePodCondition(this.fence.podId, this.condition, this.fence));
    this.writing = written;
    // Whoever asked for the write hears of its failure.
    written.catch(() => undefined);
    return written;
  }
}
