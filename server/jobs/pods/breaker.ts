import type { PodView } from '../../../lib/protocol/pods.ts';

/**
 * Whether a pod is offered work. Closed: it is. Open: it gets nothing but probes, which ask for its health alone. Half
 * open: a probe was answered, and one more is waited for. Changed only by the functions below; times are milliseconds
 * of the epoch.
 */
export interface Breaker {
  state: PodView['breaker'];
  /** What was met in the newest `WINDOW_MS` while it was closed, oldest first. */
  samples: readonly { at: number; ok: boolean }[];
  /** Failures in a row; the pauses between probes grow with them. */
  failures: number;
  /** Since when it is not closed. */
  openedAt?: number;
}

/** What is kept of a breaker that is not closed, over a restart of Podium. */
export interface KeptBreaker {
  failures: number;
  openedAt: number;
}

/** Of what was met in the last half minute, so many failures and at least half open the breaker. */
export const WINDOW_MS = 30_000;
const LEAST_FAILURES = 3;
const SHARE = 0.5;
const MAX_SAMPLES = 100;

/** From the answer that makes it half open to the probe that closes it. */
export const WATCHED_MS = 500;
const FIRST_PAUSE_MS = 1000;
/** Short enough that a job runs within ten seconds after the pod is back, two probes and a submission later. */
const LONGEST_PAUSE_MS = 5000;
/** Jitter takes away at most this share, so that the pods of one outage are not asked in step. */
const JITTER = 0.25;
/** The pauses do not grow beyond this row of failures, so that no more is kept. */
const MOST_FAILURES = 4;

export const closedBreaker: Breaker = { state: 'closed', samples: [], failures: 0 };

/** As an earlier driver left it. */
export function keptBreaker(kept: KeptBreaker | undefined): Breaker {
  return kept ? { state: 'open', samples: [], ...kept } : closedBreaker;
}

export function toKeep({ state, failures, openedAt }: Breaker): KeptBreaker | undefined {
  if (state === 'closed' || openedAt === undefined) return undefined;
  return { failures: Math.min(failures, MOST_FAILURES), openedAt };
}

/** After a probe. */
export function afterProbed(breaker: Breaker, ok: boolean, now: number): Breaker {
  if (breaker.state === 'closed') return sampled(breaker, ok, now);
  if (!ok) return { ...breaker, state: 'open', failures: breaker.failures + 1 };
  return breaker.state === 'open' ? { ...breaker, state: 'half_open' } : closedBreaker;
}

/** After an attempt that could not reach the pod, or was cut. */
export function afterFailedAttempt(breaker: Breaker, now: number): Breaker {
  if (breaker.state === 'closed') return sampled(breaker, false, now);
  return { ...breaker, state: 'open', failures: breaker.failures + 1 };
}

/** Milliseconds to the next probe; undefined where the pod is probed as every pod that is well. */
export function breakerPauseMs({ state, failures }: Breaker, random: () => number): number | undefined {
  if (state === 'half_open') return WATCHED_MS;
  if (state === 'closed' && failures === 0) return undefined;
  const full = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1));
  return full * (1 - JITTER * random());
}

function sampled(breaker: Breaker, ok: boolean, now: number): Breaker {
  const recent = breaker.samples.filter(({ at }) => now - at < WINDOW_MS);
  const samples = [...recent, { at: now, ok }].slice(-MAX_SAMPLES);
  const failures = ok ? 0 : breaker.failures + 1;
  const failed = samples.filter((sample) => !sample.ok).length;
  if (!ok && failed >= LEAST_FAILURES && failed >= samples.length * SHARE)
    return { state: 'open', samples: [], failures, openedAt: now };
  return { ...breaker, samples, failures };
}
