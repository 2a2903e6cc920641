import type { Job, JobState } from '../../lib/jobs/job.ts';
import type { BatchRecord } from '../../lib/protocol/batches.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { BatchMember } from '../../lib/workflow/batch/batch-plan.ts';
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

/** What one job of a batch has instead of a workflow of its own: the input values that replace those of its batch's. */
export type MemberValues = BatchMember['values'];

/** A batch as it is accepted: its workflow once, and the jobs made of it, whose `batch` names it. */
export interface NewBatch {
  record: BatchRecord;
  workflow: StoredWorkflow;
  /** Queued jobs; their ids rise with their place, so that pods take them in that order. */
  members: readonly { job: Job; values: MemberValues }[];
}
export type CreateBatchOutcome =
  | { kind: 'created' }
  /** The key was used with the same body; the batch it made. */
  | { kind: 'replayed'; record: BatchRecord }
  | { kind: 'conflict' };

/** A batch, and how many of its jobs are in each state; those that history no longer keeps are in none. */
export interface StoredBatch {
  record: BatchRecord;
  counts: Record<JobState, number>;
}

export interface JobQuery {
  states?: readonly JobState[];
  /** Case-insensitive part of name or id. */
  q?: string;
  podId?: string;
  /** A batch's id; `none`: without the jobs that belong to one. */
  batch?: string;
  limit: number;
  cursor?: string;
}
export interface JobPage {
  jobs: StoredJob[];
  nextCursor?: string;
  /** Of all jobs that match `q`, `podId` and the batch named, whatever their state; `none` leaves nothing out here. */
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
  /** Takes a batch in with all its jobs: all of it or nothing. */
  createBatch(batch: NewBatch, claim?: IdempotencyClaim): Promise<CreateBatchOutcome>;
  batch(id: string): Promise<StoredBatch | undefined>;
  /** Newest first. A batch goes when the last of its jobs does. */
  batches(query: { limit: number; cursor?: string }): Promise<{ batches: StoredBatch[]; nextCursor?: string }>;
  /** Jobs of a batch in the order of their places. */
  batchJobs(id: string, query: { limit: number; cursor?: string }): Promise<{ jobs: StoredJob[]; nextCursor?: string }>;
  /** What an idempotency key was used with, and the id of the job or batch it made. */
  keyUse(key: string): Promise<{ bodyHash: string; id: string } | undefined>;
  get(id: string): Promise<StoredJob | undefined>;
  /** Of a job of a batch: the batch's workflow with the job's values in it. */
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
