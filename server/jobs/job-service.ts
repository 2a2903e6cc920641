import { randomUUID } from 'node:crypto';
import { isTerminal, type Job, type JobIn, type JobOutput, type JobState } from '../../lib/jobs/job.ts';
import { detailOf, summaryOf } from '../../lib/jobs/job-view.ts';
import { allowedIn, newJob, transition } from '../../lib/jobs/transition.ts';
import type {
  FailureList,
  JobDetail,
  JobFilter,
  JobList,
  JobOutlook,
  RetryJobBody,
  SubmitJobBody,
} from '../../lib/protocol/jobs.ts';
import type { PodView } from '../../lib/protocol/pods.ts';
import { DeskError, type JobDesk } from './desk.ts';
import { failureKey, type FailureGroups } from './failures/failure-groups.ts';
import type { JobEvents } from './job-events.ts';
import type { CreateOutcome, IdempotencyClaim, JobStore, StoredJob, StoredWorkflow } from './job-store.ts';
import type { Clock, JobWriter } from './job-writer.ts';
import { isLeaseLost, type Fence } from './leases/lease.ts';
import { limiter } from './limiter.ts';
import type { PodCatalogs } from './failures/pod-catalogs.ts';
import { retryOutlook } from './failures/retry-outlook.ts';
import type { Admission, Admitted } from './preflight/admission.ts';
import { hashOf, nameOf } from './submitted-workflow.ts';

/** Jobs of a group that are retried at once. */
const RETRIES_AT_ONCE = 16;

/** What the service tells the runner, so that nothing waits for a timer. */
export interface RunnerSignals {
  /** Work may have become claimable. */
  wake(): void;
  /** A place for a new job on an idle pod, held until it is used or released; undefined where the job must queue. */
  reserve(job: JobIn<'queued'>): Reservation | undefined;
  /** A cancel wish was recorded on a job that a pod may have. */
  cancelRequested(jobId: string): void;
  /** Newest progress in memory, fresher than the store's. */
  liveProgress(jobId: string): StoredJob['progress'];
  /** @throws DeskError where there is no such pod */
  requirePod(podId: string | undefined): void;
  pods(): PodView[];
}

/** A slot of one pod, held for a job that is being accepted, so that its acceptance and its intent are one write. */
export interface Reservation {
  readonly podId: string;
  readonly fence: Fence;
  /** The job with the intent is durable: the run begins. */
  begin(job: JobIn<'submitting'>, workflow: StoredWorkflow): void;
  release(): void;
}

export interface JobServiceDeps {
  store: JobStore;
  writer: JobWriter;
  events: JobEvents;
  runner: RunnerSignals;
  clock: Clock;
  groups: FailureGroups;
  catalogs: Pick<PodCatalogs, 'lacks'>;
  admission: Pick<Admission, 'admit'>;
}

/** What a person or the API does with jobs. */
export class JobService implements JobDesk {
  private closed = false;

  constructor(private readonly deps: JobServiceDeps) {}

  /** No new work from now on; reading goes on. */
  close(): void {
    this.closed = true;
  }

  async submit(
    body: SubmitJobBody,
    idempotencyKey?: string,
  ): Promise<{ kind: 'created' | 'replayed'; job: JobDetail }> {
    if (this.closed) throw new DeskError('shutting_down', 'Podium is shutting down. Send the job again in a moment.');
    this.deps.runner.requirePod(body.pod);
    const claim = idempotencyKey === undefined ? undefined : { key: idempotencyKey, bodyHash: hashOf(body) };
    const admitted = await this.admit(body, claim);
    if ('replayed' in admitted) return { kind: 'replayed', job: admitted.replayed };
    const { stored, ...judged } = admitted;
    const at = this.deps.clock.now().toISOString();
    const job = newJob({
      id: randomUUID(),
      name: body.name ?? nameOf(stored.prompt),
      at,
      ...(body.pod !== undefined && { wantedPodId: body.pod }),
      ...(body.priority !== undefined && { priority: body.priority }),
      ...(body.metadata !== undefined && { metadata: body.metadata }),
      ...judged,
    });
    const outcome = await this.accept(job, stored, claim, this.deps.runner.reserve(job));
    if (outcome.kind === 'conflict') throw keyConflict();
    if (outcome.kind === 'replayed') return { kind: 'replayed', job: this.detail({ job: outcome.job }) };
    return { kind: 'created', job: detailOf(job) };
  }

  /** What no pod can run now may have been accepted before: a key that made a job still answers with that. */
  private async admit(
    body: SubmitJobBody,
    claim: IdempotencyClaim | undefined,
  ): Promise<Admitted | { replayed: JobDetail }> {
    try {
      return await this.deps.admission.admit(body);
    } catch (refusal) {
      const used = claim && (await this.deps.store.keyUse(claim.key));
      if (!used) throw refusal;
      if (used.bodyHash !== claim.bodyHash) throw keyConflict();
      const made = await this.get(used.id);
      if (!made) throw refusal;
      return { replayed: made };
    }
  }

