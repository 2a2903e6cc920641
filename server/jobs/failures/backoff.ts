/** Longest exponent of the backoff: 1, 2, 4, 8, 16 times the base and no further. */
const MAX_EXPONENT = 4;
/** A step is at most this part longer, so that many jobs that failed together do not come back together. */
export const JITTER = 0.2;
/** Longest pause, whatever base is set and whatever a pod asks for. */
export const MAX_PAUSE_MS = 3_600_000;

/** Shortest pause before retry number `retry` (0 = first): `baseMs` × 1, 2, 4, 8, 16, 16 … */
export function backoffMs(retry: number, baseMs: number): number {
  return Math.min(baseMs * 2 ** Math.min(Math.max(retry, 0), MAX_EXPONENT), MAX_PAUSE_MS);
}

/** The pause itself, in whole milliseconds. A pod's own wish (`Retry-After`) lengthens it, never shortens it. */
export function pauseMs(retry: number, baseMs: number, random: () => number, retryAfterMs = 0): number {
  const step = backoffMs(retry, baseMs) * (1 + JITTER * random());
  return Math.min(Math.ceil(Math.max(step, retryAfterMs)), MAX_PAUSE_MS);
}
