import type { JobIn } from '../../lib/jobs/job.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { PodView } from '../../lib/protocol/pods.ts';
import { jobError } from '../../lib/protocol/errors.ts';
import type { PodDesk } from './desk.ts';
import type { Reservation, RunnerSignals } from './job-service.ts';
import type { JobStore } from './job-store.ts';
import type { Clock, JobWriter } from './job-writer.ts';
import type { Log } from './log.ts';
import { isClaimable, type PodDriver } from './pod-driver.ts';

export interface JobRunnerDeps {
  store: JobStore;
  writer: JobWriter;
  clock: Clock;
  log: Log;
  /** Days a finished job is kept. */
  historyDays: number;
  /** Called with the ids of jobs that were pruned. */
  onPruned: (jobIds: string[]) => Promise<void>;
}

/** A net under the wake-ups: nothing claimable waits longer than this. */
const TICK_MS = 1000;
const PRUNE_EVERY_MS = 60 * 60_000;

/** Gives jobs to pods: highest priority first, to the pod with the most room. */
export class JobRunner implements RunnerSignals, PodDesk {
  private readonly drivers: PodDriver[] = [];
  private ticker: NodeJS.Timeout | undefined;
  private pruner: NodeJS.Timeout | undefined;
  private pumping: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  /** Pods that had room and no work at the last look; nothing became claimable since. */
  private readonly idle = new Set<PodDriver>();

  constructor(private readonly deps: JobRunnerDeps) {}

  add(driver: PodDriver): void {
    this.drivers.push(driver);
  }

  async start(): Promise<void> {
    await this.endOrphans();
    await Promise.all(this.drivers.map((driver) => driver.start()));
    this.ticker = setInterval(() => this.wake(), TICK_MS);
    this.pruner = setInterval(() => void this.prune(), PRUNE_EVERY_MS);
    void this.prune();
    this.wake();
  }

  /** No new work; runs are left as recorded; sockets close. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.ticker);
    clearInterval(this.pruner);
    await this.pumping;
    await Promise.all(this.drivers.map((driver) => driver.stop()));
  }

  wake(): void {
    this.idle.clear();
    if (this.stopped) return;
    if (this.pumping) {
      this.again = true;
      return;
    }
    this.pumping = this.pump()
      .catch((error: unknown) => {
        this.deps.log.error({ reason: String(error) }, 'jobs could not be given to pods; trying again');
      })
      .finally(() => {
        this.pumping = undefined;
        if (this.again) {
          this.again = false;
          this.wake();
        }
      });
  }

  /** Only where nothing waits: a job that is older or more urgent is never passed. */
  reserve(job: JobIn<'queued'>): Reservation | undefined {
    if (this.stopped) return undefined;
    const wanted = job.wantedPodId;
    return leastLoaded([...this.idle].filter((driver) => wanted === undefined || driver.id === wanted))?.reserve();
  }

  cancelRequested(jobId: string): void {
    for (const driver of this.drivers) driver.cancel(jobId);
  }

  liveProgress(jobId: string): JobProgress | undefined {
    for (const driver of this.drivers) {
      const progress = driver.progressOf(jobId);
      if (progress) return progress;
    }
    return undefined;
  }

  knowsPod(podId: string): boolean {
    return this.drivers.some((driver) => driver.id === podId);
  }

  pods(): PodView[] {
    return this.drivers.map((driver) => driver.view());
  }

  pod(id: string): PodView | undefined {
    return this.drivers.find((driver) => driver.id === id)?.view();
  }

  async readiness(): Promise<{ ready: boolean; reasons: string[] }> {
    const reasons: string[] = [];
    await this.deps.store.check().catch((error: unknown) => {
      reasons.push(`The store is away: ${error instanceof Error ? error.message : String(error)}`);
    });
    if (this.stopped) reasons.push('Podium is shutting down.');
    if (!this.drivers.some((driver) => driver.usable())) reasons.push('No pod is usable right now.');
    return { ready: reasons.length === 0, reasons };
  }

  /** One job at a time to the freest pod, until no pod has both room and work. */
  private async pump(): Promise<void> {
    const exhausted = new Set<string>();
    while (!this.stopped) {
      const driver = leastLoaded(this.drivers.filter((one) => !exhausted.has(one.id)));
      if (!driver) return;
      const now = this.deps.clock.now().toISOString();
      const [job] = await this.deps.store.claimable(driver.id, now, 1);
      if (!job || !isClaimable(job)) {
        exhausted.add(driver.id);
        if (!this.again) this.idle.add(driver);
        continue;
      }
      if (job.state === 'retry_wait' && !(await driver.readyForRetry(job))) {
        exhausted.add(driver.id);
        continue;
      }
      await driver.claim(job);
    }
  }

  /** Jobs on pods that the configuration no longer names can be followed by nobody. */
  private async endOrphans(): Promise<void> {
    for (const podId of await this.deps.store.podsWithJobs()) {
      if (this.knowsPod(podId)) continue;
      const error = jobError('pod_unreachable', `Its pod "${podId}" is no longer in COMFYUI_POD_URL.`);
      for (const { job } of await this.deps.store.onPod(podId))
        await this.deps.writer.apply(job.id, () => ({ type: 'fail', error, outcome: 'lost' }));
    }
  }

  private async prune(): Promise<void> {
    const before = new Date(this.deps.clock.now().getTime() - this.deps.historyDays * 86_400_000).toISOString();
    try {
      const ids = await this.deps.store.prune(before);
      if (ids.length > 0) await this.deps.onPruned(ids);
    } catch (error) {
      this.deps.log.warn({ reason: String(error) }, 'old history could not be deleted');
    }
  }
}

function leastLoaded(drivers: PodDriver[]): PodDriver | undefined {
  return drivers.filter((driver) => driver.room() > 0).toSorted((a, b) => a.load() - b.load())[0];
}
