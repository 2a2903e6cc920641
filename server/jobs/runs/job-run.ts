import type { JobIn, JobOnPod, Job, JobOutput } from '../../../lib/jobs/job.ts';
import { withHistory } from '../../../lib/jobs/node-states.ts';
import type { JobProgress } from '../../../lib/jobs/progress.ts';
import { jobError, type JobError } from '../../../lib/jobs/job-error.ts';
import { FailedAttempt, type FailedAttemptDeps } from './failed-attempt.ts';
import { Following, type FollowingDeps } from './following.ts';
import type { JobEvents } from '../job-events.ts';
import type { JobStore, StoredWorkflow } from '../job-store.ts';
import type { JobEventInput, JobWriter } from '../job-writer.ts';
import { LeaseLostError, type HeldLease } from '../leases/lease.ts';
import type { Log } from '../log.ts';
import type { OutputStore } from '../output-store.ts';
import type { KnownWhereabouts, PodClient, SubmitOutcome } from '../pod-client.ts';
import type { PromptEnd } from '../pod-events.ts';
import type { SeenFailure } from '../failures/decision.ts';
import type { RunStep } from './run-step.ts';
import { endOfHung, wasHung, type SilencePolicy } from './silence.ts';
import { copyResults, takeResults, type TakingDeps } from './taking-results.ts';
import { untilWritten } from './until-written.ts';
import type { PodInputs } from '../uploads/pod-inputs.ts';

export interface JobRunDeps extends FailedAttemptDeps, Pick<TakingDeps, 'copyPace' | 'lateFiles'> {
  pod: PodClient;
  /** Puts uploaded files on this pod. */
  inputs: Pick<PodInputs, 'bring' | 'forget'>;
  lease: HeldLease;
  /** Told to the pod with every prompt, so that it is known again if its record is lost. */
  deskId: string;
  store: JobStore;
  writer: JobWriter;
  outputs: OutputStore;
  events: JobEvents;
  log: Log;
  /** At most one durable progress write per job in this time. */
  progressIntervalMs: number;
  /** How long a write of progress took. */
  onProgressWritten: (tookMs: number) => void;
  silence: SilencePolicy;
  onStep?: (step: RunStep, jobId: string) => void | Promise<void>;
  /** What an attempt met, told before it is written down: it may say something about the pod itself. */
  onPodTrouble: (error: JobError) => void;
}

/** Posts of one prompt id in a row that ended unknown and were proven absent, before a retry takes over. */
const MAX_RESUBMITS = 3;

/**
 * One job on one pod, from its durable intent to its durable end. A run that is stopped leaves the record as it is; the
 * next process begins with `resume`, which never posts before it has looked.
 */
export class JobRun {
  /** True once the pod has done its part and only files are copied: the pod's slot is free. */
  saving = false;
  private followed: Following | undefined;
  /** What an earlier process left of its progress. */
  private from: JobProgress | undefined;
  private promptId: string | undefined;
  private readonly stopping = new AbortController();
  private readonly following = new AbortController();
  private readonly cancelWish = new AbortController();
  private forced: JobEventInput | undefined;
  /** How far its nodes had come, once its end is known. */
  private nodesAtEnd: string | undefined;

  constructor(
    readonly jobId: string,
    private readonly deps: JobRunDeps,
  ) {}

  /** Leaves the job as it is recorded, on its pod. */
  stop(): void {
    this.stopping.abort();
  }

  get progress(): JobProgress | undefined {
    return this.followed?.progress ?? this.from;
  }

  /** A person asked to cancel; the wish itself is already in the record. */
  cancel(): void {
    this.cancelWish.abort();
  }

  /** Ends the run with this event instead of following the prompt further. */
  endWith(event: JobEventInput): void {
    this.forced = event;
    this.following.abort();
  }

  /** The first run of a claimed job: the intent is durable, nothing was posted. */
  async begin(job: JobIn<'submitting'>, workflow: StoredWorkflow): Promise<void> {
    this.promptId = job.promptId;
    await this.deps.onStep?.('after-intent', this.jobId);
    await this.post(job, workflow, 0);
  }

