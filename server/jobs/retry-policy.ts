/** Longest exponent of the backoff: 1, 2, 4, 8, 16 times the base and no further. */
const MAX_EXPONENT = 4;

/** Pause before retry number `retry` (0 = first): `baseMs` × 1, 2, 4, 8, 16, 16 … */
export function backoffMs(retry: number, baseMs: number): number {
  return baseMs * 2 ** Math.min(Math.max(retry, 0), MAX_EXPONENT);
}

/** Pause before asking a pod again that failed `failures` times in a row: 1 s doubling to 15 s, with full jitter above 0.5 s. */
export function probePauseMs(failures: number, random: () => number): number {
  const cap = Math.min(1000 * 2 ** Math.min(failures, 4), 15_000);
  return 500 + random() * (cap - 500);
}
