import { randomUUID } from 'node:crypto';
import { isTerminal, type Job, type JobState } from '../../../lib/jobs/job.ts';
import { summaryOf } from '../../../lib/jobs/job-view.ts';
import { newJob } from '../../../lib/jobs/transition.ts';
import {
  submitBatchBodySchema,
  type BatchList,
  type BatchView,
  type SubmitBatchBody,
} from '../../../lib/protocol/batches.ts';
import { expandPlan, planProblem } from '../../../lib/workflow/batch/expand-plan.ts';
import { memberPrompt } from '../../../lib/workflow/batch/member-prompt.ts';
import { modelsOf } from '../../../lib/workflow/preflight/models.ts';
import { DeskError } from '../desk.ts';
import type { JobEvents } from '../job-events.ts';
import type { RunnerSignals } from '../job-service.ts';
import type { JobStore, NewBatch } from '../job-store.ts';
import type { Clock, JobEventInput, JobWriter } from '../job-writer.ts';
import { limiter } from '../limiter.ts';
import { admittedBy } from '../preflight/admission.ts';
import type { PodJudge } from '../preflight/pod-judge.ts';
import type { WorkflowReader } from '../preflight/workflow-reader.ts';
import { hashOf, nameOf } from '../submitted-workflow.ts';
import type { BatchDesk } from './batch-desk.ts';
import { ACTIVE_STATES, batchView } from './batch-views.ts';
import { SweepVerdicts } from './sweep-verdicts.ts';

/** Jobs of a batch that are changed at once. */
const CHANGES_AT_ONCE = 64;
/** Characters of JSON: every job of the batch keeps it. */
const MAX_METADATA = 4000;
/** More than a batch has. */
const ALL_JOBS = 1001;

interface BatchServiceDeps {
  store: JobStore;
  writer: Pick<JobWriter, 'apply'>;
  events: Pick<JobEvents, 'batchMade'>;
  runner: Pick<RunnerSignals, 'wake' | 'cancelRequested' | 'liveProgress' | 'requirePod'>;
  clock: Clock;
  reader: Pick<WorkflowReader, 'read'>;
  judge: Pick<PodJudge, 'verdicts'>;
  /** As `Math.random`. */
  random: () => number;
}

/** What a person or the API does with batches. */
export class BatchService implements BatchDesk {
  private closed = false;

  constructor(private readonly deps: BatchServiceDeps) {}

  /** No new work from now on; reading goes on. */
  close(): void {
    this.closed = true;
  }

  async submit(
    body: SubmitBatchBody,
    idempotencyKey?: string,
  ): Promise<{ kind: 'created' | 'replayed'; batch: BatchView }> {
    this.requireOpen();
    this.deps.runner.requirePod(body.pod);
    const claim = idempotencyKey === undefined ? undefined : { key: idempotencyKey, bodyHash: hashOf({ batch: body }) };
    const batch = await this.prepare(body);
    const outcome = await this.deps.store.createBatch(batch, claim);
    if (outcome.kind === 'conflict')
      throw new DeskError(
        'idempotency_conflict',
        'This Idempotency-Key was used with another body. Use a new key for a new batch.',
      );
    const { record } = outcome.kind === 'replayed' ? outcome : batch;
    if (outcome.kind === 'created') {
      this.deps.events.batchMade(record.id);
      this.deps.runner.wake();
    }
    return { kind: outcome.kind, batch: await this.viewOf(record.id) };
  }

  async get(id: string): Promise<BatchView | undefined> {
    const stored = await this.deps.store.batch(id);
    return stored && batchView(stored, this.looks());
  }

  async list(query: { limit: number; cursor?: string }): Promise<BatchList> {
    const { batches, nextCursor } = await this.deps.store.batches(query);
    const looks = this.looks();
    return {
      batches: await Promise.all(batches.map((stored) => batchView(stored, looks))),
      nextCursor: nextCursor ?? null,
    };
  }

  async jobs(id: string, query: { limit: number; cursor?: string }) {
    const { store, runner } = this.deps;
    const { jobs, nextCursor } = await store.batchJobs(id, query);
    if (jobs.length === 0 && !(await store.batch(id))) throw notFound(id);
    return {
      jobs: jobs.map(({ job, progress }) => summaryOf(job, runner.liveProgress(job.id) ?? progress)),
      nextCursor: nextCursor ?? null,
    };
  }

