import { randomUUID } from 'node:crypto';
import type { JobProgress } from '../../../lib/jobs/progress.ts';
import type { PodView } from '../../../lib/protocol/pods.ts';
import { wantsCancel } from '../../../lib/jobs/job-record.ts';
import type { PodOrders } from '../desk-book.ts';
import { JobRun, type JobRunDeps } from '../runs/job-run.ts';
import { staleError } from '../recovery/job-recovery.ts';
import type { Reservation } from '../job-service.ts';
import type { JobWriter } from '../job-writer.ts';
import { isLeaseLost, type HeldLease } from '../leases/lease.ts';
import { LateFiles } from '../runs/late-files.ts';
import { LoadedModels } from './loaded-models.ts';
import { ObeyedOrders } from './pod-orders.ts';
import { needsChore, PodChores, type Claimable } from './pod-chores.ts';
import type { PodClient, PodMemory } from '../pod-client.ts';
import { PodConditions } from './pod-conditions.ts';
import type { EndedOrphans } from '../recovery/orphans.ts';
import { rescuePending } from './pending-rescue.ts';
import { PodRecovery, type PodRecoveryDeps } from '../recovery/pod-recovery.ts';
import type { RecoverySession } from '../recovery/recovery-session.ts';
import { PodWatch } from './pod-watch.ts';
import { shownPod } from './pod-view.ts';
import { untilWritten } from '../runs/until-written.ts';
import { waitMs } from '../wait.ts';

export interface PodDriverDeps
  extends
    Omit<JobRunDeps, 'pod' | 'onPodTrouble' | 'lateFiles'>,
    Pick<PodRecoveryDeps, 'records' | 'asking' | 'reading'> {
  client: PodClient;
  /** Every write of this driver carries its fence. */
  lease: HeldLease;
  name: string;
  demo: boolean;
  slots: number;
  staleAfterMs: number;
  random: () => number;
  /** The store refused a write because another instance drives the pod. */
  onLeaseLost: () => void;
  /** The pod became usable or a slot became free. */
  onRoom: () => void;
  /** The pod has proven to have restarted. */
  onRestart: () => void;
  /** Resolves after so many milliseconds; the driver's own clock where absent. */
  pause?: (ms: number) => Promise<void>;
}

/** Pause before a run that broke off is taken up again. */
const AFTER_BREAK_MS = 5000;
/** How long a stop waits for answers under way before it ends those calls: whoever inherits the pod waits meanwhile. */
const LAST_ANSWERS_MS = 1000;
/** After a run that doubted its lease: long enough for a beat. */
const LEASE_DOUBT_MS = 1000;
/** A net: how often jobs of this pod that no run looks after are looked for. */
const LEFT_EVERY_MS = 30_000;

/** Drives one pod for as long as this instance holds its lease: keeps its client, its health and the runs of its jobs. */
export class PodDriver {
  readonly id: string;
  readonly loaded = new LoadedModels();
  private readonly runs = new Map<string, JobRun>();
  private readonly ended = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private memory: PodMemory | undefined;
  private reported = '';
  /** Jobs whose claim is being written, or whose acceptance with one: each has its run in a moment. */
  private readonly claiming = new Set<string>();
  private leftAt = performance.now();
  private readonly writer: JobWriter;
  private readonly recovery: PodRecovery;
  private readonly watch: PodWatch;
  private readonly conditions: PodConditions;
  private readonly lateFiles: LateFiles;
  private readonly chores: PodChores;
  private readonly orders: ObeyedOrders;