  /**
   * Takes up a job an earlier process left on the pod. Looks first, posts only what is proven absent. `known`: where a
   * survey has just found its prompt.
   */
  async resume(job: JobOnPod, workflow: StoredWorkflow, from?: JobProgress, known?: KnownWhereabouts): Promise<void> {
    this.promptId = job.promptId;
    this.from = from?.promptId === job.promptId ? from : undefined;
    if (job.cancelRequestedAt !== undefined) this.cancel();
    if (known) return this.takeUp(job, workflow, known);
    if (job.state === 'running') {
      await this.follow(job, workflow, true);
      return;
    }
    const uncertain =
      job.state === 'uncertain'
        ? job
        : await this.write({ type: 'lose_sight', reason: 'Podium stopped while it was submitting; the pod is asked.' });
    if (uncertain?.state === 'uncertain') await this.settle(uncertain, workflow, 0);
  }

  /** The pod has the prompt, or its end already: nothing has to be looked for. */
  private async takeUp(job: JobOnPod, workflow: StoredWorkflow, known: KnownWhereabouts): Promise<void> {
    const detail = 'The pod has it; nothing was sent again.';
    const running = job.state === 'running' ? job : await this.write({ type: 'accept', detail });
    if (running?.state !== 'running') return;
    if (known.kind !== 'ended') return this.follow(running, workflow, true, known);
    await this.write({
      type: 'note',
      kind: 'adopted',
      detail: 'It had ended on the pod meanwhile; its end was taken.',
    });
    await this.finish(running, workflow, known.end);
  }

  private get signal(): AbortSignal {
    return AbortSignal.any([this.stopping.signal, this.following.signal]);
  }

  private async post(job: JobOnPod, workflow: StoredWorkflow, resubmits: number): Promise<void> {
    if (this.cancelWish.signal.aborted && resubmits === 0) {
      await this.write({ type: 'cancelled' });
      return;
    }
    const { inputs, pod } = this.deps;
    const note = (detail: string) => this.write({ type: 'note', kind: 'files_sent', detail });
    const stop = AbortSignal.any([this.stopping.signal, this.cancelWish.signal]);
    const brought = await inputs.bring(workflow.prompt, note, stop);
    if (brought.kind === 'stopped') {
      if (!this.stopping.signal.aborted) await this.write({ type: 'cancelled' });
      return;
    }
    if (brought.kind !== 'there') return this.sort(brought, workflow, resubmits);
    await this.deps.onStep?.('inputs-there', this.jobId);
    const outcome = await pod.submit({
      promptId: job.promptId,
      prompt: brought.prompt,
      jobId: job.id,
      attempt: job.attempts.length,
      desk: this.deps.deskId,
      name: job.name,
      ...(workflow.workflow !== undefined && { workflow: workflow.workflow }),
      mayStart: () => this.deps.lease.valid(),
    });
    if (outcome.kind === 'rejected' && brought.remembered) {
      inputs.forget();
      return this.post(job, workflow, resubmits);
    }
    await this.deps.onStep?.('before-answer-recorded', this.jobId);
    await this.sort(outcome, workflow, resubmits);
  }

  private async sort(outcome: SubmitOutcome, workflow: StoredWorkflow, resubmits: number): Promise<void> {
    switch (outcome.kind) {
      case 'accepted': {
        const running = await this.write({ type: 'accept', warnings: outcome.warnings });
        if (resubmits > 0) await this.dropDuplicate(running);
        if (running?.state === 'running') await this.follow(running, workflow, false);
        return;
      }
      case 'rejected':
        await this.fail({ error: outcome.error, outcome: 'rejected' });
        return;
      case 'not_sent':
        this.deps.onPodTrouble(outcome.error);
        await this.write({ type: 'not_sent', reason: outcome.error.message });
        return;
      case 'refused':
        this.deps.onPodTrouble(outcome.error);
        if (outcome.error.code === 'pod_unauthorized') {
          await this.write({ type: 'not_sent', reason: outcome.error.message });
          return;
        }
        await this.fail({
          error: outcome.error,
          outcome: 'refused',
          ...(outcome.retryAfterMs !== undefined && { retryAfterMs: outcome.retryAfterMs }),
        });
        return;
      case 'withheld':
        throw new LeaseLostError(this.deps.pod.podId);
      case 'unknown': {
        this.deps.onPodTrouble(jobError('submission_cut', outcome.reason));
        const uncertain = await this.write({ type: 'lose_sight', reason: outcome.reason });
        if (uncertain?.state === 'uncertain') await this.settle(uncertain, workflow, resubmits);
      }
    }
  }

