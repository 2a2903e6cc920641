import { isOnPod, type JobOnPod } from '../../lib/jobs/job.ts';
import type { JobRun } from './job-run.ts';
import { isStale, judgeStale, staleError } from './job-recovery.ts';
import type { JobStore, StoredJob, StoredWorkflow } from './job-store.ts';
import type { Clock, JobWriter } from './job-writer.ts';
import type { Log } from './log.ts';
import type { PodClient } from './pod-client.ts';
import { probePauseMs } from './retry-policy.ts';
import { waitMs } from './wait.ts';

export interface PodRecoveryDeps {
  client: PodClient;
  store: JobStore;
  writer: JobWriter;
  staleAfterMs: number;
  clock: Clock;
  log: Log;
  random: () => number;
  /** Ends with the driving of the pod. */
  signal: AbortSignal;
  /** Begins a run that is looked after by the pod's driver. */
  launch: (jobId: string, work: (run: JobRun) => Promise<void>) => void;
}

/** Finds what is in flight on one pod and takes it up. It re-attaches and never posts first, so doing it twice changes nothing. */
export class PodRecovery {
  constructor(private readonly deps: PodRecoveryDeps) {}

  /** Every job that the store has on this pod. */
  async recover(): Promise<void> {
    const { store, client, log } = this.deps;
    const found = await store.onPod(client.podId);
    if (found.length === 0) return;
    log.info({ podId: client.podId, jobs: found.length }, 'taking up jobs that were on this pod');
    for (const stored of found) await this.takeUp(stored);
  }

  /** One job, by its record: followed again, settled, or ended where it is too old. */
  async takeUp(stored: StoredJob): Promise<void> {
    const workflow = await this.deps.store.workflow(stored.job.id);
    if (!workflow || !isOnPod(stored.job.state)) return;
    const job = stored.job as JobOnPod;
    const stale = isStale(stored, this.deps.staleAfterMs, this.deps.clock.now().getTime());
    this.deps.launch(job.id, (run) =>
      stale ? this.endStale(run, stored, workflow) : run.resume(job, workflow, stored.progress),
    );
  }

  private async endStale(run: JobRun, stored: StoredJob, workflow: StoredWorkflow): Promise<void> {
    const { client, writer, signal, random, staleAfterMs } = this.deps;
    const job = stored.job as JobOnPod;
    const verdict = await judgeStale(client, job, () => waitMs(probePauseMs(1, random), signal));
    if (signal.aborted) return;
    if (verdict.kind === 'adopt') {
      const detail = 'It was too old to be followed again, but the pod still had its result.';
      await writer.apply(job.id, () => ({ type: 'note', kind: 'adopted', detail }));
      return run.resume(job, workflow, stored.progress);
    }
    if (verdict.onPod) await client.cancel(job.promptId).catch(() => undefined);
    const error = staleError(staleAfterMs);
    await writer.apply(job.id, () => ({ type: 'fail', error, outcome: 'lost' }));
  }
}
