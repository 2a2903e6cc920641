import { randomUUID } from 'node:crypto';
import { jobError } from '../../lib/jobs/job-error.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { JobFailedError } from '../jobs/job-failed-error.ts';
import type { PodClient, SubmitOutcome } from '../jobs/pod-client.ts';
import type { PromptEnd, PromptListener } from '../jobs/pod-events.ts';
import type { Decision, JobFacts, SeenFailure } from '../jobs/failures/decision.ts';
import type { FailurePolicy } from '../jobs/failures/failure-policy.ts';
import { waitMs } from '../jobs/wait.ts';
import { classifyFailure } from './classify.ts';

export interface WorkflowRunDeps {
  pod: PodClient;
  policy?: FailurePolicy;
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

type Failure = Omit<SeenFailure, 'podId'>;

/** Posts of one id that ended unknown and were proven absent, before that counts as a failure. */
const MAX_RESUBMITS = 3;

/** Runs one workflow for a program, without a store: what a retry needs is kept in memory alone. */
export class WorkflowRun {
  private retriesUsed = 0;
  private attempt = 0;
  private readonly failed: JobFacts['attempts'][number][] = [];
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
      const failure = await this.submit(promptId);
      if (!failure) return promptId;
      await this.beforeRetry(failure);
    }
  }

  /** Resolves with what the workflow made. @throws JobFailedError */
  async execute(
    lookMs: number,
    onProgress: (progress: JobProgress) => void,
  ): Promise<{ promptId: string; end: Extract<PromptEnd, { kind: 'succeeded' }> }> {
    for (;;) {
      const promptId = await this.queue();
      let began = false;
      const listener: PromptListener = {
        onProgress: (progress) => {
          began ||= progress.phase !== 'queued';
          onProgress(progress);
        },
      };
      const end = await this.watched((signal) =>
        this.deps.follow({ promptId, prompt: this.prompt, lookMs }, listener, signal),
      );
      if (end.kind === 'succeeded') return { promptId, end };
      await this.beforeRetry(failureOf(end, began));
    }
  }

  /** Resolves with nothing once the pod has it. */
  private async submit(promptId: string): Promise<Failure | undefined> {
    for (let resubmits = 0; ; resubmits += 1) {
      const { pod } = this.deps;
      const request = { promptId, prompt: this.prompt, jobId: this.jobId, attempt: this.attempt };
      const outcome: SubmitOutcome = await pod.submit(request);
      if (outcome.kind === 'accepted') {
        if (resubmits > 0) await pod.dropDuplicate(promptId).catch(() => undefined);
        return undefined;
      }
      if (outcome.kind === 'withheld') throw new Error('A prompt was held back that nothing holds back');
      if (outcome.kind !== 'unknown') return failureOfSubmission(outcome);
      const found = await this.watched((signal) => pod.settle(promptId, signal));
      if (found.kind === 'present') {
        if (resubmits > 0) await pod.dropDuplicate(promptId).catch(() => undefined);
        return undefined;
      }
      if (resubmits >= MAX_RESUBMITS)
        return { error: classifyFailure({ kind: 'cut', reason: outcome.reason }), outcome: 'failed', ran: false };
    }
  }

  /** Waits as the policy says, and until the pod is well. @throws JobFailedError where no further attempt follows */
  private async beforeRetry(failure: Failure): Promise<void> {
    let freeMemory = false;
    for (let failed = failure; ;) {
      const again = this.decide(failed);
      freeMemory ||= again.next?.freeMemory ?? false;
      await waitMs(again.delayMs, this.deps.signal);
      const health = await this.deps.pod.probe();
      if (health.ok) break;
      const code = health.kind === 'unauthorized' ? 'pod_unauthorized' : 'pod_unreachable';
      failed = { error: jobError(code, health.reason), outcome: 'refused', ran: false };
    }
    if (freeMemory) await this.deps.pod.free({ unloadModels: true, freeMemory: true }).catch(() => undefined);
  }

  /** @throws JobFailedError where no further attempt follows */
  private decide(failure: Failure): Extract<Decision, { kind: 'again' }> {
    const { pod, policy, signal } = this.deps;
    const seen: SeenFailure = { ...failure, podId: pod.podId };
    const facts: JobFacts = { attempts: this.failed, retriesUsed: this.retriesUsed, excludedPods: [], alone: true };
    const decision = policy?.decide(facts, seen, []) ?? { kind: 'give_up', error: failure.error };
    this.failed.push(seen);
    policy?.decided({ jobId: this.jobId, attempt: this.attempt, failure: seen, decision });
    if (decision.kind !== 'again' || signal.aborted)
      throw new JobFailedError(decision.kind === 'give_up' ? decision.error : failure.error);
    if (decision.charged) this.retriesUsed += 1;
    return decision;
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

function failureOfSubmission(outcome: Extract<SubmitOutcome, { kind: 'rejected' | 'refused' | 'not_sent' }>): Failure {
  const { error } = outcome;
  if (outcome.kind !== 'refused') return { error, outcome: 'rejected', ran: false };
  const { retryAfterMs } = outcome;
  return { error, outcome: 'refused', ran: false, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** `began`: whether the pod was seen to work on it. */
function failureOf(end: Exclude<PromptEnd, { kind: 'succeeded' }>, began: boolean): Failure {
  switch (end.kind) {
    case 'failed':
      return { error: end.error, outcome: 'failed', ran: true };
    case 'interrupted':
      return lost('The prompt was interrupted on the pod.');
    case 'absent':
      return lost('The prompt is neither in the pod’s queue nor in its history.');
    case 'forgotten':
      return { error: classifyFailure({ kind: 'restarted' }), outcome: 'pod_died', ran: began };
  }
}

function lost(reason: string): Failure {
  return { error: classifyFailure({ kind: 'no_end', reason }), outcome: 'lost' };
}
