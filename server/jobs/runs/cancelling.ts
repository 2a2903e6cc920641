import type { HeldLease } from '../leases/lease.ts';
import type { Log } from '../log.ts';
import type { PodClient } from '../pod-client.ts';
import { waitMs } from '../wait.ts';

interface CancellingDeps {
  pod: Pick<PodClient, 'cancel'>;
  lease: HeldLease;
  log: Log;
}

/** Pause between two cancel requests that did not hold yet: an interrupt is heard only between nodes and steps. */
const CANCEL_AGAIN_MS = 1500;

/** Asks the pod to cancel once a person wishes it, and again until the prompt has ended or the lease is another's. */
export async function keepCancelling(
  { pod, lease, log }: CancellingDeps,
  { jobId, promptId }: { jobId: string; promptId: string },
  wish: AbortSignal,
  ended: AbortSignal,
): Promise<void> {
  if (!wish.aborted) {
    const either = AbortSignal.any([wish, ended]);
    if (!either.aborted)
      await new Promise<void>((resolve) => either.addEventListener('abort', () => resolve(), { once: true }));
  }
  while (!ended.aborted) {
    if (lease.valid())
      await pod.cancel(promptId).catch((error: unknown) => {
        log.warn({ jobId, reason: String(error) }, 'the pod did not take the cancel; asking again');
      });
    await waitMs(CANCEL_AGAIN_MS, ended);
  }
}
