import type { Job } from '../../../lib/jobs/job.ts';
import type { PodView } from '../../../lib/protocol/pods.ts';
import type { JobStore } from '../job-store.ts';
import type { JobWriter } from '../job-writer.ts';
import { isUsable } from './pod-health.ts';

export interface PinWatchDeps {
  store: Pick<JobStore, 'list'>;
  writer: Pick<JobWriter, 'apply'>;
  pods: () => PodView[];
  /** Milliseconds of the epoch. */
  now: () => number;
}

/** How long a job waits for the one pod that was to take it next, once that pod takes nothing. */
export const PIN_PATIENCE_MS = 15_000;
const PAGE = 100;

/** Lets jobs that wait for one pod go to any other when that pod cannot take them, so that none waits for ever. */
export class PinWatch {
  /** Since when each pod takes nothing. */
  private readonly awaySince = new Map<string, number>();

  constructor(private readonly deps: PinWatchDeps) {}

  /** @throws StoreUnavailableError */
  async look(): Promise<void> {
    const usable = new Set(this.deps.pods().flatMap((pod) => (isUsable(pod) ? [pod.id] : [])));
    for (const id of this.awaySince.keys()) if (usable.has(id)) this.awaySince.delete(id);
    for (let cursor: string | undefined, more = true; more;) {
      const query = { states: ['retry_wait' as const], limit: PAGE, ...(cursor !== undefined && { cursor }) };
      const page = await this.deps.store.list(query);
      for (const { job } of page.jobs) if (this.waitsInVain(job, usable)) await this.unpin(job.id, usable);
      cursor = page.nextCursor;
      more = cursor !== undefined;
    }
  }

  private waitsInVain(job: Job, usable: ReadonlySet<string>): boolean {
    const podId = job.next?.podId;
    if (podId === undefined || usable.has(podId)) return false;
    const since = this.awaySince.get(podId) ?? this.deps.now();
    this.awaySince.set(podId, since);
    return this.deps.now() - since >= PIN_PATIENCE_MS;
  }

  private async unpin(jobId: string, usable: ReadonlySet<string>): Promise<void> {
    await this.deps.writer.apply(jobId, (job) =>
      job.state === 'retry_wait' && this.waitsInVain(job, usable)
        ? { type: 'unpin', detail: 'The pod it was to run on next takes no work now, so any other may take it.' }
        : undefined,
    );
  }
}