  /** Writes the job, already claimed where a pod is idle: its first byte leaves after one durable write instead of two. */
  private async accept(
    job: JobIn<'queued'>,
    stored: StoredWorkflow,
    claim: IdempotencyClaim | undefined,
    place: Reservation | undefined,
  ): Promise<CreateOutcome> {
    const { store, events, runner } = this.deps;
    const claimed =
      place && transition(job, { type: 'claim', at: job.createdAt, podId: place.podId, promptId: randomUUID() });
    const outcome = await store.create(claimed ?? job, stored, claim, place?.fence).catch((error: unknown) => {
      place?.release();
      if (place && isLeaseLost(error)) return { kind: 'held_back' as const };
      throw error;
    });
    if (outcome.kind === 'held_back') {
      if (!place) throw new Error(`Job ${job.id} was held back although nobody claimed it`);
      place.release();
      return this.accept(job, stored, claim, undefined);
    }
    if (outcome.kind !== 'created') {
      place?.release();
      return outcome;
    }
    events.jobChanged(job);
    if (place && claimed?.state === 'submitting') {
      events.jobChanged(claimed);
      place.begin(claimed, stored);
    } else runner.wake();
    return outcome;
  }

  async get(id: string): Promise<JobDetail | undefined> {
    const stored = await this.deps.store.get(id);
    return stored && this.detail(stored);
  }

  workflow(id: string): Promise<StoredWorkflow | undefined> {
    return this.deps.store.workflow(id);
  }

  async list(query: { filter: JobFilter; limit: number; cursor?: string }): Promise<JobList> {
    const { state, q, pod, batch } = query.filter;
    const page = await this.deps.store.list({
      limit: Math.min(Math.max(query.limit, 1), 100),
      ...(state && state.length > 0 && { states: state }),
      ...(q !== undefined && q !== '' && { q }),
      ...(pod !== undefined && { podId: pod }),
      ...(batch !== undefined && { batch }),
      ...(query.cursor !== undefined && { cursor: query.cursor }),
    });
    return {
      jobs: page.jobs.map((stored) => summaryOf(stored.job, this.progressOf(stored))),
      nextCursor: page.nextCursor ?? null,
      counts: page.counts,
    };
  }

  async cancel(id: string): Promise<JobDetail> {
    const job = await this.deps.writer.apply(id, (now) => {
      if (isTerminal(now.state)) throw conflict(now, 'cancelled');
      return { type: 'cancel_request' };
    });
    if (!job) throw notFound(id);
    if (!isTerminal(job.state)) this.deps.runner.cancelRequested(id);
    return this.detail({ job });
  }

  async retry(id: string, options: RetryJobBody = {}): Promise<JobDetail> {
    this.requireOpen();
    this.deps.runner.requirePod(options.pod);
    const job = await this.deps.writer.apply(id, (now) => {
      if (!allowedIn.retry_request.includes(now.state)) throw conflict(now, 'retried');
      const { pod, freeMemory } = options;
      return {
        type: 'retry_request',
        ...(pod !== undefined && { podId: pod }),
        ...(freeMemory !== undefined && { freeMemory }),
      };
    });
    if (!job) throw notFound(id);
    this.deps.runner.wake();
    return this.detail({ job });
  }

  async outlook(id: string): Promise<JobOutlook> {
    const job = (await this.deps.store.get(id))?.job;
    if (!job) throw notFound(id);
    if (!allowedIn.retry_request.includes(job.state)) throw conflict(job, 'retried, so nothing can be said of a retry');
    const pods = this.deps.runner.pods().filter((pod) => [undefined, pod.id].includes(job.wantedPodId));
    return retryOutlook('error' in job ? job.error : undefined, pods, (podId, things) =>
      this.deps.catalogs.lacks(podId, things),
    );
  }

  failures(): Promise<FailureList> {
    return this.deps.groups.list();
  }

  async retryGroup(key: string): Promise<number> {
    this.requireOpen();
    const ids = await this.deps.groups.members(key);
    if (ids.length === 0)
      throw new DeskError(
        'not_found',
        `No failed job belongs to the group "${key}" any more. See GET /api/failures for the groups there are now.`,
      );
    const inTurn = limiter(RETRIES_AT_ONCE);
    const retried = await Promise.all(ids.map((id) => inTurn(() => this.retryMember(id, key))));
    this.deps.runner.wake();
    return retried.filter(Boolean).length;
  }

  /** False where the job has changed since it was put into the group. */
  private async retryMember(id: string, key: string): Promise<boolean> {
    let belongs = false;
    await this.deps.writer.apply(id, (now) => {
      belongs = now.state === 'failed' && failureKey(now.error) === key;
      return belongs ? { type: 'retry_request' } : undefined;
    });
    return belongs;
  }

  async output(id: string, index: number): Promise<JobOutput | undefined> {
    const stored = await this.deps.store.get(id);
    return stored?.job.outputs.find((output) => output.index === index);
  }

  counts(): Promise<Record<JobState, number>> {
    return this.deps.store.counts();
  }

  private requireOpen(): void {
    if (this.closed) throw new DeskError('shutting_down', 'Podium is shutting down. Retry in a moment.');
  }

  private detail(stored: StoredJob): JobDetail {
    return detailOf(stored.job, this.progressOf(stored));
  }

  private progressOf(stored: StoredJob): StoredJob['progress'] {
    return this.deps.runner.liveProgress(stored.job.id) ?? stored.progress;
  }
}

function keyConflict(): DeskError {
  return new DeskError(
    'idempotency_conflict',
    'This Idempotency-Key was used with another body. Use a new key for a new job.',
  );
}

function notFound(id: string): DeskError {
  return new DeskError('job_not_found', `There is no job ${id}. It may have been older than the history is kept.`);
}

function conflict(job: Job, verb: string): DeskError {
  return new DeskError('state_conflict', `A job that is ${job.state.replace('_', ' ')} cannot be ${verb}.`);
}
