import type { PodClient, PodStats } from '../pod-client.ts';

export interface FreeingDeps {
  client: Pick<PodClient, 'free' | 'probe' | 'queue'>;
  /** Resolves after so many milliseconds, or earlier when nothing is waited for any more. */
  pause: (ms: number) => Promise<void>;
}

/** What became of a wish to free a pod's memory. Sizes in bytes; `shown`: the pod shows that it is free. */
export interface Freed {
  shown: boolean;
  before: number;
  free: number;
  total: number;
}

/** `/free` is obeyed between two prompts; a pod has so long to show it. */
export const FREE_WITHIN_MS = 20_000;
const LOOK_MS = 1000;
/** So much of a pod's memory counts as free: drivers and the CUDA context keep some. */
const FREE_SHARE = 0.9;
/** Looks in a row at an idle pod that show nothing more. */
const STILL_LOOKS = 2;

/**
 * Tells the pod to unload its models and waits until its memory really shows it, has stopped to grow, or the time is up.
 * @throws PodCallError where the pod did not take the call or cannot be asked any more
 */
export async function freeMemory({ client, pause }: FreeingDeps): Promise<Freed> {
  const before = await memoryOf(client);
  await client.free({ unloadModels: true, freeMemory: true });
  let latest = before;
  let still = 0;
  for (let waitedMs = 0; waitedMs < FREE_WITHIN_MS; waitedMs += LOOK_MS) {
    await pause(LOOK_MS);
    const { running, pending } = await client.queue();
    const now = await memoryOf(client);
    still = running.length + pending.length > 0 || now.free > latest.free ? 0 : still + 1;
    latest = now;
    if (isFree(now)) return { ...now, before: before.free, shown: true };
    if (still >= STILL_LOOKS) break;
  }
  return { ...latest, before: before.free, shown: false };
}

/** What came of it, for a person. */
export function freedSentence({ shown, before, free, total }: Freed): string {
  if (total === 0) return 'The pod was told to free its memory; it does not say how much it has.';
  const now = `${gigabytes(free)} of ${gigabytes(total)} GB are free`;
  if (shown) return `The pod freed its memory: ${now}.`;
  return free > before ? `The pod freed some of its memory: ${now}.` : `The pod freed no more memory: ${now}.`;
}

async function memoryOf(client: Pick<PodClient, 'probe'>): Promise<{ free: number; total: number }> {
  const probe = await client.probe();
  if (!probe.ok) throw new Error(probe.reason);
  return memoryIn(probe.stats);
}

/** ComfyUI works on the first device that is told. */
function memoryIn({ devices }: PodStats): { free: number; total: number } {
  const [device] = devices;
  return { free: device?.vramFree ?? 0, total: device?.vramTotal ?? 0 };
}

function isFree({ free, total }: { free: number; total: number }): boolean {
  return total > 0 && free >= total * FREE_SHARE;
}

function gigabytes(bytes: number): string {
  return (bytes / 1024 ** 3).toFixed(1);
}
