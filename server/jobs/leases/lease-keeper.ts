import type { RecoveryReason } from '../../../lib/jobs/recovery.ts';
import { fairShare } from './fair-share.ts';
import type { Fence, HeldLease, LeaseBoard, Member, PodLeases } from './lease.ts';
import type { Log } from '../log.ts';
import { waitMs } from '../wait.ts';

export type LeaseGain = Extract<RecoveryReason, 'start' | 'takeover' | 'handover'>;

export interface LeaseKeeperDeps {
  leases: PodLeases;
  self: Member;
  leaseMs: number;
  log: Log;
  /** Leases gained together: their pods are driven from now on. */
  onGained: (leases: HeldLease[], how: LeaseGain) => Promise<void>;
  /** Resolves when nothing more is written or sent under this lease. */
  onEnded: (lease: HeldLease) => Promise<void>;
  /** Called after each look at the board. */
  onBoard?: (board: LeaseBoard) => void;
}

/** Of a lease's time, so that a clock that runs a little slower than the store's never trusts a lease too long. */
const TRUST = 0.9;
const BEATS_A_LEASE = 4;
/** After another's lease has run out. */
const GRACE_MS = 10;

/** A moment by both clocks: one may stand still while the machine sleeps, the other may be set. */
interface Moment {
  steady: number;
  wall: number;
}

