import type { JobError } from '../../lib/jobs/job-error.ts';
import { backoffMs } from './retry-policy.ts';
import type { RetryDecider, RetryDecision } from './retry-decider.ts';

export interface ErrorHandlerOptions {
  /** Retries after the first attempt. */
  maxRetries?: number;
  /** Milliseconds before the first retry; doubles up to 16 times. */
  backoffBase?: number;
}

/** Decides what follows a failed attempt: only `transient` and `recoverable` errors are tried again. */
export class ComfyUIErrorHandlerService implements RetryDecider {
  readonly maxRetries: number;
  readonly backoffBaseMs: number;

  constructor(options: ErrorHandlerOptions = {}) {
    this.maxRetries = options.maxRetries ?? 3;
    this.backoffBaseMs = options.backoffBase ?? 1000;
  }

  /** `atLeastMs` is a pod's own wish (`Retry-After`); it lengthens the pause, never shortens it. */
  decide(error: JobError, retriesUsed: number, atLeastMs = 0): RetryDecision {
    const worthIt = error.category === 'transient' || error.category === 'recoverable';
    if (!worthIt || retriesUsed >= this.maxRetries) return { retry: false };
    return { retry: true, delayMs: Math.max(backoffMs(retriesUsed, this.backoffBaseMs), atLeastMs) };
  }
}
