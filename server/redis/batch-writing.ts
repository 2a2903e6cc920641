import { jobSchema } from '../../lib/jobs/job.ts';
import { batchRecordSchema, type BatchRecord } from '../../lib/protocol/batches.ts';
import {
  StoreUnavailableError,
  type CreateBatchOutcome,
  type IdempotencyClaim,
  type NewBatch,
} from '../jobs/job-store.ts';
import { jsonOf, sortable } from '../jobs/records/stored-text.ts';
import type { BatchBundle } from '../jobs/records/store-transfer.ts';
import { jobValue } from './job-value.ts';
import type { RedisCalls } from './redis-caller.ts';
import { RedisUnavailableError } from './redis-errors.ts';
import { CREATE_BATCH, RESTORE_BATCH, WITHDRAW_BATCH } from './scripts/write-batches.ts';
import type { Tally } from './tally.ts';
import { untilKnown } from './until-known.ts';
import type { Withdrawals } from './withdrawals.ts';
import { memberValue, workflowValue } from './workflow-value.ts';
import type { WriteRing } from './write-ring.ts';

interface BatchWritingParts {
  calls: RedisCalls;
  tally: Tally;
  ring: WriteRing;
  withdrawals: Withdrawals;
  /** Called when it stays unknown whether something was written. */
  onDoubt: () => void;
}

/** Takes batches in, each by one script. */
export class BatchWriting {
  constructor(private readonly parts: BatchWritingParts) {}

  async create(batch: NewBatch, claim: IdempotencyClaim | undefined): Promise<CreateBatchOutcome> {
    const { calls, tally, ring, withdrawals, onDoubt } = this.parts;
    const { id } = batch.record;
    const head = await batchArguments({ ...batch, ...(claim && { claim }) });
    const members = batch.members.map(({ job, values }) => ({
      id: job.id,
      // What cannot be read back is not written.
      value: jobValue(jobSchema.parse(job)),
      workflow: memberValue(id, values),
    }));
    const args = [...head, ...members.flatMap((one) => [one.id, one.value, one.workflow])];
    const { word, rest, again } = await untilKnown(async (later) => ({
      ...(await tally.run(calls, CREATE_BATCH, args)),
      again: later,
    })).catch((error: unknown) => {
      if (!(error instanceof RedisUnavailableError) || error.executed === 'no') throw error;
      // The caller is told that it was not accepted, so it must not be.
      withdrawals.add(id, WITHDRAW_BATCH, [id, ...members.map((one) => one.id)]);
      onDoubt();
      throw error;
    });
    if (word === 'conflict') return { kind: 'conflict' };
    if (word === 'replayed') return { kind: 'replayed', record: replayed(rest[0]) };
    if (word !== 'created' && !(again && word === 'same'))
      throw new Error(
        word === 'gone' ? `Batch ${id} was taken back` : `There already is a batch ${id}, or one of its jobs`,
      );
    ring.add({ kind: 'script', name: `batch ${id}`, script: RESTORE_BATCH, args: head });
    for (const member of members) ring.add({ kind: 'job', ...member });
    return { kind: 'created' };
  }

  async takeIn(bundles: readonly BatchBundle[]): Promise<void> {
    const { calls, tally } = this.parts;
    for (const bundle of bundles) {
      const args = await batchArguments(bundle);
      await untilKnown(() => tally.run(calls, RESTORE_BATCH, args));
    }
  }
}

/** What scripts are given of a batch itself. */
async function batchArguments({ record, workflow, claim }: BatchBundle): Promise<string[]> {
  const { id, createdAt } = batchRecordSchema.parse(record);
  return [
    id,
    sortable(createdAt),
    JSON.stringify(record),
    await workflowValue(workflow, undefined),
    claim ? JSON.stringify(claim.key) : '',
    claim?.bodyHash ?? '',
  ];
}

function replayed(given: unknown): BatchRecord {
  const record = typeof given === 'string' ? batchRecordSchema.safeParse(jsonOf(given)).data : undefined;
  if (record) return record;
  throw new StoreUnavailableError('The batch that this key made cannot be read by this Podium.');
}