  constructor(private readonly deps: PodDriverDeps) {
    this.id = deps.client.podId;
    this.writer = deps.writer.fenced(deps.lease.fence);
    const launch = this.launch.bind(this);
    const following = (jobId: string) => this.runs.has(jobId) || this.claiming.has(jobId);
    const { writer, stopping } = this;
    this.conditions = new PodConditions(deps.store, deps.lease.fence);
    this.lateFiles = new LateFiles({
      ...deps,
      podId: this.id,
      pod: deps.client,
      writer,
      conditions: this.conditions,
      pace: deps.copyPace,
    });
    this.recovery = new PodRecovery({ ...deps, writer, signal: stopping.signal, launch, following });
    this.watch = new PodWatch({
      ...deps,
      conditions: this.conditions,
      onChange: () => this.report(),
      onProbed: (answered, wasUsable) => this.afterProbe(answered, wasUsable),
    });
    this.chores = new PodChores({
      ...deps,
      writer,
      signal: stopping.signal,
      pause: deps.pause ?? ((ms) => waitMs(ms, stopping.signal)),
      check: () => this.check(),
      load: () => this.load(),
      claim: (job) => this.claim(job),
      onFreed: () => this.loaded.forget(),
      onDone: deps.onRoom,
    });
    const { conditions, watch, chores } = this;
    this.orders = new ObeyedOrders({ ...deps, conditions, watch, chores });
  }

  /**
   * Opens the connection, takes up what an earlier process left on the pod, begins to watch its health. `session`: the
   * record of it, shared with other pods; `ended`: which ended prompts without a record are taken in.
   */
  async start(session: RecoverySession, ended: EndedOrphans): Promise<void> {
    const { client, log } = this.deps;
    const signal = this.stopping.signal;
    const memory = await untilWritten(() => this.readMemory(), signal, log);
    if (!memory) return;
    client.start(memory, (newer) => this.remember(newer));
    client.onLink((link) => {
      // A pod whose socket ended may be another process by now, with nothing in memory.
      if (link !== 'socket') this.loaded.forget();
      this.watch.probeSoon();
    });
    await untilWritten(() => this.recovery.recover(session, ended), signal, log);
    this.orders.start();
    this.watch.start(signal);
    if (ended === 'all') this.lateFiles.doubt();
    this.lateFiles.start(signal);
  }

  /** What is known of the pod, and from now on who drives it. */
  private async readMemory(): Promise<PodMemory> {
    const { store, lease } = this.deps;
    this.memory = (await store.podMemory(this.id)) ?? { clientId: randomUUID() };
    await store.savePodMemory(this.id, this.memory, lease.fence);
    this.watch.resume(await this.conditions.read());
    return this.memory;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    const watched = this.watch.stop();
    for (const run of this.runs.values()) run.stop();
    const quiet = Promise.all([...this.ended, watched, this.lateFiles.stop(), this.chores.stopped()]);
    const late = new AbortController();
    await Promise.race([quiet, waitMs(LAST_ANSWERS_MS, late.signal)]);
    late.abort();
    await this.deps.client.stop();
    await quiet;
  }

  /** Free slots for new prompts; 0 while the pod must not be given any. */
  room(): number {
    if (this.stopping.signal.aborted || !this.ready() || !this.deps.lease.valid()) return 0;
    if (this.watch.held || this.chores.underway || !this.orders.allowWork) return 0;
    return Math.max(0, this.deps.slots - this.load());
  }

  /** The pod is well, and it is known what it has. */
  private ready(): boolean {
    return this.watch.usable && !this.recovery.due;
  }

  /** Jobs that keep the pod busy; one whose files are being copied does not. */
  load(): number {
    return this.claiming.size + [...this.runs.values()].filter((run) => !run.saving).length;
  }

  /** The job that the pod is being made ready for. */
  get preparing(): string | undefined {
    return this.chores.preparing;
  }

  /** Gives the job to the pod, now or once the pod was made ready for it. False where that has not happened yet. */
  async give(job: Claimable): Promise<boolean> {
    if (!needsChore(job)) return this.claim(job);
    this.chores.prepare(job);
    return false;
  }

  /** What people have ordered about the pod so far; it gets nothing before that was told once. */
  takeOrders(orders: PodOrders): void {
    const allowed = this.orders.allowWork;
    this.orders.take(orders);
    this.report();
    if (!allowed && this.orders.allowWork) this.deps.onRoom();
  }

  private async check(): Promise<boolean> {
    await this.watch.probe();
    return this.ready();
  }

