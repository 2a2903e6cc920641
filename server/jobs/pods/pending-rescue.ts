import type { JobRun } from '../runs/job-run.ts';
import type { JobStore } from '../job-store.ts';
import type { PodClient, PodQueue } from '../pod-client.ts';

export interface PendingRescueDeps {
  client: Pick<PodClient, 'withdraw'>;
  store: Pick<JobStore, 'get'>;
  /** The run that looks after a job on this pod. */
  run: (jobId: string) => Pick<JobRun, 'endWith'> | undefined;
}

/**
 * Takes what waits on a pod that will not run it, or not well, back from its queue. A job goes on elsewhere only once
 * its prompt is certainly not on the pod: one that runs, and one of which it is not known whether the pod has it, stay.
 */
export async function rescuePending(deps: PendingRescueDeps, pending: PodQueue['pending'], why: string): Promise<void> {
  for (const { jobId, promptId } of pending) {
    const run = jobId === undefined ? undefined : deps.run(jobId);
    if (jobId === undefined || !run) continue;
    const job = (await deps.store.get(jobId))?.job;
    if (job?.state !== 'running' || job.promptId !== promptId) continue;
    if (await withdrawn(deps, promptId)) run.endWith({ type: 'rework', reason: why, ran: false });
  }
}

/** Asks again where an answer was lost: the prompt may be deleted, and whoever follows it must not call it lost first. */
async function withdrawn({ client }: PendingRescueDeps, promptId: string): Promise<boolean> {
  for (let tries = 0; tries < 3; tries += 1) {
    const gone = await client.withdraw(promptId).catch(() => undefined);
    if (gone !== undefined) return gone;
  }
  return false;
}
