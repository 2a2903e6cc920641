import type {
  FailureList,
  JobDetail,
  JobFilter,
  JobList,
  JobOutlook,
  RetryJobBody,
  SubmitJobBody,
} from '../../lib/protocol/jobs.ts';
import type { PodAction, PodView } from '../../lib/protocol/pods.ts';
import type { ConvertedWorkflow, WorkflowBody, WorkflowCheck } from '../../lib/protocol/workflows.ts';
import type { ProblemCode } from '../../lib/protocol/errors.ts';
import type { JobOutput, JobState } from '../../lib/jobs/job.ts';
import type { Recovery } from '../../lib/jobs/recovery.ts';
import type { DispatchState, SystemView } from '../../lib/protocol/system.ts';
import type { StoredWorkflow } from './job-store.ts';

/** What the API and the relay may ask of the domain about jobs. Every method may reject with `DeskError`. */
export interface JobDesk {
  /** Resolves once the job is durable. `replayed`: the key was used before with the same body. */
  submit(body: SubmitJobBody, idempotencyKey?: string): Promise<{ kind: 'created' | 'replayed'; job: JobDetail }>;
  get(id: string): Promise<JobDetail | undefined>;
  workflow(id: string): Promise<StoredWorkflow | undefined>;
  /** Newest first. `limit` 1–100. */
  list(query: { filter: JobFilter; limit: number; cursor?: string }): Promise<JobList>;
  cancel(id: string): Promise<JobDetail>;
  /** A further attempt, as if none had been; `pod`: there and nowhere else. */
  retry(id: string, options?: RetryJobBody): Promise<JobDetail>;
  /** What a retry of this failed job would meet now, by what the pods have. */
  outlook(id: string): Promise<JobOutlook>;
  /** Failed jobs by cause, of the newest ones. */
  failures(): Promise<FailureList>;
  /** Retries every job of a group. @returns how many */
  retryGroup(key: string): Promise<number>;
  output(id: string, index: number): Promise<JobOutput | undefined>;
  counts(): Promise<Record<JobState, number>>;
}

/** What the API may ask about a workflow before it becomes a job. Methods may reject with `DeskError`. */
export interface WorkflowDesk {
  /** Any accepted form of a workflow as the prompt a pod takes. */
  convert(body: WorkflowBody): Promise<ConvertedWorkflow>;
  /** The same, and what each pod would make of it. */
  check(body: WorkflowBody): Promise<WorkflowCheck>;
}

/** What the API and the relay may ask of the domain about pods. */
export interface PodDesk {
  pods(): PodView[];
  pod(id: string): PodView | undefined;
  /** Store writable, at least one pod usable; each reason is a sentence. */
  /** Resolves once the order is durable; whoever drives the pod carries it out within seconds. */
  order(id: string, action: PodAction): Promise<PodView>;
  readiness(): Promise<{ ready: boolean; reasons: string[] }>;
}

/** What the API may ask about the desk as a whole. Methods may reject with `DeskError` or `StoreUnavailableError`. */
export interface SystemDesk {
  system(): Promise<SystemView>;
  /** Newest first, at most 200. */
  recoveries(limit: number): Promise<Recovery[]>;
  /** Stops giving queued jobs to pods, on every instance; jobs on pods go on. */
  pause(): Promise<DispatchState>;
  resume(): Promise<DispatchState>;
}

/** A refusal, by closed code; adapters turn it into a problem body. Compare by `code`. */
export class DeskError extends Error {
  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly errors?: { field: string; message: string }[],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DeskError';
  }
}
