import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { jobSchema, type Job, type JobState } from '../../lib/jobs/job.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { Recovery } from '../../lib/jobs/recovery.ts';
import type { DispatchState, StoreWarning } from '../../lib/protocol/system.ts';
import type { DeskBook, PodOrders } from '../jobs/desk-book.ts';
import {
  StoreUnavailableError,
  type CreateBatchOutcome,
  type CreateOutcome,
  type IdempotencyClaim,
  type JobPage,
  type JobQuery,
  type JobStore,
  type NewBatch,
  type StoredBatch,
  type StoredJob,
  type StoredWorkflow,
} from '../jobs/job-store.ts';
import type { PodCondition, PodMemory } from '../jobs/pod-client.ts';
import type { BatchBundle, JobBundle, StoreTransfer } from '../jobs/records/store-transfer.ts';
import type { TemplateBook } from '../jobs/templates/template-book.ts';
import { BatchTables } from './batch-tables.ts';
import { DeskTables } from './desk-tables.ts';
import { sortable } from '../jobs/records/stored-text.ts';
import { JobListing } from './job-listing.ts';
import { JobPicking } from './job-picking.ts';
import { JobTables } from './job-tables.ts';
import { JobTransfer } from './job-transfer.ts';
import { openDatabase, type HeldDatabase } from './open-database.ts';
import { PodFacts } from './pod-facts.ts';
import type { UnreadableRecord } from '../jobs/records/stored-records.ts';
import { RecordReader } from './record-reader.ts';
import { Statements } from './statements.ts';
import { asStoreError } from './store-errors.ts';
import { TemplateTables } from './template-tables.ts';
import { WriteLane } from './write-lane.ts';

export interface SqliteJobStoreOptions {
  /** The database file; its folder is made where it is missing. */
  path: string;
  /** Called once for each stored record this version cannot read. It is left as it is and in no answer. */
  onUnreadable?: (record: UnreadableRecord) => void;
  now?: () => Date;
}

/** A desk in one file. */
export type SqliteStore = JobStore & DeskBook & StoreTransfer & { readonly templates: TemplateBook };

/** Jobs deleted in one transaction; others may write between two of them. */
const PRUNE_BATCH = 100;

/**
 * Jobs in one SQLite file that this process alone writes.
 * @throws StoreRefusedError `store_newer`, `store_locked`; StoreUnavailableError. Each with a sentence.
 */
export function openSqliteJobStore(options: SqliteJobStoreOptions): SqliteStore {
  const path = resolve(options.path);
  return new SqliteJobStore(openDatabase(path), path, options);
}

class SqliteJobStore implements SqliteStore {
  readonly templates: TemplateTables;
  private readonly sql: Statements;
  private readonly lane: WriteLane;
  private readonly tables: JobTables;
  private readonly grouped: BatchTables;
  private readonly listing: JobListing;
  private readonly picking: JobPicking;
  private readonly memories: PodFacts<PodMemory>;
  private readonly conditions: PodFacts<PodCondition>;
  private readonly desk: DeskTables;
  private readonly transfer: JobTransfer;
  private readonly clock: () => Date;
  private readonly inode: bigint;

  constructor(
    private readonly held: HeldDatabase,
    private readonly path: string,
    options: SqliteJobStoreOptions,
  ) {
    const reader = new RecordReader(options.onUnreadable ?? (() => undefined));
    this.sql = new Statements(held.db);
    this.tables = new JobTables(this.sql, reader);
    this.grouped = new BatchTables(this.sql, this.tables, reader);
    this.listing = new JobListing(this.sql, reader);
    this.picking = new JobPicking(this.sql, reader);
    this.memories = PodFacts.memories(this.sql);
    this.conditions = PodFacts.conditions(this.sql);
    this.desk = new DeskTables(this.sql);
    this.templates = new TemplateTables(this.sql, {
      write: (run) => this.write(run),
      read: (look) => this.read(look),
    });
    this.transfer = new JobTransfer(this.sql, this.tables, reader);
    this.clock = options.now ?? (() => new Date());
    this.inode = statSync(path, { bigint: true }).ino;
    this.lane = new WriteLane(
      held.db,
      () => this.mustBeThere(),
      (error) => asStoreError(error, path),
    );
  }

