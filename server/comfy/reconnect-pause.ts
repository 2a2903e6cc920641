/** Why a socket has to be opened anew. `refused`: an answer that will not change soon (401, 403, 404). */
export type SocketFailure = 'broken' | 'refused';

const BASE_MS = 500;
const CAP_MS = 30_000;
const REFUSED_CAP_MS = 60_000;

/**
 * Milliseconds before the next try after this many failures in a row (1 or more): exponential with full jitter, never
 * under 100 ms. A refusal is asked again only slowly, whatever chance says.
 */
export function reconnectPauseMs(failures: number, why: SocketFailure, random: () => number): number {
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(failures - 1, 16));
  if (why === 'broken') return Math.max(100, Math.round(random() * ceiling));
  const slow = Math.min(REFUSED_CAP_MS, 10_000 * 2 ** Math.min(failures - 1, 16));
  return Math.round(slow / 2 + (random() * slow) / 2);
}
