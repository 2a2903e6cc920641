import { jobProgressSchema } from '../../lib/jobs/progress.ts';
import type { StoredJob } from '../jobs/job-store.ts';
import { StoredRecords } from '../jobs/records/stored-records.ts';
import { jsonOf } from '../jobs/records/stored-text.ts';

export interface StoredRow {
  id: string;
  schema_version: number;
  record: string;
  progress: string | null;
  written_at: string | null;
}

/** Reads stored rows and reports each one it cannot read, once. */
export class RecordReader extends StoredRecords {
  read(row: StoredRow): StoredJob | undefined {
    const job = this.job(row.id, row.schema_version, row.record);
    if (!job) return undefined;
    const progress = row.progress === null ? undefined : jobProgressSchema.safeParse(jsonOf(row.progress)).data;
    return {
      job,
      ...(progress && { progress }),
      ...(progress && row.written_at !== null && { progressAt: row.written_at }),
    };
  }
}
