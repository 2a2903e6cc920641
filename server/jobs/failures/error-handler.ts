import { decide } from './decide.ts';
import type { Decision, JobFacts, KnownPod, PolicySettings, SeenFailure } from './decision.ts';
import type { DecisionEvent, FailurePolicy } from './failure-policy.ts';

export interface PolicyHooks {
  /** Asked before a further attempt; false ends the job with its failure. It can forbid one, never demand one. */
  mayTryAgain?: (failure: SeenFailure, decision: Exclude<Decision, { kind: 'give_up' }>) => boolean;
  /** Told of each decision once it holds: what failed, and whether it ends, is tried again (when, where) or is run again. */
  onDecision?: (event: DecisionEvent) => void;
}

export interface ErrorHandlerOptions extends PolicyHooks {
  /** Retries after the first attempt; 3 unless given. */
  maxRetries?: number;
  /** Milliseconds before the first retry; doubles up to 16 times. 1000 unless given. */
  backoffBase?: number;
  /** Pods that may break down while they work on a job before it is given to no further one; 2 unless given. */
  poisonAfter?: number;
  /** From 0 up to 1; lengthens pauses by up to a fifth. */
  random?: () => number;
}

/** The policy about failures, with its settings and hooks: of the desk, and of a program that drives a pod itself. */
export class ComfyUIErrorHandlerService implements FailurePolicy {
  readonly settings: PolicySettings;

  constructor(private readonly options: ErrorHandlerOptions = {}) {
    const { maxRetries = 3, backoffBase = 1000, poisonAfter = 2 } = options;
    this.settings = { maxRetries, backoffBaseMs: backoffBase, poisonAfter };
  }

  decide(job: JobFacts, seen: SeenFailure, pods: readonly KnownPod[] = []): Decision {
    const decision = decide(job, seen, pods, this.settings, this.options.random ?? Math.random);
    if (decision.kind === 'give_up' || (this.options.mayTryAgain?.(seen, decision) ?? true)) return decision;
    return { kind: 'give_up', error: seen.error };
  }

  decided(event: DecisionEvent): void {
    this.options.onDecision?.(event);
  }
}