  private async settle(job: JobIn<'uncertain'>, workflow: StoredWorkflow, resubmits: number): Promise<void> {
    const found = await this.deps.pod
      .settle(job.promptId, this.signal)
      .catch((error: unknown) => this.unlessStopped(error));
    if (this.signal.aborted || !found) return this.endForced();
    if (found.kind === 'present') {
      const running = await this.write({ type: 'accept', detail: 'The pod has it; nothing was sent again.' });
      if (resubmits > 0) await this.dropDuplicate(running);
      if (running?.state === 'running') await this.follow(running, workflow, true);
      return;
    }
    if (this.cancelWish.signal.aborted) {
      await this.write({ type: 'cancelled' });
      return;
    }
    if (found.kind === 'forgotten') {
      await this.podDied('The pod restarted and forgot its queue.', this.began());
      return;
    }
    if (resubmits >= MAX_RESUBMITS) {
      const error = jobError(
        'submission_cut',
        `The pod cut the connection ${resubmits + 1} times while it was given the prompt.`,
      );
      await this.fail({ error, outcome: 'failed', ran: false });
      return;
    }
    const again = await this.write({ type: 'resubmit' });
    if (again?.state === 'submitting') await this.post(again, workflow, resubmits + 1);
  }

  private async follow(
    job: JobIn<'running'>,
    workflow: StoredWorkflow,
    resumed: boolean,
    known?: KnownWhereabouts,
  ): Promise<void> {
    await this.deps.onStep?.('after-accepted', this.jobId);
    if (resumed) {
      const at = this.progress ? ` at ${Math.floor(this.progress.percent)} %` : '';
      await this.write({ type: 'note', kind: 'reattached', detail: `Followed again${at}.` }, job);
    }
    const place = { jobId: this.jobId, promptId: job.promptId, prompt: workflow.prompt };
    const following = new Following(this.followingDeps(), { ...place, ...(known && { known }) }, this.from);
    this.followed = following;
    let end: PromptEnd | undefined;
    try {
      end = await following.untilEnd(this.cancelWish.signal, this.signal);
    } finally {
      this.following.abort();
    }
    if (this.stopping.signal.aborted) return;
    if (!end) return this.endForced();
    await this.finish(job, workflow, end);
  }

  private followingDeps(): FollowingDeps {
    return {
      ...this.deps,
      saveProgress: async (progress) => {
        const begun = performance.now();
        await this.deps.writer.saveProgress(this.jobId, progress);
        this.deps.onProgressWritten(performance.now() - begun);
        await this.deps.onStep?.('progress-saved', this.jobId);
      },
      note: async (kind, detail) => {
        await this.write({ type: 'note', kind, detail }).catch((error: unknown) => {
          this.deps.log.debug({ jobId: this.jobId, reason: String(error) }, 'a line of the timeline was not written');
        });
      },
    };
  }