  /** Claims the job for this pod: durable intent, then the run begins. False when somebody else was first. */
  private async claim(job: Claimable): Promise<boolean> {
    const workflow = await this.deps.store.workflow(job.id);
    if (!workflow) throw new Error(`The workflow of job ${job.id} is missing from the store`);
    this.claiming.add(job.id);
    this.expectSubmit(job.id);
    try {
      const claimed = await this.writer.applyTo(job, { type: 'claim', podId: this.id, promptId: randomUUID() });
      if (!claimed || claimed.state !== 'submitting') return false;
      this.loaded.given(claimed);
      this.launch(claimed.id, (run) => run.begin(claimed, workflow));
      return true;
    } finally {
      this.claiming.delete(job.id);
    }
  }

  /** Holds a free slot for a job that is being accepted. */
  reserve(jobId: string): Reservation {
    this.claiming.add(jobId);
    this.expectSubmit(jobId);
    return {
      podId: this.id,
      fence: this.deps.lease.fence,
      release: () => {
        this.claiming.delete(jobId);
        this.deps.onRoom();
      },
      begin: (job, workflow) => {
        this.loaded.given(job);
        this.launch(job.id, (run) => run.begin(job, workflow));
        this.claiming.delete(jobId);
      },
    };
  }

  cancel(jobId: string): boolean {
    const run = this.runs.get(jobId);
    run?.cancel();
    return run !== undefined;
  }

  progressOf(jobId: string): JobProgress | undefined {
    return this.runs.get(jobId)?.progress;
  }

  /** File names in one model folder of the pod. */
  models(folder: string): Promise<string[]> {
    return this.deps.client.models(folder);
  }

  /** Hears cancel wishes that nobody told of. */
  async lookForWishes(): Promise<void> {
    for (const jobId of this.runs.keys()) {
      const job = (await this.deps.store.get(jobId))?.job;
      if (job && wantsCancel(job)) this.cancel(jobId);
    }
  }

  /** The store has lost what was written last: compares it with what the pod has. */
  async lookAgain(session: RecoverySession): Promise<void> {
    this.lateFiles.doubt();
    if (this.memory) this.remember(this.memory);
    await Promise.all([this.conditions.rewrite(), this.recovery.recover(session, 'all')]);
  }

  /**
   * Takes up what the store has on this pod and no run looks after: a change that was thought to have failed may have
   * been made.
   */
  async takeUpLeft(): Promise<void> {
    const { store } = this.deps;
    const left = (jobId: string) => !this.runs.has(jobId) && !this.claiming.has(jobId);
    for (const { job } of await store.onPod(this.id)) {
      // Its run may have ended since the list was read.
      const now = left(job.id) ? await store.get(job.id) : undefined;
      if (now && left(job.id)) this.recovery.takeUp(now);
    }
  }

  view(): PodView {
    const { watch, orders } = this;
    return shownPod({ ...this.deps, watch, jobIds: [...this.runs.keys()], drained: orders.drained });
  }

  /** A connection is made while the store writes, not before it is asked to. */
  private expectSubmit(jobId: string): void {
    setImmediate(() => {
      if (this.claiming.has(jobId)) this.deps.client.expectSubmit();
    });
  }

  private launch(jobId: string, work: (run: JobRun) => Promise<void>): void {
    const run = new JobRun(jobId, {
      ...this.deps,
      writer: this.writer,
      pod: this.deps.client,
      lateFiles: this.lateFiles,
      onPodTrouble: (error) => this.watch.trouble(error, jobId),
    });
    this.runs.set(jobId, run);
    const end = work(run)
      .catch((error: unknown) => this.afterBreak(jobId, error))
      .finally(() => {
        if (this.runs.get(jobId) === run) this.runs.delete(jobId);
        this.ended.delete(end);
        this.report();
        this.deps.onRoom();
      });
    this.ended.add(end);
    // The prompt leaves before anybody is told of it.
    setImmediate(() => this.report());
  }

