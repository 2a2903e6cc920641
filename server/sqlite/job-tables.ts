import { isTerminal, JOB_SCHEMA_VERSION, type Job } from '../../lib/jobs/job.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { CreateOutcome, IdempotencyClaim, StoredJob, StoredWorkflow } from '../jobs/job-store.ts';
import { StoreUnavailableError } from '../jobs/job-store.ts';
import type { JobBundle } from '../jobs/records/store-transfer.ts';
import { BatchMembers, readWorkflowRow, workflowColumns, type WorkflowRow } from './batch-members.ts';
import { columnsOf } from './job-columns.ts';
import type { RecordReader, StoredRow } from './record-reader.ts';
import type { Statements } from './statements.ts';

export type JobTable = 'active' | 'history';
const TABLES = ['active', 'history'] as const;

const INSERT: Record<JobTable, string> = {
  active: `INSERT INTO active (id, schema_version, revision, state, pod_id, prompt_id, wanted_pod_id, excluded_pods, priority,
      retry_at, created_at, name_folded, batch_id, record)
    VALUES (@id, @schemaVersion, @revision, @state, @podId, @promptId, @pinnedPodId, @excludedPods, @priority,
      @retryAt, @createdAt, @nameFolded, @batchId, @record)`,
  history: `INSERT INTO history (id, schema_version, revision, state, pod_id, prompt_id, ended_at, created_at, name_folded,
      batch_id, record)
    VALUES (@id, @schemaVersion, @revision, @state, @podId, @promptId, @endedAt, @createdAt, @nameFolded,
      @batchId, @record)`,
};
const UPDATE: Record<JobTable, string> = {
  active: `UPDATE active SET schema_version = @schemaVersion, revision = @revision, state = @state, pod_id = @podId,
      prompt_id = @promptId, wanted_pod_id = @pinnedPodId, excluded_pods = @excludedPods, priority = @priority, retry_at = @retryAt,
      created_at = @createdAt, name_folded = @nameFolded, batch_id = @batchId, record = @record WHERE id = @id`,
  history: `UPDATE history SET schema_version = @schemaVersion, revision = @revision, state = @state, pod_id = @podId,
      prompt_id = @promptId, ended_at = @endedAt, created_at = @createdAt, name_folded = @nameFolded,
      batch_id = @batchId, record = @record WHERE id = @id`,
};
export const SELECT_ROW: Record<JobTable, string> = {
  active: `SELECT id, schema_version, record, progress, written_at FROM active
    LEFT JOIN progress ON progress.job_id = active.id`,
  history: 'SELECT id, schema_version, record, NULL AS progress, NULL AS written_at FROM history',
};

/** One job's rows. Every method runs inside the caller's transaction. */
export class JobTables {
  private readonly members: BatchMembers;

  constructor(
    private readonly sql: Statements,
    private readonly reader: RecordReader,
  ) {
    this.members = new BatchMembers(sql);
  }

  get(id: string): StoredJob | undefined {
    for (const table of TABLES) {
      const row = this.sql.get<StoredRow>(`${SELECT_ROW[table]} WHERE id = @id`, { id });
      if (row) return this.reader.read(row);
    }
    return undefined;
  }

  workflow(id: string): StoredWorkflow | undefined {
    const row = this.sql.get<WorkflowRow>('SELECT prompt, workflow FROM workflows WHERE job_id = @id', { id });
    return row ? readWorkflowRow(row) : this.members.workflow(id);
  }

  /** The job's workflow, or its values where its batch has that; undefined where they cannot be read. */
  ownWorkflow(id: string): JobBundle['workflow'] | undefined {
    const values = this.members.values(id);
    return values ? { values } : this.workflow(id);
  }

  create(job: Job, workflow: JobBundle['workflow'], claim: IdempotencyClaim | undefined): CreateOutcome {
    const earlier = claim && this.claimed(claim.key);
    if (claim && earlier) {
      if (earlier.body_hash !== claim.bodyHash) return { kind: 'conflict' };
      const made = this.get(earlier.job_id);
      if (made) return { kind: 'replayed', job: made.job };
      throw new StoreUnavailableError(`Job ${earlier.job_id}, which this key made, cannot be read by this Podium.`);
    }
    if (this.find(job.id)) throw new Error(`There already is a job ${job.id}`);
    this.sql.run(INSERT[tableOf(job)], columnsOf(job));
    if (job.batch && 'values' in workflow) this.members.put(job.id, job.batch.id, workflow.values);
    else if ('prompt' in workflow)
      this.sql.run('INSERT INTO workflows VALUES (@id, @prompt, @workflow)', {
        id: job.id,
        ...workflowColumns(workflow),
      });
    if (claim) this.sql.run('INSERT INTO idempotency_keys VALUES (@key, @bodyHash, @id)', { ...claim, id: job.id });
    return { kind: 'created' };
  }

  replace(next: Job): boolean {
    const found = this.find(next.id);
    if (!found || found.revision !== next.revision - 1 || found.schema_version > JOB_SCHEMA_VERSION) return false;
    const table = tableOf(next);
    if (found.table === table) this.sql.run(UPDATE[table], columnsOf(next));
    else {
      // Progress goes with the active row.
      this.sql.run(`DELETE FROM ${found.table} WHERE id = @id`, { id: next.id });
      this.sql.run(INSERT[table], columnsOf(next));
    }
    return true;
  }

  saveProgress(id: string, progress: JobProgress, at: string): void {
    this.sql.run(
      `INSERT INTO progress SELECT id, @progress, @at FROM active WHERE id = @id
        ON CONFLICT (job_id) DO UPDATE SET progress = excluded.progress, written_at = excluded.written_at`,
      { id, progress: JSON.stringify(progress), at },
    );
  }

  remove(id: string): boolean {
    const deleted = TABLES.some((table) => this.sql.run(`DELETE FROM ${table} WHERE id = @id`, { id }) > 0);
    if (deleted) this.dropBelongings(id);
    return deleted;
  }

  /** Deletes at most `limit` jobs of history. @returns their ids */
  prune(endedBefore: string, limit: number): string[] {
    const rows = this.sql.all<{ id: string }>(
      `SELECT id FROM history WHERE ended_at < @endedBefore AND schema_version <= ${JOB_SCHEMA_VERSION}
        ORDER BY ended_at LIMIT @limit`,
      { endedBefore, limit },
    );
    for (const { id } of rows) this.remove(id);
    return rows.map((row) => row.id);
  }

  /** What a key made: a job, or a batch. */
  claimed(key: string): { body_hash: string; job_id: string } | undefined {
    return this.sql.get('SELECT body_hash, job_id FROM idempotency_keys WHERE key = @key', { key });
  }

  /** The key that made a job or a batch. */
  claimOf(id: string): IdempotencyClaim | undefined {
    return this.sql.get('SELECT key, body_hash AS bodyHash FROM idempotency_keys WHERE job_id = @id', { id });
  }

  private find(id: string): { table: JobTable; revision: number; schema_version: number } | undefined {
    for (const table of TABLES) {
      const row = this.sql.get<{ revision: number; schema_version: number }>(
        `SELECT revision, schema_version FROM ${table} WHERE id = @id`,
        { id },
      );
      if (row) return { table, ...row };
    }
    return undefined;
  }

  private dropBelongings(id: string): void {
    this.sql.run('DELETE FROM workflows WHERE job_id = @id', { id });
    this.sql.run('DELETE FROM idempotency_keys WHERE job_id = @id', { id });
    this.members.drop(id);
  }
}

export function tableOf(job: Pick<Job, 'state'>): JobTable {
  return isTerminal(job.state) ? 'history' : 'active';
}
