import type { Recovery } from '../../lib/jobs/recovery.ts';
import type { DispatchState, InstanceView, StoreWarning, SystemView } from '../../lib/protocol/system.ts';
import type { SystemDesk } from './desk.ts';
import { MAX_RECOVERIES, type DeskBook } from './desk-book.ts';
import type { JobStore } from './job-store.ts';
import type { LeaseBoard } from './leases/lease.ts';

interface SystemDeskDeps {
  kind: 'sqlite' | 'redis';
  store: Pick<JobStore, 'check'>;
  book: DeskBook;
  instanceId: string;
  board: () => LeaseBoard;
  /** What else is unsafe, beside what the store says of itself. */
  moreWarnings: () => StoreWarning[];
  /** The dispatch was paused or resumed here. */
  onDispatch: (state: DispatchState) => void;
}

/** The desk as a whole: its store, its instances, and whether it gives out work. */
export class DeskSystem implements SystemDesk {
  private lastDispatch: DispatchState = { paused: false };

  constructor(private readonly deps: SystemDeskDeps) {}

  async system(): Promise<SystemView> {
    const { kind, store, book } = this.deps;
    const available = await store.check().then(
      () => true,
      () => false,
    );
    const warnings = available ? await book.warnings().catch((): StoreWarning[] => []) : [];
    if (available) this.lastDispatch = await book.dispatch().catch(() => this.lastDispatch);
    return {
      store: { kind, available, warnings: [...warnings, ...this.deps.moreWarnings()] },
      instances: this.instances(),
      dispatch: this.lastDispatch,
    };
  }

  recoveries(limit: number): Promise<Recovery[]> {
    return this.deps.book.recoveries(Math.min(Math.max(limit, 1), MAX_RECOVERIES));
  }

  pause(reason = 'A person paused it.'): Promise<DispatchState> {
    return this.setDispatch({ paused: true, reason });
  }

  resume(): Promise<DispatchState> {
    return this.setDispatch({ paused: false });
  }

  private async setDispatch(change: Pick<DispatchState, 'paused' | 'reason'>): Promise<DispatchState> {
    const { book, onDispatch } = this.deps;
    const present = await book.dispatch();
    if (present.paused === change.paused) return present;
    const state = { ...change, since: book.now().toISOString() };
    await book.setDispatch(state);
    this.lastDispatch = state;
    onDispatch(state);
    return state;
  }

  private instances(): InstanceView[] {
    const { board, instanceId } = this.deps;
    const { members, leases } = board();
    return members
      .map(({ id, name, version, startedAt }) => ({
        id,
        name,
        version,
        startedAt,
        podIds: leases.filter((lease) => lease.instanceId === id).map(({ fence }) => fence.podId),
        self: id === instanceId,
      }))
      .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt) || a.id.localeCompare(b.id));
  }
}
