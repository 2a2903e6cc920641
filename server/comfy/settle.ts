import { PodCallError, type SettleOutcome } from '../jobs/pod-client.ts';
import { waitMs } from '../jobs/wait.ts';
import type { PromptLookup } from './prompt-lookup.ts';
import type { PodMoment, RestartProof } from './restart-proof.ts';

interface SettleDeps {
  lookup: PromptLookup;
  proof: RestartProof;
  /** How long a request that was given up may still arrive. Asked anew each time: an answer may reveal a proxy. */
  settleMs: () => number;
  lookMs: number;
  now: () => number;
}

/** Longest pause between two looks at a pod that does not answer. */
const MAX_PAUSE_MS = 2000;

/**
 * Looks for a prompt that a pod may or may not have taken, for as long as it takes to know. The connection it was sent
 * on must be closed. @throws the signal's reason when that ends it; nothing else
 */
export async function settlePrompt(
  deps: SettleDeps,
  promptId: string,
  sentAt: PodMoment,
  signal: AbortSignal,
): Promise<SettleOutcome> {
  const closedAt = deps.now();
  let absences = 0;
  let failures = 0;
  for (;;) {
    signal.throwIfAborted();
    const settled = deps.now() - closedAt >= deps.settleMs();
    try {
      const found = await deps.lookup.whereabouts(promptId);
      failures = 0;
      if (found.kind !== 'absent') return { kind: 'present', whereabouts: found };
      if (settled) absences += 1;
      if (absences >= 2) return { kind: (await deps.proof.since(sentAt, deps.lookup, false)) ? 'forgotten' : 'absent' };
    } catch (error) {
      if (!(error instanceof PodCallError)) throw error;
      failures += 1;
    }
    const untilSettled = closedAt + deps.settleMs() - deps.now();
    const pause = failures > 0 ? Math.min(MAX_PAUSE_MS, deps.lookMs * 2 ** failures) : deps.lookMs;
    await waitMs(failures === 0 && untilSettled > 0 ? Math.min(pause, untilSettled) : pause, signal);
  }
}
