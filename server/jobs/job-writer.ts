import type { Job } from '../../lib/jobs/job.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import { transition, type JobEvent } from '../../lib/jobs/transition.ts';
import type { JobEvents } from './job-events.ts';
import type { JobStore, StoredJob } from './job-store.ts';
import type { Fence } from './leases/lease.ts';

type WithoutTime<E> = E extends { at: string } ? Omit<E, 'at'> : never;
/** A job event whose time the writer fills in. */
export type JobEventInput = WithoutTime<JobEvent>;

export interface Clock {
  now(): Date;
}

/** More lost races than any honest contention makes: something writes in a loop. */
const MAX_RACES = 50;

/** The one place where jobs are changed: read, `transition`, compare-and-swap, then tell. */
export class JobWriter {
  constructor(
    private readonly store: JobStore,
    private readonly events: JobEvents,
    private readonly clock: Clock,
    private readonly fence?: Fence,
  ) {}

  /** The same, for whoever drives the fence's pod: refused once somebody else does. */
  fenced(fence: Fence): JobWriter {
    return new JobWriter(this.store, this.events, this.clock, fence);
  }

  /**
   * Applies the event that `decide` picks for the job as it is stored; nothing when it picks none. `known`: the job as it
   * was just read, which saves a read where it is still so.
   * @returns the job as it is after; undefined when there is no such job
   * @throws IllegalTransitionError, StoreUnavailableError, LeaseLostError
   */
  async apply(
    id: string,
    decide: (job: Job) => JobEventInput | undefined,
    known?: StoredJob,
  ): Promise<Job | undefined> {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const stored = race === 0 && known ? known : await this.store.get(id);
      if (!stored) return undefined;
      const input = decide(stored.job);
      if (!input) return stored.job;
      const next = transition(stored.job, { ...input, at: this.clock.now().toISOString() });
      if (next === stored.job) return next;
      if (await this.store.replace(next, this.fence)) {
        this.events.jobChanged(next, stored.progress);
        return next;
      }
    }
    throw new Error(`Job ${id} changed ${MAX_RACES} times while it was being written`);
  }

  /** Applies one event to a job the caller just read; false when somebody else changed it first. */
  async applyTo(job: Job, input: JobEventInput): Promise<Job | false> {
    const next = transition(job, { ...input, at: this.clock.now().toISOString() });
    if (!(await this.store.replace(next, this.fence))) return false;
    this.events.jobChanged(next);
    return next;
  }

  async saveProgress(id: string, progress: JobProgress): Promise<void> {
    await this.store.saveProgress(id, progress, this.fence);
  }
}