/** Keeps this instance's share of the pods: renews its leases, takes over what others left, gives up what is too much. */
export class LeaseKeeper {
  board: LeaseBoard;
  private readonly held = new Map<string, Tenancy>();
  /** What is still being ended or begun, by pod: a pod's tenancies never overlap. */
  private readonly changes = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();
  private beatNow = new AbortController();
  private leaving = false;
  private failing = false;
  /** Until the first look at the board. */
  private fresh = true;
  private boardAt: Moment = moment();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly deps: LeaseKeeperDeps) {
    this.board = { members: [deps.self], leases: [] };
  }

  /** Takes the first share and resolves when its pods are driven; where the store is away, they are taken when it is back. */
  async start(): Promise<void> {
    await this.look();
    await this.settled();
    this.running = this.run();
  }

  /** A lease proved to be lost, or the board has changed: look now. */
  lookNow(): void {
    this.beatNow.abort();
  }

  /** Ends all driving, then hands every lease over at once. */
  async stop(): Promise<void> {
    this.leaving = true;
    await Promise.all([...this.held.values()].map((tenancy) => this.end(tenancy, true)));
    await this.settled();
    this.stopping.abort();
    this.beatNow.abort();
    await this.running;
    await this.deps.leases.leave(this.deps.self.id).catch((error: unknown) => this.complain(error));
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.beatNow = new AbortController();
      await waitMs(this.pauseMs(), this.beatNow.signal);
      if (!this.stopping.signal.aborted) await this.look();
    }
  }

  private async look(): Promise<void> {
    try {
      await this.round();
      if (this.failing) this.deps.log.info({}, 'leases are kept again');
      else this.fresh = false;
      this.failing = false;
    } catch (error) {
      this.complain(error);
    }
  }

  private async round(): Promise<void> {
    const { leases, self, leaseMs } = this.deps;
    const at = moment();
    const before = { board: this.board, at: this.boardAt };
    const fences = [...this.held.values()].map(({ fence }) => fence);
    this.board = await leases.beat(self, fences, leaseMs);
    this.boardAt = at;
    for (const tenancy of [...this.held.values()]) {
      if (this.board.leases.some(({ fence }) => isSame(fence, tenancy.fence))) tenancy.confirmedAt = at;
      else if (fences.includes(tenancy.fence)) {
        this.deps.log.warn({ podId: tenancy.fence.podId }, 'another instance drives this pod now');
        tenancy.lost = true;
        void this.end(tenancy, false);
      }
    }
    this.deps.onBoard?.(this.board);
    if (this.leaving) return;
    const plan = fairShare(self.id, self.podIds, this.board);
    for (const podId of plan.give) {
      const tenancy = this.held.get(podId);
      if (tenancy) void this.end(tenancy, true);
    }
    // After the store was away every lease has run out: whoever still drives a pod renews it first, and nothing moves.
    if (this.failing) return;
    await this.take(
      plan.take.filter((podId) => !this.held.has(podId) && !this.changes.has(podId)),
      this.fresh ? () => 'start' : (podId) => gainOf(podId, before),
    );
  }

  private async take(podIds: string[], how: (podId: string) => LeaseGain): Promise<void> {
    const { leases, self, leaseMs } = this.deps;
    const gained = new Map<LeaseGain, Tenancy[]>();
    await Promise.all(
      podIds.map(async (podId) => {
        const at = moment();
        const fence = await leases.acquire(self.id, podId, leaseMs);
        if (!fence) return;
        const tenancy = new Tenancy(fence, at, leaseMs);
        this.held.set(podId, tenancy);
        this.board.leases.push({ fence, instanceId: self.id, leftMs: leaseMs });
        gained.set(how(podId), [...(gained.get(how(podId)) ?? []), tenancy]);
      }),
    );
    for (const [reason, tenancies] of gained) {
      const begun = this.deps.onGained(tenancies, reason).catch((error: unknown) => this.complain(error));
      for (const { fence } of tenancies) this.track(fence.podId, begun);
    }
  }

  /** Ends a tenancy once; `release` where nobody else has it yet. */
  private async end(tenancy: Tenancy, release: boolean): Promise<void> {
    const { podId } = tenancy.fence;
    if (tenancy.ending) return;
    tenancy.ending = true;
    const begun = this.changes.get(podId);
    await this.track(
      podId,
      (async () => {
        await begun;
        await this.deps.onEnded(tenancy).catch((error: unknown) => this.complain(error));
        tenancy.lost = true;
        this.held.delete(podId);
        if (release) await this.deps.leases.release(tenancy.fence).catch((error: unknown) => this.complain(error));
      })(),
    );
  }

  private track(podId: string, change: Promise<void>): Promise<void> {
    const tracked = change.finally(() => {
      if (this.changes.get(podId) === tracked) this.changes.delete(podId);
    });
    this.changes.set(podId, tracked);
    return tracked;
  }

  private async settled(): Promise<void> {
    while (this.changes.size > 0) await Promise.all(this.changes.values());
  }

  /** Until the next beat, or until the first lease of another that this instance could inherit runs out. */
  private pauseMs(): number {
    const { self, leaseMs } = this.deps;
    const inherited = this.board.leases
      .filter(({ fence, instanceId }) => instanceId !== self.id && self.podIds.includes(fence.podId))
      .map(({ leftMs }) => leftMs - elapsedMs(this.boardAt) + GRACE_MS);
    return Math.max(GRACE_MS, Math.min(leaseMs / BEATS_A_LEASE, ...inherited));
  }

  private complain(error: unknown): void {
    if (!this.failing) this.deps.log.error({ reason: String(error) }, 'leases cannot be kept; trying again');
    this.failing = true;
  }
}

class Tenancy implements HeldLease {
  ending = false;
  lost = false;

  constructor(
    readonly fence: Fence,
    public confirmedAt: Moment,
    private readonly leaseMs: number,
  ) {}

  valid(): boolean {
    return !this.lost && elapsedMs(this.confirmedAt) < this.leaseMs * TRUST;
  }
}

/** A lease that vanished before its time was given up; one that ran out was left by a dead or frozen instance. */
function gainOf(podId: string, before: { board: LeaseBoard; at: Moment }): LeaseGain {
  const last = before.board.leases.find(({ fence }) => fence.podId === podId);
  return last && last.leftMs > elapsedMs(before.at) ? 'handover' : 'takeover';
}

function isSame(a: Fence, b: Fence): boolean {
  return a.podId === b.podId && a.token === b.token;
}

function moment(): Moment {
  return { steady: performance.now(), wall: Date.now() };
}

function elapsedMs(since: Moment): number {
  return Math.max(performance.now() - since.steady, Date.now() - since.wall);
}
