import { JOB_SCHEMA_VERSION, jobSchema, type Job } from '../../../lib/jobs/job.ts';
import { migrateRecord } from './record-migrations.ts';
import { jsonOf } from './stored-text.ts';

/** A stored record that this version cannot read. It is left where it is. */
export interface UnreadableRecord {
  id: string;
  /** One sentence. */
  reason: string;
}

/** Most ids remembered as reported. */
const MAX_REPORTED = 10_000;

/** Reads records of any store, and reports each one it cannot read, once. */
export class StoredRecords {
  private readonly reported = new Set<string>();

  constructor(private readonly report: (record: UnreadableRecord) => void) {}

  /** @param record as JSON */
  job(id: string, version: number, record: string): Job | undefined {
    if (version > JOB_SCHEMA_VERSION)
      return this.refuse(id, `It was written by a newer Podium (record version ${version}).`);
    const parsed = jobSchema.safeParse(migrateRecord(jsonOf(record), version));
    if (!parsed.success) return this.refuse(id, 'The record is damaged.');
    if (parsed.data.id !== id) return this.refuse(id, 'The record belongs to another id.');
    return parsed.data;
  }

  /** Reports it, unless that was done before. */
  refuse(id: string, reason: string): undefined {
    if (this.reported.has(id) || this.reported.size >= MAX_REPORTED) return;
    this.reported.add(id);
    this.report({ id, reason });
  }
}