  /** A bug or a broken store must not leave a job without anybody who looks after it. */
  private async afterBreak(jobId: string, cause: unknown): Promise<void> {
    // What another instance has gone on with takes no event of ours. The next beat says so, which ends this driver, or
    // that the lease is still ours and was only renewed late.
    const { store, lease, log } = this.deps;
    const doubted = isLeaseLost(cause) || !lease.valid();
    if (doubted) this.deps.onLeaseLost();
    else log.error({ jobId, podId: this.id, reason: String(cause) }, 'a run broke off; it is taken up again');
    await waitMs(doubted ? LEASE_DOUBT_MS : AFTER_BREAK_MS, this.stopping.signal);
    const { signal } = this.stopping;
    const stored = signal.aborted ? undefined : await untilWritten(() => store.get(jobId), signal, log);
    if (stored && !signal.aborted) this.recovery.takeUp(stored);
  }

  private remember(memory: PodMemory): void {
    const restarted = (this.memory?.highestNumber ?? -1) > (memory.highestNumber ?? -1);
    this.memory = memory;
    if (restarted) {
      this.watch.restarted();
      this.loaded.forget();
      this.deps.onRestart();
    }
    this.deps.store.savePodMemory(this.id, memory, this.deps.lease.fence).catch((error: unknown) => {
      this.deps.log.warn({ podId: this.id, reason: String(error) }, 'what is known of the pod could not be saved');
    });
  }

  private async lookForLeft(): Promise<void> {
    this.leftAt = performance.now();
    await this.takeUpLeft().catch((error: unknown) => {
      this.deps.log.debug({ podId: this.id, reason: String(error) }, 'jobs without a run could not be looked for');
    });
  }

  /** What a probe of the pod has to bring about. */
  private async afterProbe(answered: boolean, wasUsable: boolean): Promise<void> {
    const wasReady = wasUsable && !this.recovery.due;
    await this.takeBackPending(answered);
    this.endSilent();
    if (!answered) this.recovery.noteOutage();
    else if (this.recovery.due) await this.lookAfterOutage();
    if (performance.now() - this.leftAt > LEFT_EVERY_MS) await this.lookForLeft();
    if (wasReady || !this.ready()) return;
    this.loaded.forget();
    this.deps.onRoom();
  }

  private async lookAfterOutage(): Promise<void> {
    await this.recovery.reconnected().catch((error: unknown) => {
      this.deps.log.warn({ podId: this.id, reason: String(error) }, 'what the pod has is looked for at the next probe');
    });
  }

  /** What waits on a pod that will not run it, or whose GPU would fail it, goes elsewhere. */
  private async takeBackPending(answered: boolean): Promise<void> {
    const { state, quarantine } = this.watch.health;
    if (!answered || !this.deps.lease.valid() || (state !== 'stuck' && !quarantine)) return;
    const why = quarantine
      ? 'The pod’s GPU does not work; the prompt was taken back from its queue before it ran.'
      : 'The pod’s worker is dead; the prompt was taken back from its queue.';
    const deps = { ...this.deps, run: (jobId: string) => this.runs.get(jobId) };
    await rescuePending(deps, this.watch.queue.pending, why).catch((error: unknown) => {
      this.deps.log.warn({ podId: this.id, reason: String(error) }, 'what waits on the pod is taken back later');
    });
  }

  /** Ends the following of jobs on a pod that has been silent for too long. */
  private endSilent(): void {
    if (this.watch.silentMs < this.deps.staleAfterMs) return;
    const error = staleError(this.deps.staleAfterMs);
    for (const run of this.runs.values()) if (!run.saving) run.endWith({ type: 'fail', error, outcome: 'lost' });
  }

  /** Tells of the pod when something a person sees has changed. */
  private report(): void {
    const view = this.view();
    const { checkedAt: _always, ram: _noise, devices: _too, ...seen } = view;
    const now = JSON.stringify(seen);
    if (now === this.reported) return;
    this.reported = now;
    this.deps.events.podChanged(view);
  }
}
