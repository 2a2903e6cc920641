import { randomUUID } from 'node:crypto';
import type { Job, JobState } from '../../lib/jobs/job.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { Recovery } from '../../lib/jobs/recovery.ts';
import type { DispatchState, StoreWarning } from '../../lib/protocol/system.ts';
import type { DeskBook, PodOrders } from '../jobs/desk-book.ts';
import type {
  CreateBatchOutcome,
  CreateOutcome,
  IdempotencyClaim,
  JobPage,
  JobQuery,
  JobStore,
  NewBatch,
  StoredBatch,
  StoredJob,
  StoredWorkflow,
} from '../jobs/job-store.ts';
import type { Fence } from '../jobs/leases/lease.ts';
import type { PodCondition, PodMemory } from '../jobs/pod-client.ts';
import type { BatchBundle, JobBundle, StoreTransfer } from '../jobs/records/store-transfer.ts';
import type { TemplateBook } from '../jobs/templates/template-book.ts';
import { waitMs } from '../jobs/wait.ts';
import { BatchReading } from './batch-reading.ts';
import { BatchWriting } from './batch-writing.ts';
import { RedisConnection, type RedisConnectionOptions } from './connection.ts';
import { CreateLane } from './create-lane.ts';
import { DeskFacts } from './desk-facts.ts';
import { JobListing } from './job-listing.ts';
import { JobReading } from './job-reading.ts';
import { JobTransfer } from './job-transfer.ts';
import { JobWriting } from './job-writing.ts';
import { redisKeys, type RedisKeys } from './keys.ts';
import { readCondition, readMemory } from '../jobs/records/stored-text.ts';
import type { UnreadableRecord } from '../jobs/records/stored-records.ts';
import { RecordReader } from './record-reader.ts';
import type { RedisCalls } from './redis-caller.ts';
import { SET_FACT } from './scripts/desk.ts';
import { StoreClock } from './store-clock.ts';
import { StoreReturn } from './store-return.ts';
import { KeptWarnings } from './store-warnings.ts';
import { Tally } from './tally.ts';
import { TemplateFacts } from './template-facts.ts';
import { untilKnown } from './until-known.ts';
import { Withdrawals } from './withdrawals.ts';
import { WriteRing } from './write-ring.ts';

export interface RedisJobStoreOptions extends RedisConnectionOptions {
  /** Tells desks apart that share one Redis. */
  prefix?: string;
  /** This instance's id among the members. */
  instanceId?: string;
  /** Called once for each stored record this version cannot read. It is left as it is and in no answer. */
  onUnreadable?: (record: UnreadableRecord) => void;
  /** How long claims are held back at most after the last writes may have been lost: twice the lease time. */
  barrierMs?: number;
}

/** How long closing waits for what was asked for before. */
const CLOSE_WITHIN_MS = 5000;

/** A desk in Redis, which any number of instances share. */
export type RedisStore = JobStore &
  DeskBook &
  StoreTransfer & {
    readonly templates: TemplateBook;
    /** For what else this instance asks of the same Redis; it is closed with the store. */
    readonly connection: RedisConnection;
    readonly keys: RedisKeys;
    /** Takes note of how many writes Redis counts, whoever made them: a loss is known by that. */
    heardOfWrites(writes: number): void;
  };

/** Resolves also where Redis cannot be reached: each call says so then, until it can. */
export async function openRedisJobStore(options: RedisJobStoreOptions): Promise<RedisStore> {
  const store = new RedisJobStore(options);
  await store.connection.connected(options.connectTimeoutMs).catch(() => undefined);
  return store;
}

class RedisJobStore implements RedisStore {
  readonly connection: RedisConnection;
  readonly keys: RedisKeys;
  readonly templates: TemplateFacts;
  private readonly clock = new StoreClock();
  private readonly writing: JobWriting;
  private readonly reading: JobReading;
  private readonly listing: JobListing;
  private readonly batchWriting: BatchWriting;
  private readonly batchReading: BatchReading;
  private readonly transfer: JobTransfer;
  private readonly facts: DeskFacts;
  private readonly withdrawals: Withdrawals;
  private readonly returning: StoreReturn;
  private readonly tally: Tally;
  private readonly warned: KeptWarnings;
  private readonly pending = new Set<Promise<unknown>>();
  private closing: Promise<void> | undefined;

