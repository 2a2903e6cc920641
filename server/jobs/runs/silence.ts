import { jobError } from '../../../lib/jobs/job-error.ts';
import type { JobProgress } from '../../../lib/jobs/progress.ts';
import { spanInWords } from '../../../lib/jobs/words.ts';
import type { PromptEnd } from '../pod-events.ts';

/** What is done about a prompt that gives no sign of life. */
export interface SilencePolicy {
  /** Milliseconds without a sign of life after which that is told; 0: never. */
  hungAfterMs: number;
  /** `cancel`: the pod is asked to stop it, and the job fails. */
  hungAction: 'show' | 'cancel';
}

/** After a restart a prompt is listened to for this long before an earlier silence counts. */
const LISTEN_FIRST_MS = 60_000;

/**
 * Counts how long nothing is heard of a prompt that should be running. Time in which nothing could be heard does not
 * count: while it waits, while its pod is away, while Podium was not there. Times are milliseconds of the epoch.
 */
export class Silence {
  private quietMs: number;
  private lookedAt: number;
  private since: number;
  private isTold = false;

  /** `before`: what an earlier process knew of it. */
  constructor(
    private readonly afterMs: number,
    now: number,
    before?: Pick<JobProgress, 'quietMs' | 'silentSince'>,
  ) {
    this.quietMs = Math.min(before?.quietMs ?? 0, Math.max(0, afterMs - LISTEN_FIRST_MS));
    this.lookedAt = now;
    const told = Date.parse(before?.silentSince ?? '');
    this.since = Number.isNaN(told) ? now - this.quietMs : told;
  }

  /** Milliseconds of silence so far, for the record. */
  get soFarMs(): number {
    return this.quietMs;
  }

  /** Since when it is silent, where that has been told. */
  get silentSince(): string | undefined {
    return this.isTold ? new Date(this.since).toISOString() : undefined;
  }

  /** A sign of life. @returns whether it had been told to be silent */
  heard(now: number): boolean {
    const wasTold = this.isTold;
    this.quietMs = 0;
    this.lookedAt = now;
    this.since = now;
    this.isTold = false;
    return wasTold;
  }

  /** `audible`: whether a sign of life would be heard now. @returns whether it has to be told now that it is silent */
  look(now: number, audible: boolean): boolean {
    if (audible) this.quietMs += Math.max(0, now - this.lookedAt);
    this.lookedAt = now;
    if (this.isTold || this.afterMs === 0 || this.quietMs < this.afterMs) return false;
    this.isTold = true;
    return true;
  }
}

/** Whether an earlier process had asked, or would have asked, the pod to stop it. */
export function wasHung(from: JobProgress | undefined, { hungAction }: SilencePolicy): boolean {
  return from?.silentSince !== undefined && hungAction === 'cancel';
}

/** How a prompt ended that the pod was asked to stop because it gave no sign of life; one that ended by itself stays so. */
export function endOfHung(end: PromptEnd, hungAfterMs: number): PromptEnd {
  if (end.kind !== 'interrupted' && end.kind !== 'absent') return end;
  const message = `It gave no sign of life for ${spanInWords(hungAfterMs)}, so Podium had the pod stop it.`;
  return { kind: 'failed', error: jobError('hung', message), outputs: [] };
}
