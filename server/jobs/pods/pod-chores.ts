import type { Job, JobIn } from '../../../lib/jobs/job.ts';
import type { JobStore } from '../job-store.ts';
import type { JobWriter } from '../job-writer.ts';
import type { Log } from '../log.ts';
import { freedSentence, freeMemory } from './memory-freeing.ts';
import type { PodClient } from '../pod-client.ts';

export type Claimable = JobIn<'queued' | 'retry_wait'>;

export interface PodChoresDeps {
  client: Pick<PodClient, 'podId' | 'free' | 'probe' | 'queue'>;
  store: Pick<JobStore, 'get'>;
  /** Fenced. */
  writer: Pick<JobWriter, 'applyTo'>;
  log: Log;
  /** Resolves after so many milliseconds, at once when the pod is driven no more. */
  pause: (ms: number) => Promise<void>;
  signal: AbortSignal;
  /** Asks the pod how it is. @returns whether it may be given work */
  check: () => Promise<boolean>;
  /** Jobs of ours that keep it busy. */
  load: () => number;
  claim: (job: Claimable) => Promise<unknown>;
  /** It was told to free its memory. */
  onFreed: () => void;
  /** The last chore is done: there may be room again. */
  onDone: () => void;
}

const QUIET_LOOK_MS = 1000;
const AFTER_BREAK_MS = 1000;

/** Whether a pod has something to do for a job before it may claim it. */
export function needsChore(job: Claimable): boolean {
  return job.state === 'retry_wait' || job.next?.freeMemory === true;
}

/** Whether a job is one a driver may claim. */
export function isClaimable(job: Job): job is Claimable {
  return job.state === 'queued' || job.state === 'retry_wait';
}

/**
 * What is done on a pod while it is given nothing new: its health is checked before a retry, its memory freed before one
 * or at a person's order. One after the other; other pods go on meanwhile.
 */
export class PodChores {
  /** The job that the pod is being made ready for. */
  preparing: string | undefined;
  private waiting = 0;
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly deps: PodChoresDeps) {}

  get underway(): boolean {
    return this.waiting > 0;
  }

  /** Resolves when nothing is done any more; the signal must have been given. */
  stopped(): Promise<void> {
    return this.last;
  }

  /** Makes the pod ready for the job, then claims it. A pod that fails the check costs no attempt: the job waits. */
  prepare(job: Claimable): void {
    this.preparing = job.id;
    this.add(async () => {
      try {
        const ready = await this.ready(job);
        if (ready && !this.deps.signal.aborted) await this.deps.claim(ready);
      } finally {
        this.preparing = undefined;
      }
    });
  }

  /** A person's order: frees the memory once nothing of ours is on the pod. `onFreed` when that was tried. */
  freeOnce(onFreed: () => void): void {
    this.add(async () => {
      if (!(await this.quiet(() => true))) return;
      await this.free();
      onFreed();
      await this.deps.check();
    });
  }

  private async ready(job: Claimable): Promise<Claimable | undefined> {
    const frees = job.next?.freeMemory === true;
    if (frees && !(await this.quiet(() => this.isWaiting(job.id)))) return undefined;
    if (!(await this.deps.check())) return undefined;
    const note = frees
      ? { kind: 'memory_freed' as const, detail: await this.free() }
      : { kind: 'health_checked' as const, detail: 'The pod is well; it is given the job again.' };
    if (this.deps.signal.aborted) return undefined;
    const current = frees ? (await this.deps.store.get(job.id))?.job : job;
    if (!current || !isClaimable(current)) return undefined;
    const noted = await this.deps.writer.applyTo(current, { type: 'note', ...note });
    return noted && isClaimable(noted) ? noted : undefined;
  }

  private async free(): Promise<string> {
    this.deps.onFreed();
    try {
      return freedSentence(await freeMemory(this.deps));
    } catch (error) {
      this.deps.log.warn({ podId: this.deps.client.podId, reason: String(error) }, 'the pod did not free its memory');
      return 'The pod did not free its memory when it was told to.';
    }
  }

  /** @returns false where it is not wanted any more */
  private async quiet(isWanted: () => boolean | Promise<boolean>): Promise<boolean> {
    while (this.deps.load() > 0) {
      await this.deps.pause(QUIET_LOOK_MS);
      if (this.deps.signal.aborted || !(await isWanted())) return false;
    }
    return !this.deps.signal.aborted;
  }

  private async isWaiting(jobId: string): Promise<boolean> {
    const job = (await this.deps.store.get(jobId))?.job;
    return job !== undefined && isClaimable(job);
  }

  private add(work: () => Promise<void>): void {
    this.waiting += 1;
    this.last = this.last.then(async () => {
      try {
        if (!this.deps.signal.aborted) await work();
      } catch (error) {
        const { client, log } = this.deps;
        log.warn({ podId: client.podId, reason: String(error) }, 'a pod could not be made ready; that is tried again');
        await this.deps.pause(AFTER_BREAK_MS);
      } finally {
        this.waiting -= 1;
        if (this.waiting === 0) this.deps.onDone();
      }
    });
  }
}
