import type { Job, JobState } from '../../lib/jobs/job.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import type { Fence } from './leases/lease.ts';
import type { PodCondition, PodMemory } from './pod-client.ts';

/** What a person submitted, kept apart from the job because it can be megabytes. */
export interface StoredWorkflow {
  prompt: Prompt;
  /** The saved (UI) form, when it was given. */
  workflow?: unknown;
}

export interface IdempotencyClaim {
  key: string;
  /** SHA-256 of the canonical body. */
  bodyHash: string;
}

export type CreateOutcome =
  | { kind: 'created' }
  /** The key was used with the same body; the job it made. */
  | { kind: 'replayed'; job: Job }
  | { kind: 'conflict' }
  /** Nothing was written: the job is claimed, and claims are held back for a moment. It can be created as queued. */
  | { kind: 'held_back' };

export interface JobQuery {
  states?: readonly JobState[];
  /** Case-insensitive part of name or id. */
  q?: string;
  podId?: string;
  limit: number;
  cursor?: string;
}
export interface JobPage {
  jobs: StoredJob[];
  nextCursor?: string;
  /** Of all jobs that match `q` and `podId`, whatever their state. */
  counts: Record<JobState, number>;
}
/** A job with the newest progress written for it. */
export interface StoredJob {
  job: Job;
  progress?: JobProgress;
  /** ISO 8601, when that progress was written. */
  progressAt?: string;
}

/**
 * Port to the place where jobs are kept. Every promise resolves only once the change is durable (it survives a power
 * cut for SQLite, whatever Redis' own settings promise there). Rejects with `StoreUnavailableError` when the store cannot
 * be used; nothing was changed then. A write with a `fence` that is no longer the pod's newest rejects with
 * `LeaseLostError` and changes nothing.
 */
export interface JobStore {
  /** Takes a new job in: queued, or claimed already where its acceptance and its intent are one write. */
  create(job: Job, workflow: StoredWorkflow, claim?: IdempotencyClaim, fence?: Fence): Promise<CreateOutcome>;
  get(id: string): Promise<StoredJob | undefined>;
  workflow(id: string): Promise<StoredWorkflow | undefined>;
  /**
   * Writes `next` if the stored revision is `next.revision - 1`; resolves to false, changing nothing, otherwise.
   * A terminal `next` moves the record from active to history, and drops its progress, in the same transaction;
   * a non-terminal one that was history moves it back.
   */
  replace(next: Job, fence?: Fence): Promise<boolean>;
  /** Progress is not a change of the job: no revision, active jobs only, silently nothing for any other. */
  saveProgress(id: string, progress: JobProgress, fence?: Fence): Promise<void>;
  list(query: JobQuery): Promise<JobPage>;
  /** Queued or due jobs that `podId` may take (`mayTake`), highest priority first, then oldest. `now` is ISO 8601. */
  claimable(podId: string, now: string, limit: number): Promise<Job[]>;
  /** Jobs in `submitting`, `uncertain` or `running` on a pod. */
  onPod(podId: string): Promise<StoredJob[]>;
  /** Every job that has not ended, oldest first. */
  active(): Promise<StoredJob[]>;
  /** The job whose newest attempt has this prompt id. */
  jobOfPrompt(promptId: string): Promise<string | undefined>;
  /** Deletes one job with all that belongs to it; false when there is none. */
  remove(id: string): Promise<boolean>;
  /** Pods that hold jobs on them, known to this configuration or not. */
  podsWithJobs(): Promise<string[]>;
  /** Earliest `retryAt` of all waiting jobs, ISO 8601. */
  nextRetryAt(): Promise<string | undefined>;
  podMemory(podId: string): Promise<PodMemory | undefined>;
  savePodMemory(podId: string, memory: PodMemory, fence?: Fence): Promise<void>;
  /** What its driver last found out about a pod. */
  podCondition(podId: string): Promise<PodCondition | undefined>;
  savePodCondition(podId: string, condition: PodCondition, fence?: Fence): Promise<void>;
  counts(): Promise<Record<JobState, number>>;
  /** Deletes history that ended before `endedBefore` (ISO 8601); resolves to the ids, whose output files may go too. */
  prune(endedBefore: string): Promise<string[]>;
  /** Resolves if the store can be written to. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export class StoreUnavailableError extends Error {
  readonly code = 'store_unavailable';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreUnavailableError';
  }
}
