import type { Job } from '../../../lib/jobs/job.ts';
import type { JobProgress } from '../../../lib/jobs/progress.ts';
import type { BatchRecord } from '../../../lib/protocol/batches.ts';
import type { IdempotencyClaim, MemberValues, StoredWorkflow } from '../job-store.ts';
import type { PodCondition, PodMemory } from '../pod-client.ts';

/** All that belongs to one job. */
export interface JobBundle {
  job: Job;
  /** A job of a batch has values, for the workflow that the batch has. */
  workflow: StoredWorkflow | { values: MemberValues };
  claim?: IdempotencyClaim;
  progress?: JobProgress;
  /** ISO 8601, when that progress was written. */
  progressAt?: string;
}

/** All that belongs to a batch but its jobs. */
export interface BatchBundle {
  record: BatchRecord;
  workflow: StoredWorkflow;
  claim?: IdempotencyClaim;
}

/** Port for moving a whole desk from one store into another, while neither is in use. */
export interface StoreTransfer {
  /** Jobs kept, active and ended. */
  size(): Promise<number>;
  /** Every job once, oldest first. Records this version cannot read are left out and told by `onUnreadable`. */
  bundles(): AsyncIterable<JobBundle>;
  /** Every batch once, oldest first; those that cannot be read are left out and told by `onUnreadable`. */
  batchBundles(): AsyncIterable<BatchBundle>;
  podMemories(): Promise<{ podId: string; memory: PodMemory }[]>;
  podConditions(): Promise<{ podId: string; condition: PodCondition }[]>;
  /** Takes jobs in as they are; rejects where one is there already, leaving that one as it is. Durable when it resolves. */
  takeIn(bundles: readonly JobBundle[]): Promise<void>;
  /** Takes batches in, before their jobs; one that is there already is left as it is. */
  takeInBatches(bundles: readonly BatchBundle[]): Promise<void>;
  /** Takes over another store's identity, so that its prompts on pods are known as this desk's. */
  setDeskId(id: string): Promise<void>;
}