  async create(job: Job, workflow: StoredWorkflow, claim?: IdempotencyClaim): Promise<CreateOutcome> {
    // What cannot be read back is not written.
    const checked = jobSchema.parse(job);
    return this.write(() => this.tables.create(checked, workflow, claim));
  }

  async createBatch(batch: NewBatch, claim?: IdempotencyClaim): Promise<CreateBatchOutcome> {
    const members = batch.members.map(({ job, values }) => ({ job: jobSchema.parse(job), values }));
    return this.write(() => this.grouped.create({ ...batch, members }, claim));
  }

  async batch(id: string): Promise<StoredBatch | undefined> {
    return this.read(() => this.grouped.get(id));
  }

  async batches(query: { limit: number; cursor?: string }): Promise<{ batches: StoredBatch[]; nextCursor?: string }> {
    return this.read(() => this.grouped.list(query));
  }

  async batchJobs(
    id: string,
    query: { limit: number; cursor?: string },
  ): Promise<{ jobs: StoredJob[]; nextCursor?: string }> {
    return this.read(() => this.grouped.jobs(id, query));
  }

  async replace(next: Job): Promise<boolean> {
    const checked = jobSchema.parse(next);
    return this.write(() => this.tables.replace(checked));
  }

  async saveProgress(id: string, progress: JobProgress): Promise<void> {
    const at = this.clock().toISOString();
    await this.write(() => this.tables.saveProgress(id, progress, at));
  }

  remove(id: string): Promise<boolean> {
    return this.write(() => this.tables.remove(id));
  }

  async prune(endedBefore: string): Promise<string[]> {
    const before = sortable(endedBefore);
    const pruned: string[] = [];
    for (;;) {
      try {
        const batch = await this.write(() => this.tables.prune(before, PRUNE_BATCH));
        pruned.push(...batch);
        if (batch.length < PRUNE_BATCH) return pruned;
      } catch (error) {
        // What earlier batches deleted is told, so that its files go too; the rest is left for the next time.
        if (pruned.length > 0) return pruned;
        throw error;
      }
    }
  }

  async savePodMemory(podId: string, memory: PodMemory): Promise<void> {
    await this.write(() => this.memories.save(podId, memory));
  }

  async savePodCondition(podId: string, condition: PodCondition): Promise<void> {
    await this.write(() => this.conditions.save(podId, condition));
  }

  async check(): Promise<void> {
    const at = this.clock().toISOString();
    await this.write(() => this.desk.check(at));
  }

  async keyUse(key: string): Promise<{ bodyHash: string; id: string } | undefined> {
    const used = await this.read(() => this.tables.claimed(key));
    return used && { bodyHash: used.body_hash, id: used.job_id };
  }

  async get(id: string): Promise<StoredJob | undefined> {
    return this.read(() => this.tables.get(id));
  }

  async workflow(id: string): Promise<StoredWorkflow | undefined> {
    return this.read(() => this.tables.workflow(id));
  }

  async list(query: JobQuery): Promise<JobPage> {
    return this.read(() => this.listing.list(query));
  }

  async counts(): Promise<Record<JobState, number>> {
    return this.read(() => this.listing.counts());
  }

  async claimable(podId: string, now: string, limit: number): Promise<Job[]> {
    return this.read(() => this.picking.claimable(podId, sortable(now), limit));
  }

  async onPod(podId: string): Promise<StoredJob[]> {
    return this.read(() => this.picking.onPod(podId));
  }

  async active(): Promise<StoredJob[]> {
    return this.read(() => this.picking.active());
  }

  async jobOfPrompt(promptId: string): Promise<string | undefined> {
    return this.read(() => this.picking.jobOfPrompt(promptId));
  }

  async podsWithJobs(): Promise<string[]> {
    return this.read(() => this.picking.podsWithJobs());
  }

  async nextRetryAt(): Promise<string | undefined> {
    return this.read(() => this.picking.nextRetryAt());
  }

  async podMemory(podId: string): Promise<PodMemory | undefined> {
    return this.read(() => this.memories.get(podId));
  }

