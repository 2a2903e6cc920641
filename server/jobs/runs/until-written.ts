import type { Log } from '../log.ts';
import { waitMs } from '../wait.ts';

/** Pause between two tries: a store that is back is used at once. */
const AGAIN_MS = 500;

/**
 * Repeats a write while the store is away, so that what a pod did is recorded as soon as it is back.
 * Resolves to undefined when the signal ends the waiting; any other error goes up.
 */
export async function untilWritten<T>(write: () => Promise<T>, signal: AbortSignal, log: Log): Promise<T | undefined> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'store_unavailable')) throw error;
      if (failures === 0) log.error({ reason: error.message }, 'the store is away; the change is kept and tried again');
      await waitMs(AGAIN_MS, signal);
      if (signal.aborted) return undefined;
    }
  }
}
