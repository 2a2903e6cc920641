import { JOB_STATES, type Job } from '../../lib/jobs/job.ts';
import type { JobBundle } from '../jobs/records/store-transfer.ts';
import type { JobKey } from '../jobs/records/job-cursor.ts';
import { tableOf, type JobTables } from './job-tables.ts';
import type { RecordReader } from './record-reader.ts';
import type { Statements } from './statements.ts';

/** Keys read at once. */
const KEYS_AT_ONCE = 100;

/** Whole jobs, one after another, for another store. Every method runs inside the caller's transaction. */
export class JobTransfer {
  constructor(
    private readonly sql: Statements,
    private readonly tables: JobTables,
    private readonly reader: RecordReader,
  ) {}

  size(): number {
    return this.sql.get<{ jobs: number | null }>('SELECT sum(jobs) AS jobs FROM counters')?.jobs ?? 0;
  }

  /** The oldest keys after one key, or the oldest of all. */
  keysAfter(after: JobKey = { createdAt: '', id: '' }): JobKey[] {
    const found = JOB_STATES.flatMap((state) =>
      this.sql.all<JobKey>(
        `SELECT created_at AS createdAt, id FROM ${tableOf({ state })}
          WHERE state = @state AND (created_at, id) > (@createdAt, @id) ORDER BY created_at, id LIMIT ${KEYS_AT_ONCE}`,
        { ...after, state },
      ),
    );
    return found.sort(oldestFirst).slice(0, KEYS_AT_ONCE);
  }

  /** Undefined where the record, or its workflow, cannot be read. */
  bundle(id: string): JobBundle | undefined {
    const stored = this.tables.get(id);
    if (!stored) return undefined;
    const workflow = this.tables.ownWorkflow(id);
    if (!workflow) return this.reader.refuse(id, 'Its workflow is missing or damaged.');
    const claim = this.tables.claimOf(id);
    return { ...stored, workflow, ...(claim && { claim }) };
  }

  /** @param job the bundle's, checked */
  takeIn(job: Job, { workflow, claim, progress, progressAt }: JobBundle, now: string): void {
    if (this.tables.create(job, workflow, claim).kind !== 'created')
      throw new Error(`The key of job ${job.id} belongs to another job here`);
    if (progress)
      this.sql.run('INSERT INTO progress SELECT id, @progress, @at FROM active WHERE id = @id', {
        id: job.id,
        progress: JSON.stringify(progress),
        at: progressAt ?? now,
      });
  }
}

function oldestFirst(a: JobKey, b: JobKey): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