  constructor(options: RedisJobStoreOptions) {
    const { prefix, instanceId = randomUUID(), onUnreadable = () => undefined, barrierMs = 4000, ...rest } = options;
    const connection = new RedisConnection(rest);
    const keys = redisKeys(prefix);
    const reader = new RecordReader(onUnreadable);
    const ring = new WriteRing();
    const tally = new Tally(keys.base, () => connection.renew());
    const lane = new CreateLane(connection, tally);
    this.connection = connection;
    this.keys = keys;
    this.tally = tally;
    this.warned = new KeptWarnings(connection);
    this.withdrawals = new Withdrawals(connection, tally);
    this.reading = new JobReading(connection, keys, reader);
    this.listing = new JobListing(this.reading);
    this.facts = new DeskFacts(connection, keys, tally, ring);
    this.templates = new TemplateFacts(connection, keys, tally, ring, (write) => this.track(write));
    this.transfer = new JobTransfer(keys, reader, this.reading, lane);
    this.batchReading = new BatchReading(keys, this.reading, reader);
    const writes = {
      calls: connection,
      tally,
      ring,
      withdrawals: this.withdrawals,
      onDoubt: () => connection.renew(),
    };
    this.writing = new JobWriting({ ...writes, keys, reader, lane });
    this.batchWriting = new BatchWriting(writes);
    this.returning = new StoreReturn({
      base: keys.base,
      calls: connection,
      address: connection.address,
      tally,
      ring,
      withdrawals: this.withdrawals,
      standing: () => this.facts.standing(),
      memberId: instanceId,
      barrierMs,
    });
    connection.onConnect(async (calls) => {
      await this.returning.welcome(calls);
      await this.setClock(calls);
    });
    connection.onOpen(() => this.returning.opened());
  }

  create(job: Job, workflow: StoredWorkflow, claim?: IdempotencyClaim, fence?: Fence): Promise<CreateOutcome> {
    return this.track(this.writing.create(job, workflow, claim, fence));
  }

  createBatch(batch: NewBatch, claim?: IdempotencyClaim): Promise<CreateBatchOutcome> {
    return this.track(this.batchWriting.create(batch, claim));
  }

  batch(id: string): Promise<StoredBatch | undefined> {
    return this.batchReading.get(id);
  }

  batches(query: { limit: number; cursor?: string }): Promise<{ batches: StoredBatch[]; nextCursor?: string }> {
    return this.batchReading.list(query);
  }

  batchJobs(
    id: string,
    query: { limit: number; cursor?: string },
  ): Promise<{ jobs: StoredJob[]; nextCursor?: string }> {
    return this.batchReading.jobs(id, query);
  }

  replace(next: Job, fence?: Fence): Promise<boolean> {
    return this.track(this.writing.replace(next, fence));
  }

  saveProgress(id: string, progress: JobProgress, fence?: Fence): Promise<void> {
    return this.track(this.writing.saveProgress(id, progress, fence));
  }

  savePodMemory(podId: string, memory: PodMemory, fence?: Fence): Promise<void> {
    return this.track(this.writing.savePodMemory(podId, memory, fence));
  }

  savePodCondition(podId: string, condition: PodCondition, fence?: Fence): Promise<void> {
    return this.track(this.writing.savePodCondition(podId, condition, fence));
  }

  remove(id: string): Promise<boolean> {
    return this.track(this.writing.remove(id));
  }

  prune(endedBefore: string): Promise<string[]> {
    return this.track(this.writing.prune(Date.parse(endedBefore)));
  }

  keyUse(key: string): Promise<{ bodyHash: string; id: string } | undefined> {
    return this.reading.keyUse(key);
  }

  get(id: string): Promise<StoredJob | undefined> {
    return this.reading.get(id);
  }

  workflow(id: string): Promise<StoredWorkflow | undefined> {
    return this.reading.workflow(id);
  }

