import type { Recovery, RecoveryReason } from '../../../lib/jobs/recovery.ts';
import type { DeskBook } from '../desk-book.ts';
import type { JobEvents } from '../job-events.ts';
import type { Member } from '../leases/lease.ts';
import type { Log } from '../log.ts';
import { RecoverySession } from './recovery-session.ts';

/** How far a recovery has come: of how many of its jobs it is known what became of them. */
export interface RecoveryProgress {
  reason: RecoveryReason;
  done: number;
  total: number;
  ended: boolean;
}

export interface RecoveryBookDeps {
  book: Pick<DeskBook, 'saveRecovery' | 'recoveries'>;
  now: () => Date;
  log: Log;
  /** This process, by its `instanceLabel`. */
  instance: string;
  onProgress?: (progress: RecoveryProgress) => void;
}

/** A record that goes on is written at most this often; one that could not be written is tried again as often. */
const SAVE_EVERY_MS = 1000;
/** Records that could not be written and are kept for later; older ones are dropped. */
const MAX_UNSAVED = 20;
/** Records looked through for those that an ended process left open. */
const LOOKED_THROUGH = 50;

/** How a record names the instance that made it: for people, and never the same for two. */
export function instanceLabel({ name, id }: Pick<Member, 'name' | 'id'>): string {
  return `${name}#${id.slice(0, 8)}`;
}

/** Keeps the record of every recovery of this instance: it hears what becomes of jobs and writes it down. */
export class RecoveryBook implements Partial<JobEvents> {
  private readonly open = new Set<RecoverySession>();
  private readonly unsaved = new Map<string, () => Recovery>();
  private timer: NodeJS.Timeout | undefined;
  private saving: Promise<void> | undefined;
  private stopped = false;

  constructor(private readonly deps: RecoveryBookDeps) {}

  /** Begins a record. A session that finds nothing and misses no pod leaves none. */
  begin(reason: RecoveryReason, podIds: readonly string[]): RecoverySession {
    const session = new RecoverySession(reason, podIds, {
      instance: this.deps.instance,
      now: this.deps.now,
      onChange: (changed) => this.changed(changed),
      onEnd: (ended) => this.open.delete(ended),
    });
    this.open.add(session);
    return session;
  }

  jobChanged: JobEvents['jobChanged'] = (job) => {
    for (const session of this.open) session.heard(job);
  };

  wants = (): boolean => this.open.size > 0;

  jobProgress: JobEvents['jobProgress'] = (jobId, progress) => {
    for (const session of this.open) session.heardProgress(jobId, progress);
  };

  /** Closes records that processes left open which no longer live. `alive`: labels of instances. */
  async closeAbandoned(alive: readonly string[]): Promise<void> {
    const { book, instance, now } = this.deps;
    for (const record of await book.recoveries(LOOKED_THROUGH)) {
      if (record.endedAt !== undefined || record.instance === instance || alive.includes(record.instance)) continue;
      await book.saveRecovery({ ...record, endedAt: now().toISOString() });
    }
  }

  /** Ends what goes on, as it stands, and writes it. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const session of [...this.open]) session.end();
    clearTimeout(this.timer);
    await this.saving;
    await this.save();
  }

  private changed(session: RecoverySession): void {
    const { reason, ended } = session;
    this.deps.onProgress?.({ reason, ...session.known, ended });
    if (!session.worthKeeping) return;
    this.unsaved.set(session.id, () => session.record());
    const [oldest] = this.unsaved.keys();
    if (this.unsaved.size > MAX_UNSAVED && oldest !== undefined) this.unsaved.delete(oldest);
    this.saveIn(ended ? 0 : SAVE_EVERY_MS);
  }

  /** What goes on is written a second later with all that happens until then, an end at once. */
  private saveIn(ms: number): void {
    if (this.stopped || this.saving || (this.timer && ms > 0)) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), ms);
  }

  private save(): Promise<void> {
    this.timer = undefined;
    this.saving ??= this.saveAll().finally(() => {
      this.saving = undefined;
      if (this.unsaved.size > 0) this.saveIn(SAVE_EVERY_MS);
    });
    return this.saving;
  }

  private async saveAll(): Promise<void> {
    for (const [id, record] of [...this.unsaved]) {
      this.unsaved.delete(id);
      try {
        await this.deps.book.saveRecovery(record());
      } catch (error) {
        if (!this.unsaved.has(id)) this.unsaved.set(id, record);
        this.deps.log.warn({ recoveryId: id, reason: String(error) }, 'the record of a recovery could not be written');
        return;
      }
    }
  }
}
