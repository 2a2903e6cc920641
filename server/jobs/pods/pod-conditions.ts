import type { JobStore } from '../job-store.ts';
import type { Fence } from '../leases/lease.ts';
import type { PodCondition } from '../pod-client.ts';

/**
 * What the driver of one pod found out about it and keeps beyond its own life. Parts of the driver each change their own
 * fields; the store always gets the whole, one write at a time.
 */
export class PodConditions {
  private condition: PodCondition = {};
  private writing: Promise<void> = Promise.resolve();
  /** Changes so far, and how many of them are known to be written. */
  private changes = 0;
  private written = 0;

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
   * Changes what is known, at once for readers; resolves when everything known is durable. A change that could not be
   * written goes with the next call, also one that changes nothing. @throws StoreUnavailableError, LeaseLostError
   */
  patch(change: (now: PodCondition) => PodCondition): Promise<void> {
    const next = change(this.condition);
    if (next !== this.condition) this.changes += 1;
    this.condition = next;
    return this.written === this.changes ? Promise.resolve() : this.save();
  }

  /** Writes everything known once more, since the store may have lost it; where that fails, with the next call. Never rejects. */
  async rewrite(): Promise<void> {
    this.changes += 1;
    await this.save().catch(() => undefined);
  }

  private save(): Promise<void> {
    const write = async () => {
      const { changes, condition } = this;
      await this.store.savePodCondition(this.fence.podId, condition, this.fence);
      this.written = changes;
    };
    const saved = this.writing.then(write);
    // Whoever asked for the write hears of its failure.
    this.writing = saved.catch(() => undefined);
    return saved;
  }
}
