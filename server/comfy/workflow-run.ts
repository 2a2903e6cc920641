import { randomUUID } from 'node:crypto';
import { jobError, type JobError } from '../../lib/jobs/job-error.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { JobFailedError } from '../jobs/job-failed-error.ts';
import type { PodClient, SubmitOutcome } from '../jobs/pod-client.ts';
import type { PromptEnd, PromptListener } from '../jobs/pod-events.ts';
import type { RetryDecider } from '../jobs/retry-decider.ts';
import { waitMs } from '../jobs/wait.ts';

export interface WorkflowRunDeps {
  pod: PodClient;
  decider?: RetryDecider;
  /** Follows with looks this many milliseconds apart. */
  follow: (
    target: { promptId: string; prompt: Prompt; lookMs: number },
    listener: PromptListener,
    signal: AbortSignal,
  ) => Promise<PromptEnd>;
  /** Ends when the client is closed. */
  signal: AbortSignal;
  /** Longest silence of the pod. */
  giveUpMs: number;
}

/** Posts of one id that ended unknown and were proven absent, before that counts as a failure. */
const MAX_RESUBMITS = 3;

/** Runs one workflow for a program, without a store: what a retry needs is kept in memory alone. */
export class WorkflowRun {
  private retriesUsed = 0;
  private attempt = 0;
  private readonly jobId = randomUUID();

  constructor(
    private readonly deps: WorkflowRunDeps,
    private readonly prompt: Prompt,
  ) {}

  /** Resolves with the prompt id once the pod has the prompt. @throws JobFailedError */
  async queue(): Promise<string> {
    for (;;) {
      const promptId = randomUUID();
      this.attempt += 1;
      const { error, atLeastMs } = await this.submit(promptId);
      if (!error) return promptId;
      await this.beforeRetry(error, atLeastMs);
    }
  }

  /** Resolves with what the workflow made. @throws JobFailedError */
  async execute(
    lookMs: number,
    onProgress: (progress: JobProgress) => void,
  ): Promise<{ promptId: string; end: Extract<PromptEnd, { kind: 'succeeded' }> }> {
    for (;;) {
      const promptId = await this.queue();
      const end = await this.watched((signal) =>
        this.deps.follow({ promptId, prompt: this.prompt, lookMs }, { onProgress }, signal),
      );
      if (end.kind === 'succeeded') return { promptId, end };
      await this.beforeRetry(failureOf(end));
    }
  }

  private async submit(promptId: string): Promise<{ error?: JobError; atLeastMs?: number }> {
    for (let resubmits = 0; ; resubmits += 1) {
      const { pod } = this.deps;
      const request = { promptId, prompt: this.prompt, jobId: this.jobId, attempt: this.attempt };
      const outcome: SubmitOutcome = await pod.submit(request);
      if (outcome.kind === 'accepted') {
        if (resubmits > 0) await pod.dropDuplicate(promptId).catch(() => undefined);
        return {};
      }
      if (outcome.kind === 'withheld') throw new Error('A prompt was held back that nothing holds back');
      if (outcome.kind !== 'unknown')
        return {
          error: outcome.error,
          ...('retryAfterMs' in outcome && outcome.retryAfterMs !== undefined && { atLeastMs: outcome.retryAfterMs }),
        };
      const found = await this.watched((signal) => pod.settle(promptId, signal));
      if (found.kind === 'present') {
        if (resubmits > 0) await pod.dropDuplicate(promptId).catch(() => undefined);
        return {};
      }
      if (resubmits >= MAX_RESUBMITS) return { error: jobError('pod_unreachable', outcome.reason) };
    }
  }

  /** Waits as the decider says, and until the pod is well. @throws JobFailedError where no further attempt follows */
  private async beforeRetry(error: JobError, atLeastMs?: number): Promise<void> {
    let failure = error;
    for (;;) {
      const decision = this.deps.decider?.decide(failure, this.retriesUsed, atLeastMs) ?? { retry: false };
      if (!decision.retry || this.deps.signal.aborted) throw new JobFailedError(failure);
      this.retriesUsed += 1;
      await waitMs(decision.delayMs, this.deps.signal);
      const health = await this.deps.pod.probe();
      if (health.ok) break;
      failure = jobError(health.kind === 'unauthorized' ? 'pod_unauthorized' : 'pod_unreachable', health.reason);
    }
    if (error.code === 'out_of_memory')
      await this.deps.pod.free({ unloadModels: true, freeMemory: true }).catch(() => undefined);
  }

  /** Gives up when the pod has been silent for too long or the client is closed. @throws JobFailedError then */
  private async watched<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const silence = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const watch = (link: string) => {
      clearTimeout(timer);
      timer = link === 'down' ? setTimeout(() => silence.abort(), this.deps.giveUpMs) : undefined;
    };
    const stop = this.deps.pod.onLink(watch);
    watch(this.deps.pod.link());
    const signal = AbortSignal.any([silence.signal, this.deps.signal]);
    try {
      return await work(signal);
    } catch (error) {
      if (silence.signal.aborted)
        throw new JobFailedError(jobError('pod_unreachable', 'The pod has not answered for too long.'));
      if (this.deps.signal.aborted)
        throw new JobFailedError(jobError('internal', 'The client was closed before the workflow ended.'));
      throw error;
    } finally {
      clearTimeout(timer);
      stop();
    }
  }
}

function failureOf(end: Exclude<PromptEnd, { kind: 'succeeded' }>): JobError {
  switch (end.kind) {
    case 'failed':
      return end.error;
    case 'interrupted':
      return jobError('prompt_lost', 'The prompt was interrupted on the pod.');
    case 'absent':
      return jobError('prompt_lost', 'The prompt is neither in the pod’s queue nor in its history.');
    case 'forgotten':
      return jobError('pod_lost', 'The pod restarted while it had this prompt.');
  }
}
