import type { JobState } from '../../lib/jobs/job.ts';
import { batchRecordSchema, type BatchRecord } from '../../lib/protocol/batches.ts';
import {
  StoreUnavailableError,
  type CreateBatchOutcome,
  type IdempotencyClaim,
  type NewBatch,
  type StoredBatch,
  type StoredJob,
} from '../jobs/job-store.ts';
import { countsOf } from '../jobs/records/job-counts.ts';
import { readCursor, writeCursor, type JobKey } from '../jobs/records/job-cursor.ts';
import type { BatchBundle } from '../jobs/records/store-transfer.ts';
import { jsonOf, sortable } from '../jobs/records/stored-text.ts';
import { readWorkflowRow, workflowColumns, type WorkflowRow } from './batch-members.ts';
import { SELECT_ROW, type JobTable, type JobTables } from './job-tables.ts';
import type { RecordReader, StoredRow } from './record-reader.ts';
import type { Statements } from './statements.ts';

interface Query {
  limit: number;
  cursor?: string;
}
type BatchRow = { id: string; record: string };

/** Batches. Every method runs inside the caller's transaction. */
export class BatchTables {
  constructor(
    private readonly sql: Statements,
    private readonly tables: JobTables,
    private readonly reader: RecordReader,
  ) {}

  create(batch: NewBatch, claim: IdempotencyClaim | undefined): CreateBatchOutcome {
    const earlier = claim && this.tables.claimed(claim.key);
    if (claim && earlier) {
      if (earlier.body_hash !== claim.bodyHash) return { kind: 'conflict' };
      const made = this.record(earlier.job_id);
      if (made) return { kind: 'replayed', record: made };
      throw new StoreUnavailableError(`Batch ${earlier.job_id}, which this key made, cannot be read by this Podium.`);
    }
    this.insert(batch, claim);
    for (const { job, values } of batch.members) this.tables.create(job, { values }, undefined);
    return { kind: 'created' };
  }

  get(id: string): StoredBatch | undefined {
    const record = this.record(id);
    return record && this.counted(record);
  }

  list({ limit, cursor }: Query): { batches: StoredBatch[]; nextCursor?: string } {
    const after = cursor === undefined ? { createdAt: '~', id: '' } : readCursor(cursor);
    const rows = this.sql.all<BatchRow & JobKey>(
      `SELECT id, created_at AS createdAt, record FROM batches WHERE (created_at, id) < (@createdAt, @id)
        ORDER BY created_at DESC, id DESC LIMIT @most`,
      { createdAt: after.createdAt, id: after.id, most: limit + 1 },
    );
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    const batches = rows.slice(0, limit).flatMap((row) => {
      const record = this.read(row);
      return record ? [this.counted(record)] : [];
    });
    return { batches, ...(last && { nextCursor: writeCursor(last) }) };
  }

  jobs(batchId: string, { limit, cursor }: Query): { jobs: StoredJob[]; nextCursor?: string } {
    const after = cursor === undefined ? { createdAt: '', id: '' } : readCursor(cursor);
    const keys = (['active', 'history'] as const)
      .flatMap((table) =>
        this.sql.all<JobKey & { from: JobTable }>(
          `SELECT '${table}' AS "from", created_at AS createdAt, id FROM ${table}
            WHERE batch_id = @batchId AND (created_at, id) > (@createdAt, @id) ORDER BY created_at, id LIMIT @most`,
          { batchId, createdAt: after.createdAt, id: after.id, most: limit + 1 },
        ),
      )
      .toSorted((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? -1 : 1));
    const last = keys.length > limit ? keys[limit - 1] : undefined;
    const jobs = keys.slice(0, limit).flatMap(({ from, id }) => {
      const row = this.sql.get<StoredRow>(`${SELECT_ROW[from]} WHERE id = @id`, { id });
      return (row && this.reader.read(row)) ?? [];
    });
    return { jobs, ...(last && { nextCursor: writeCursor(last) }) };
  }

  /** The oldest ids after one key, or of all. */
  keys(after: JobKey = { createdAt: '', id: '' }): JobKey[] {
    return this.sql.all<JobKey>(
      `SELECT created_at AS createdAt, id FROM batches WHERE (created_at, id) > (@createdAt, @id)
        ORDER BY created_at, id LIMIT 100`,
      after,
    );
  }

  /** Undefined where it cannot be read. */
  bundle(id: string): BatchBundle | undefined {
    const record = this.record(id);
    const row = record && this.sql.get<WorkflowRow>('SELECT prompt, workflow FROM batches WHERE id = @id', { id });
    const workflow = row && readWorkflowRow(row);
    if (!workflow) return record && this.reader.refuse(id, 'Its workflow is missing or damaged.');
    const claim = this.tables.claimOf(id);
    return { record, workflow, ...(claim && { claim }) };
  }

  takeIn(bundle: BatchBundle): void {
    if (!this.record(bundle.record.id)) this.insert(bundle, bundle.claim);
  }

  private insert({ record, workflow }: Pick<BatchBundle, 'record' | 'workflow'>, claim?: IdempotencyClaim): void {
    const { id, schemaVersion, createdAt } = batchRecordSchema.parse(record);
    this.sql.run('INSERT INTO batches VALUES (@id, @schemaVersion, @createdAt, @record, @prompt, @workflow)', {
      id,
      schemaVersion,
      createdAt: sortable(createdAt),
      record: JSON.stringify(record),
      ...workflowColumns(workflow),
    });
    if (claim) this.sql.run('INSERT INTO idempotency_keys VALUES (@key, @bodyHash, @id)', { ...claim, id });
  }

  private record(id: string): BatchRecord | undefined {
    const row = this.sql.get<BatchRow>('SELECT id, record FROM batches WHERE id = @id', { id });
    return row && this.read(row);
  }

  private read({ id, record }: BatchRow): BatchRecord | undefined {
    const parsed = batchRecordSchema.safeParse(jsonOf(record)).data;
    return parsed?.id === id ? parsed : this.reader.refuse(id, 'The record of the batch cannot be read.');
  }

  private counted(record: BatchRecord): StoredBatch {
    const rows = this.sql.all<{ state: JobState; jobs: number }>(
      `SELECT state, count(*) AS jobs FROM active WHERE batch_id = @id GROUP BY state
        UNION ALL SELECT state, count(*) AS jobs FROM history WHERE batch_id = @id GROUP BY state`,
      { id: record.id },
    );
    return { record, counts: countsOf((state) => rows.find((row) => row.state === state)?.jobs ?? 0) };
  }
}