  async cancel(id: string): Promise<{ changed: number; batch: BatchView }> {
    const changed = await this.changeAll(id, ACTIVE_STATES, (state) =>
      isTerminal(state) ? undefined : { type: 'cancel_request' },
    );
    for (const job of changed) if (!isTerminal(job.state)) this.deps.runner.cancelRequested(job.id);
    return { changed: changed.length, batch: await this.viewOf(id) };
  }

  async retry(id: string): Promise<{ changed: number; batch: BatchView }> {
    this.requireOpen();
    const changed = await this.changeAll(id, ['failed'], (state) =>
      state === 'failed' ? { type: 'retry_request' } : undefined,
    );
    this.deps.runner.wake();
    return { changed: changed.length, batch: await this.viewOf(id) };
  }

  private async prepare(body: SubmitBatchBody): Promise<NewBatch> {
    const { workflow, plan, name, pod, priority, metadata, wait = false } = submitBatchBodySchema.parse(body);
    if (metadata && JSON.stringify(metadata).length > MAX_METADATA)
      throw new DeskError(
        'invalid_request',
        `The metadata of a batch has at most ${MAX_METADATA} characters of JSON.`,
        [{ field: 'metadata', message: 'Every job of the batch keeps it: make it shorter.' }],
      );
    const { stored, packs } = await this.deps.reader.read(workflow, pod);
    const problem = planProblem(plan, stored.prompt);
    if (problem) throw new DeskError('invalid_request', problem.message, [problem]);
    const members = expandPlan(plan, stored.prompt, this.deps.random);
    const verdicts = await SweepVerdicts.of(this.deps.judge, { prompt: stored.prompt, packs }, plan, pod);
    const admitted = members.map((member) => admittedBy(verdicts.of(member), wait));
    const id = randomUUID();
    const at = this.deps.clock.now().toISOString();
    const title = name ?? nameOf(stored.prompt);
    const total = members.length;
    // Of jobs of one moment, pods take the one whose id comes first.
    const ids = members.map(() => randomUUID()).toSorted();
    return {
      record: { schemaVersion: 1, id, name: title, total, plan, createdAt: at },
      workflow: stored,
      members: members.map((member, index) => ({
        values: member.values,
        job: newJob({
          id: ids[index] ?? randomUUID(),
          name: `${title} (${index + 1} of ${total})`,
          at,
          batch: { id, index },
          ...(pod !== undefined && { wantedPodId: pod }),
          ...(priority !== undefined && { priority }),
          ...(metadata !== undefined && { metadata }),
          models: modelsOf(memberPrompt(stored.prompt, member)),
          ...admitted[index],
        }),
      })),
    };
  }

  /** Changes each job of a batch that is in one of these states, the last first: pods take them from the front. */
  private async changeAll(
    id: string,
    states: readonly JobState[],
    decide: (state: JobState) => JobEventInput | undefined,
  ): Promise<Job[]> {
    const { store, writer } = this.deps;
    if (!(await store.batch(id))) throw notFound(id);
    const { jobs } = await store.list({ batch: id, states, limit: ALL_JOBS });
    const inTurn = limiter(CHANGES_AT_ONCE);
    const changes = await Promise.all(
      jobs.map((stored) =>
        inTurn(async () => {
          let isChanged = false;
          const job = await writer.apply(stored.job.id, ({ state }) => {
            const event = decide(state);
            isChanged = event !== undefined;
            return event;
          });
          return isChanged && job ? [job] : [];
        }),
      ),
    );
    return changes.flat();
  }

  private async viewOf(id: string): Promise<BatchView> {
    const view = await this.get(id);
    if (!view) throw notFound(id);
    return view;
  }

  private looks() {
    const { store, runner } = this.deps;
    return { store, liveProgress: (jobId: string) => runner.liveProgress(jobId) };
  }

  private requireOpen(): void {
    if (this.closed) throw new DeskError('shutting_down', 'Podium is shutting down. Send it again in a moment.');
  }
}

function notFound(id: string): DeskError {
  return new DeskError('batch_not_found', `There is no batch ${id}. It may have been older than the history is kept.`);
}
