import { mayTake, type JobIn } from '../../lib/jobs/job.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { PodAction, PodView } from '../../lib/protocol/pods.ts';
import { DeskError, type PodDesk } from './desk.ts';
import type { Reservation, RunnerSignals } from './job-service.ts';
import type { DeskBook, PodOrders } from './desk-book.ts';
import type { JobStore } from './job-store.ts';
import type { Clock, JobWriter } from './job-writer.ts';
import { isLeaseLost } from './leases/lease.ts';
import type { Log } from './log.ts';
import type { EndedOrphans } from './recovery/orphans.ts';
import { LOOK_AHEAD, ModelChoice } from './pods/model-choice.ts';
import { isClaimable, type Claimable } from './pods/pod-chores.ts';
import type { PodDriver } from './pods/pod-driver.ts';
import { PinWatch } from './pods/pin-watch.ts';
import { isUsable } from './pods/pod-health.ts';
import type { RecoverySession } from './recovery/recovery-session.ts';

export interface JobRunnerDeps {
  store: JobStore;
  writer: JobWriter;
  book: Pick<DeskBook, 'dispatch' | 'podOrders' | 'orderPod' | 'now'>;
  clock: Clock;
  log: Log;
  /** Ids and names of all pods in the configuration, whoever drives them. */
  configured: readonly PodView[];
  /** Pods that other instances drive, as they told. */
  elsewhere: () => PodView[];
  /** Days a finished job is kept. */
  historyDays: number;
  /** Called with the ids of jobs that were pruned. */
  onPruned: (jobIds: string[]) => Promise<void>;
}

/** A net under the wake-ups: nothing claimable waits longer than this. */
const TICK_MS = 1000;
const PRUNE_EVERY_MS = 60 * 60_000;
const PINS_EVERY_MS = 5000;

/** Gives jobs to the pods that this instance drives: highest priority first, to the pod with the most room. */
export class JobRunner implements RunnerSignals, PodDesk {
  private drivers: PodDriver[] = [];
  /** Nothing is given out before the first answer. */
  private paused = true;
  private ticker: NodeJS.Timeout | undefined;
  private pruner: NodeJS.Timeout | undefined;
  private pinTimer: NodeJS.Timeout | undefined;
  private pumping: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  /** Pods that had room and no work at the last look; nothing became claimable since. */
  private readonly idle = new Set<PodDriver>();
  private readonly pins: PinWatch;
  private readonly models = new ModelChoice();

  constructor(private readonly deps: JobRunnerDeps) {
    this.pins = new PinWatch({ ...deps, pods: () => this.pods(), now: () => deps.clock.now().getTime() });
  }

  /** Drives a pod from now on; resolves when what was in flight there is taken up. */
  async attach(driver: PodDriver, session: RecoverySession, ended: EndedOrphans): Promise<void> {
    this.drivers = [...this.drivers, driver];
    await driver.start(session, ended);
    await this.readOrders();
    this.wake();
  }

  /** Resolves when the driver neither writes nor sends anything more; what runs on its pod goes on there. */
  async detach(podId: string): Promise<void> {
    const driver = this.drivers.find((one) => one.id === podId);
    if (!driver) return;
    await driver.stop();
    this.drivers = this.drivers.filter((one) => one !== driver);
    this.idle.delete(driver);
  }

  async start(): Promise<void> {
    await this.readDispatch();
    this.ticker = setInterval(() => {
      void this.readDispatch();
      this.wake();
    }, TICK_MS);
    this.pinTimer = setInterval(() => void this.lookAtPins(), PINS_EVERY_MS);
    this.pruner = setInterval(() => void this.prune(), PRUNE_EVERY_MS);
    void this.prune();
    this.wake();
  }

  /** No new work from now on; drivers go on until they are detached. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.ticker);
    clearInterval(this.pruner);
    clearInterval(this.pinTimer);
    await this.pumping;
  }

  /** The desk may have been paused or resumed, and something may have been ordered about a pod. */
  async readDispatch(): Promise<void> {
    const orders = this.readOrders();
    try {
      this.setPaused((await this.deps.book.dispatch()).paused);
    } catch (error) {
      this.deps.log.debug({ reason: String(error) }, 'whether the desk is paused could not be read');
    }
    await orders;
  }

  private async readOrders(): Promise<void> {
    try {
      this.giveOrders(await this.deps.book.podOrders());
    } catch (error) {
      this.deps.log.debug({ reason: String(error) }, 'what was ordered about pods could not be read');
    }
  }

  async order(id: string, action: PodAction): Promise<PodView> {
    const { book } = this.deps;
    if (!this.pod(id)) throw new DeskError('pod_not_found', `There is no pod “${id}”.`);
    await book.orderPod(id, ordersOf(action, book.now().toISOString()));
    this.giveOrders(await book.podOrders());
    this.wake();
    const view = this.pod(id);
    if (!view) throw new DeskError('pod_not_found', `There is no pod “${id}” any more.`);
    // Whoever else drives it obeys within a second or two.
    return action === 'free-memory' ? view : { ...view, drained: action === 'drain' };
  }