  list(query: JobQuery): Promise<JobPage> {
    return this.listing.list(query);
  }

  counts(): Promise<Record<JobState, number>> {
    return this.listing.counts();
  }

  claimable(podId: string, now: string, limit: number): Promise<Job[]> {
    return this.reading.claimable(podId, Date.parse(now), limit);
  }

  onPod(podId: string): Promise<StoredJob[]> {
    return this.reading.onPod(podId);
  }

  active(): Promise<StoredJob[]> {
    return this.reading.active();
  }

  jobOfPrompt(promptId: string): Promise<string | undefined> {
    return this.reading.jobOfPrompt(promptId);
  }

  podsWithJobs(): Promise<string[]> {
    return this.reading.podsWithJobs();
  }

  nextRetryAt(): Promise<string | undefined> {
    return this.reading.nextRetryAt();
  }

  heardOfWrites(writes: number): void {
    this.tally.heard(writes);
  }

  podMemory(podId: string): Promise<PodMemory | undefined> {
    return this.reading.ofPod(this.keys.memories, podId, readMemory);
  }

  podCondition(podId: string): Promise<PodCondition | undefined> {
    return this.reading.ofPod(this.keys.conditions, podId, readCondition);
  }

  async check(): Promise<void> {
    const args = ['checkedAt', this.now().toISOString(), '', ''];
    await untilKnown(() => this.tally.run(this.connection, SET_FACT, args));
    await untilKnown(() => this.setClock(this.connection));
  }

  deskId(): Promise<string> {
    return this.track(this.facts.deskId());
  }

  setDeskId(id: string): Promise<void> {
    return this.track(this.facts.setDeskId(id));
  }

  dispatch(): Promise<DispatchState> {
    return this.facts.dispatch();
  }

  setDispatch(state: DispatchState): Promise<void> {
    return this.track(this.facts.setDispatch(state));
  }

  podOrders(): Promise<Record<string, PodOrders>> {
    return this.facts.podOrders();
  }

  orderPod(podId: string, orders: PodOrders): Promise<void> {
    return this.track(this.facts.orderPod(podId, orders));
  }

  saveRecovery(recovery: Recovery): Promise<void> {
    return this.track(this.facts.saveRecovery(recovery));
  }

  recoveries(limit: number): Promise<Recovery[]> {
    return this.facts.recoveries(limit);
  }

  warnings(): Promise<StoreWarning[]> {
    return this.warned.now();
  }

  onReturn(listener: (lost: boolean) => Promise<void>): () => void {
    return this.returning.onReturn(listener);
  }

  now(): Date {
    return this.clock.now();
  }

  size(): Promise<number> {
    return this.transfer.size();
  }

  bundles(): AsyncIterable<JobBundle> {
    return this.transfer.bundles();
  }

  batchBundles(): AsyncIterable<BatchBundle> {
    return this.batchReading.bundles();
  }

  takeInBatches(bundles: readonly BatchBundle[]): Promise<void> {
    return this.track(this.batchWriting.takeIn(bundles));
  }

  podMemories(): Promise<{ podId: string; memory: PodMemory }[]> {
    return this.transfer.podMemories();
  }

  podConditions(): Promise<{ podId: string; condition: PodCondition }[]> {
    return this.transfer.podConditions();
  }

  takeIn(bundles: readonly JobBundle[]): Promise<void> {
    return this.track(this.transfer.takeIn(bundles, this.now().getTime()));
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  /** Lets what was asked for come to its end, then cuts the connection. */
  private async end(): Promise<void> {
    const late = new AbortController();
    await Promise.race([Promise.allSettled(this.pending), waitMs(CLOSE_WITHIN_MS, late.signal)]);
    late.abort();
    this.returning.close();
    await this.withdrawals.close();
    await this.connection.close();
  }

  private async track<T>(write: Promise<T>): Promise<T> {
    this.pending.add(write);
    try {
      return await write;
    } finally {
      this.pending.delete(write);
    }
  }

  private async setClock(calls: RedisCalls): Promise<void> {
    const asked = performance.now();
    this.clock.set(await calls.call('TIME'), asked);
  }
}