  private async finish(job: JobIn<'running'>, workflow: StoredWorkflow, told: PromptEnd): Promise<void> {
    const { silence } = this.deps;
    const isHung = this.followed?.hung ?? wasHung(this.from, silence);
    const end = isHung && !this.cancelWish.signal.aborted ? endOfHung(told, silence.hungAfterMs) : told;
    const named = 'nodes' in told ? told.nodes : undefined;
    if (named) this.nodesAtEnd = withHistory(workflow.prompt, this.progress?.nodes, named);
    switch (end.kind) {
      case 'succeeded': {
        this.saving = true;
        await this.deps.onStep?.('before-download', this.jobId);
        const detail = 'The pod is done; its files are being copied.';
        await this.write({ type: 'note', kind: 'finished_on_pod', detail });
        const taken = await takeResults(this.taking(), job, workflow.prompt, end);
        if (!taken) return;
        await this.deps.onStep?.('after-download', this.jobId);
        await ('type' in taken ? this.write(taken) : this.fail(taken));
        break;
      }
      case 'failed': {
        this.saving = true;
        const ran = !this.isBrokenBefore(end.error);
        this.deps.onPodTrouble(end.error);
        const copied = await copyResults(this.taking(), job, workflow.prompt, end.outputs);
        if (!copied) return;
        await this.fail({ error: end.error, outcome: 'failed', ran }, copied.outputs);
        break;
      }
      case 'interrupted':
        await this.write({ type: 'cancelled' });
        break;
      case 'absent':
        await (this.cancelWish.signal.aborted
          ? this.write({ type: 'cancelled' })
          : this.fail({
              error: jobError(
                'prompt_lost',
                'The prompt is neither in the pod’s queue nor in its history, and the pod did not restart.',
              ),
              outcome: 'lost',
            }));
        break;
      case 'forgotten':
        await this.podDied('The pod restarted while it had this prompt.', this.began());
    }
    await this.deps.onStep?.('after-end', this.jobId);
  }

  private taking(): TakingDeps {
    const note = (kind: 'copy_delayed', detail: string) => this.write({ type: 'note', kind, detail });
    return { ...this.deps, signal: this.stopping.signal, note };
  }

  /** The failure and what follows it are written as one change. */
  private async fail(seen: Omit<SeenFailure, 'podId'>, outputs?: JobOutput[]): Promise<void> {
    const failed = new FailedAttempt(this.deps, { ...seen, podId: this.deps.pod.podId }, outputs);
    await failed.askOthers(this.stopping.signal);
    const after = await this.write((job) => failed.event(job));
    if (after) failed.written(this.jobId);
  }

  /** `began`: whether the pod had begun to work on it, as far as that is known. */
  private podDied(reason: string, began: boolean | undefined): Promise<void> {
    const error = jobError('pod_lost', reason);
    return this.fail({ error, outcome: 'pod_died', ...(began !== undefined && { ran: began }) });
  }

  private began(): boolean | undefined {
    return this.progress && this.progress.phase !== 'queued';
  }

  /** Whether an earlier job had broken the pod's GPU before this one's turn came. */
  private isBrokenBefore(error: JobError): boolean {
    if (error.code !== 'gpu_broken') return false;
    return this.deps.pods().some(({ id, state }) => id === this.deps.pod.podId && state === 'quarantined');
  }

  private async dropDuplicate(job: Job | undefined): Promise<void> {
    if (!job || !('promptId' in job) || job.promptId === undefined) return;
    await this.deps.pod.dropDuplicate(job.promptId).catch((error: unknown) => {
      this.deps.log.warn(
        { jobId: this.jobId, reason: String(error) },
        'could not look for a second copy of the prompt',
      );
    });
  }

  private async endForced(): Promise<void> {
    const { forced } = this;
    if (!forced || this.stopping.signal.aborted) return;
    await (forced.type === 'rework' ? this.podDied(forced.reason, forced.ran ?? false) : this.write(forced));
  }

  /** Swallows what an abort caused; anything else is a bug and goes up. */
  private unlessStopped(error: unknown): undefined {
    if (!this.signal.aborted) throw error;
    return undefined;
  }

  /** `known`: the job as it was just read. */
  private write(event: JobEventInput | ((job: Job) => JobEventInput), known?: Job): Promise<Job | undefined> {
    const decide = (job: Job) => {
      // What was learned of one prompt says nothing about another that the job has gone on with.
      if (!('promptId' in job) || job.promptId !== this.promptId)
        throw new Error(`Job ${job.id} has gone on without the prompt ${this.promptId}`);
      return { ...(typeof event === 'function' ? event(job) : event), nodes: this.nodesAtEnd ?? this.progress?.nodes };
    };
    const read = known && { job: known, ...(this.progress && { progress: this.progress }) };
    return untilWritten(() => this.deps.writer.apply(this.jobId, decide, read), this.stopping.signal, this.deps.log);
  }
}