  async podCondition(podId: string): Promise<PodCondition | undefined> {
    return this.read(() => this.conditions.get(podId));
  }

  async podOrders(): Promise<Record<string, PodOrders>> {
    return this.read(() => this.desk.podOrders());
  }

  async orderPod(podId: string, orders: PodOrders): Promise<void> {
    await this.write(() => this.desk.orderPod(podId, orders));
  }

  async deskId(): Promise<string> {
    return this.write(() => this.desk.deskId());
  }

  async setDeskId(id: string): Promise<void> {
    await this.write(() => this.desk.setDeskId(id));
  }

  async dispatch(): Promise<DispatchState> {
    return this.read(() => this.desk.dispatch());
  }

  async setDispatch(state: DispatchState): Promise<void> {
    await this.write(() => this.desk.setDispatch(state));
  }

  async saveRecovery(recovery: Recovery): Promise<void> {
    await this.write(() => this.desk.saveRecovery(recovery));
  }

  async recoveries(limit: number): Promise<Recovery[]> {
    return this.read(() => this.desk.recoveries(limit));
  }

  /** None: what this store promises hangs on no setting. */
  async warnings(): Promise<StoreWarning[]> {
    return [];
  }

  /** Never calls: a commit that was acknowledged is not missing later, however long the disk was full. */
  onReturn(): () => void {
    return () => undefined;
  }

  now(): Date {
    return this.clock();
  }

  async size(): Promise<number> {
    return this.read(() => this.transfer.size());
  }

  async *bundles(): AsyncGenerator<JobBundle> {
    for (let keys = this.read(() => this.transfer.keysAfter()); keys.length > 0;) {
      for (const { id } of keys) {
        const bundle = this.read(() => this.transfer.bundle(id));
        if (bundle) yield bundle;
      }
      const last = keys.at(-1);
      keys = this.read(() => this.transfer.keysAfter(last));
    }
  }

  async *batchBundles(): AsyncGenerator<BatchBundle> {
    for (let keys = this.read(() => this.grouped.keys()); keys.length > 0;) {
      for (const { id } of keys) {
        const bundle = this.read(() => this.grouped.bundle(id));
        if (bundle) yield bundle;
      }
      const last = keys.at(-1);
      keys = this.read(() => this.grouped.keys(last));
    }
  }

  async podMemories(): Promise<{ podId: string; memory: PodMemory }[]> {
    return this.read(() => this.memories.all().map(({ podId, fact }) => ({ podId, memory: fact })));
  }

  async podConditions(): Promise<{ podId: string; condition: PodCondition }[]> {
    return this.read(() => this.conditions.all().map(({ podId, fact }) => ({ podId, condition: fact })));
  }

  async takeIn(bundles: readonly JobBundle[]): Promise<void> {
    const checked = bundles.map((bundle) => ({ bundle, job: jobSchema.parse(bundle.job) }));
    const now = this.clock().toISOString();
    await this.write(() => {
      for (const { bundle, job } of checked) this.transfer.takeIn(job, bundle, now);
    });
  }

  async takeInBatches(bundles: readonly BatchBundle[]): Promise<void> {
    await this.write(() => {
      for (const bundle of bundles) this.grouped.takeIn(bundle);
    });
  }

  /** Commits what still waits, then lets the file go. */
  async close(): Promise<void> {
    if (!this.held.db.open) return;
    this.lane.flushAll();
    this.held.close();
  }

  private write<T>(run: () => T): Promise<T> {
    return this.held.db.open ? this.lane.write(run) : Promise.reject(this.closedError());
  }

  private read<T>(look: () => T): T {
    if (!this.held.db.open) throw this.closedError();
    try {
      return look();
    } catch (error) {
      throw asStoreError(error, this.path);
    }
  }

  /** Writing to a file that was deleted or replaced succeeds and keeps nothing. */
  private mustBeThere(): void {
    const now = statSync(this.path, { bigint: true, throwIfNoEntry: false });
    if (now?.ino !== this.inode)
      throw new StoreUnavailableError(
        `The database ${this.path} was moved or deleted: put it back and restart Podium.`,
      );
  }

  private closedError(): StoreUnavailableError {
    return new StoreUnavailableError('The store is closed.');
  }
}