  private giveOrders(orders: Readonly<Record<string, PodOrders>>): void {
    for (const driver of this.drivers) driver.takeOrders(orders[driver.id] ?? {});
  }

  setPaused(paused: boolean): void {
    const resumed = this.paused && !paused;
    this.paused = paused;
    if (resumed) this.wake();
  }

  wake(): void {
    this.idle.clear();
    if (this.stopped || this.paused) return;
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

  /** Only where nothing waits, so that no job is passed; on a pod that has its models loaded, where one is idle. */
  reserve(job: JobIn<'queued'>): Reservation | undefined {
    if (this.stopped || this.paused) return undefined;
    const able = [...this.idle].filter((driver) => mayTake(driver.id, job));
    const ready = leastLoaded(able.filter((driver) => driver.loaded.holds(job)));
    return (ready ?? leastLoaded(able))?.reserve(job.id);
  }

  cancelRequested(jobId: string): void {
    for (const driver of this.drivers) driver.cancel(jobId);
  }

  /** Wishes to cancel, made at other instances, may have been missed. */
  async lookForWishes(): Promise<void> {
    try {
      for (const driver of this.drivers) await driver.lookForWishes();
    } catch (error) {
      this.deps.log.debug({ reason: String(error) }, 'wishes could not be looked for');
    }
  }

  liveProgress(jobId: string): JobProgress | undefined {
    for (const driver of this.drivers) {
      const progress = driver.progressOf(jobId);
      if (progress) return progress;
    }
    return undefined;
  }

  requirePod(podId: string | undefined): void {
    if (podId === undefined || this.pod(podId) !== undefined) return;
    throw new DeskError('invalid_request', `There is no pod "${podId}".`, [
      { field: 'pod', message: 'Use the id of a pod from GET /api/pods, or leave it out.' },
    ]);
  }

  pods(): PodView[] {
    const driven = new Map(this.drivers.map((driver) => [driver.id, driver.view()]));
    const told = new Map(this.deps.elsewhere().map((view) => [view.id, view]));
    const ours = this.deps.configured.map((view) => driven.get(view.id) ?? told.get(view.id) ?? view);
    const ids = new Set(ours.map(({ id }) => id));
    return [...ours, ...[...told.values()].filter(({ id }) => !ids.has(id))];
  }

  pod(id: string): PodView | undefined {
    return this.pods().find((view) => view.id === id);
  }

  /** Pods that this instance drives. */
  driven(): readonly PodDriver[] {
    return this.drivers;
  }

  async readiness(): Promise<{ ready: boolean; reasons: string[] }> {
    const reasons: string[] = [];
    await this.deps.store.check().catch((error: unknown) => {
      reasons.push(`The store is away: ${error instanceof Error ? error.message : String(error)}`);
    });
    if (this.stopped) reasons.push('Podium is shutting down.');
    if (!this.pods().some(isUsable)) reasons.push('No pod is usable right now.');
    return { ready: reasons.length === 0, reasons };
  }

  /** One job at a time to the freest pod, until no pod has both room and work. */
  private async pump(): Promise<void> {
    const exhausted = new Set<string>();
    while (!this.stopped && !this.paused) {
      const driver = leastLoaded(this.drivers.filter((one) => !exhausted.has(one.id)));
      if (!driver) return;
      const now = this.deps.clock.now().toISOString();
      // Another pod is being made ready for these.
      const taken = new Set(this.drivers.flatMap(({ preparing }) => preparing ?? []));
      const line = async (length: number) => {
        const found = await this.deps.store.claimable(driver.id, now, length + taken.size);
        return found.filter(isClaimable).filter(({ id }) => !taken.has(id));
      };
      const job = await this.pick(driver, line);
      if (!job) {
        exhausted.add(driver.id);
        if (!this.again) this.idle.add(driver);
        continue;
      }
      await driver.give(job).catch((error: unknown) => {
        if (!isLeaseLost(error)) throw error;
        exhausted.add(driver.id);
      });
    }
  }

  private async pick(
    driver: PodDriver,
    line: (length: number) => Promise<Claimable[]>,
  ): Promise<Claimable | undefined> {
    const { loaded } = driver;
    const holds = loaded.holds.bind(loaded);
    const [first] = await line(1);
    if (!first || !loaded.any || !this.models.mayPass(first, holds)) return first;
    const [now, ...next] = await line(LOOK_AHEAD);
    return now && this.models.pick([now, ...next], holds);
  }

  private async lookAtPins(): Promise<void> {
    await this.pins.look().catch((error: unknown) => {
      this.deps.log.debug({ reason: String(error) }, 'jobs that wait for one pod could not be looked at');
    });
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

function ordersOf(action: PodAction, at: string): PodOrders {
  switch (action) {
    case 'drain':
      return { drained: true };
    case 'reopen':
      return { drained: false, reopenedAt: at };
    case 'free-memory':
      return { freeMemoryAt: at };
  }
}
