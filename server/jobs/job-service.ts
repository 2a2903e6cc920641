import { createHash, randomUUID } from 'node:crypto';
import { isTerminal, type Job, type JobIn, type JobOutput, type JobState } from '../../lib/jobs/job.ts';
import { detailOf, summaryOf } from '../../lib/jobs/job-view.ts';
import { allowedIn, newJob, transition } from '../../lib/jobs/transition.ts';
import type { JobDetail, JobFilter, JobList, SubmitJobBody } from '../../lib/protocol/jobs.ts';
import { MAX_PROMPT_NODES, promptSchema, type Prompt } from '../../lib/workflow/prompt.ts';
import { DeskError, type JobDesk } from './desk.ts';
import type { JobEvents } from './job-events.ts';
import type { CreateOutcome, IdempotencyClaim, JobStore, StoredJob, StoredWorkflow } from './job-store.ts';
import type { Clock, JobWriter } from './job-writer.ts';
import { isLeaseLost, type Fence } from './lease.ts';

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
  knowsPod(podId: string): boolean;
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
    const stored = readWorkflow(body.workflow);
    if (body.pod !== undefined && !this.deps.runner.knowsPod(body.pod))
      throw new DeskError('invalid_request', `There is no pod "${body.pod}".`, [
        { field: 'pod', message: 'Use the id of a pod from GET /api/pods, or leave it out.' },
      ]);
    const at = this.deps.clock.now().toISOString();
    const job = newJob({
      id: randomUUID(),
      name: body.name ?? nameOf(stored.prompt),
      at,
      ...(body.pod !== undefined && { wantedPodId: body.pod }),
      ...(body.priority !== undefined && { priority: body.priority }),
      ...(body.metadata !== undefined && { metadata: body.metadata }),
    });
    const claim = idempotencyKey === undefined ? undefined : { key: idempotencyKey, bodyHash: hashOf(body) };
    const outcome = await this.accept(job, stored, claim, this.deps.runner.reserve(job));
    if (outcome.kind === 'conflict')
      throw new DeskError(
        'idempotency_conflict',
        'This Idempotency-Key was used with another body. Use a new key for a new job.',
      );
    if (outcome.kind === 'replayed') return { kind: 'replayed', job: this.detail({ job: outcome.job }) };
    return { kind: 'created', job: detailOf(job) };
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

  convert(workflow: Record<string, unknown>): Prompt {
    return readWorkflow(workflow).prompt;
  }

  async get(id: string): Promise<JobDetail | undefined> {
    const stored = await this.deps.store.get(id);
    return stored && this.detail(stored);
  }

  workflow(id: string): Promise<StoredWorkflow | undefined> {
    return this.deps.store.workflow(id);
  }

  async list(query: { filter: JobFilter; limit: number; cursor?: string }): Promise<JobList> {
    const { state, q, pod } = query.filter;
    const page = await this.deps.store.list({
      limit: Math.min(Math.max(query.limit, 1), 100),
      ...(state && state.length > 0 && { states: state }),
      ...(q !== undefined && q !== '' && { q }),
      ...(pod !== undefined && { podId: pod }),
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

  async retry(id: string): Promise<JobDetail> {
    if (this.closed) throw new DeskError('shutting_down', 'Podium is shutting down. Retry in a moment.');
    const job = await this.deps.writer.apply(id, (now) => {
      if (!allowedIn.retry_request.includes(now.state)) throw conflict(now, 'retried');
      return { type: 'retry_request' };
    });
    if (!job) throw notFound(id);
    this.deps.runner.wake();
    return this.detail({ job });
  }

  async output(id: string, index: number): Promise<JobOutput | undefined> {
    const stored = await this.deps.store.get(id);
    return stored?.job.outputs.find((output) => output.index === index);
  }

  counts(): Promise<Record<JobState, number>> {
    return this.deps.store.counts();
  }

  private detail(stored: StoredJob): JobDetail {
    return detailOf(stored.job, this.progressOf(stored));
  }

  private progressOf(stored: StoredJob): StoredJob['progress'] {
    return this.deps.runner.liveProgress(stored.job.id) ?? stored.progress;
  }
}

function notFound(id: string): DeskError {
  return new DeskError('job_not_found', `There is no job ${id}. It may have been older than the history is kept.`);
}

function conflict(job: Job, verb: string): DeskError {
  return new DeskError('state_conflict', `A job that is ${job.state.replace('_', ' ')} cannot be ${verb}.`);
}

/**
 * The prompt (API form) inside a submitted `workflow`: itself, or `{prompt, workflow?}`.
 * @throws DeskError `invalid_workflow`, naming every wrong node
 */
export function readWorkflow(body: Record<string, unknown>): StoredWorkflow {
  if (Array.isArray(body['nodes']) && (Array.isArray(body['links']) || 'last_node_id' in body))
    throw new DeskError('invalid_workflow', 'This is a workflow as ComfyUI saves it, not the API form a pod takes.', [
      { field: 'workflow', message: 'In ComfyUI choose Workflow → Export (API) and submit that file.' },
    ]);
  const wrapped = isRecord(body['prompt']) && body['class_type'] === undefined;
  const candidate = wrapped ? body['prompt'] : body;
  const parsed = promptSchema.safeParse(candidate);
  if (!parsed.success) {
    const errors = parsed.error.issues.slice(0, 20).map((issue) => ({
      field: ['workflow', ...issue.path.map(String)].join('.'),
      message: `${issue.message}. A node is {"class_type": …, "inputs": {…}}.`,
    }));
    throw new DeskError('invalid_workflow', 'This is not a prompt in ComfyUI’s API form.', errors);
  }
  const prompt = parsed.data;
  const ids = Object.keys(prompt);
  if (ids.length === 0)
    throw new DeskError('invalid_workflow', 'The workflow has no nodes.', [
      { field: 'workflow', message: 'Add at least one node whose result is saved.' },
    ]);
  if (ids.length > MAX_PROMPT_NODES)
    throw new DeskError(
      'invalid_workflow',
      `The workflow has ${ids.length} nodes; at most ${MAX_PROMPT_NODES} are taken.`,
    );
  return { prompt, ...(wrapped && body['workflow'] !== undefined && { workflow: body['workflow'] }) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const MAX_NAME = 80;
/** A name for a job nobody named: its text prompt, else what its last node does. */
function nameOf(prompt: Prompt): string {
  const nodes = Object.values(prompt);
  const text = nodes
    .filter((node) => node.class_type.startsWith('CLIPTextEncode'))
    .map((node) => node.inputs['text'])
    .find((value): value is string => typeof value === 'string' && value.trim() !== '');
  const name = text ?? nodes.at(-1)?.class_type ?? 'Workflow';
  const line = name.replace(/\s+/g, ' ').trim();
  return line.length > MAX_NAME ? `${line.slice(0, MAX_NAME - 1)}…` : line;
}

/** SHA-256 of a JSON value whatever the order of its keys. */
function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (isRecord(value)) {
    const keys = Object.keys(value).toSorted();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
