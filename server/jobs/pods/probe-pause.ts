/** Pause before asking a pod again that failed `failures` times in a row: 1 s doubling to 15 s, with full jitter above 0.5 s. */
export function probePauseMs(failures: number, random: () => number): number {
  const cap = Math.min(1000 * 2 ** Math.min(failures, 4), 15_000);
  return 500 + random() * (cap - 500);
}
