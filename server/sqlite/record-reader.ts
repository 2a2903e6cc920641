import { JOB_SCHEMA_VERSION, jobSchema } from '../../lib/jobs/job.ts';
import { jobProgressSchema } from '../../lib/jobs/progress.ts';
import type { StoredJob } from '../jobs/job-store.ts';

/** A stored record that this version cannot read. It is left where it is. */
export interface UnreadableRecord {
  id: string;
  /** One sentence. */
  reason: string;
}

export interface StoredRow {
  id: string;
  schema_version: number;
  record: string;
  progress: string | null;
  written_at: string | null;
}

/** Most ids remembered as reported. */
const MAX_REPORTED = 10_000;

/** Reads stored records and reports each one it cannot read, once. */
export class RecordReader {
  private readonly reported = new Set<string>();

  constructor(private readonly report: (record: UnreadableRecord) => void) {}

  read(row: StoredRow): StoredJob | undefined {
    if (row.schema_version > JOB_SCHEMA_VERSION)
      return this.refuse(row.id, `It was written by a newer Podium (record version ${row.schema_version}).`);
    const parsed = jobSchema.safeParse(jsonOf(row.record));
    if (!parsed.success) return this.refuse(row.id, 'The record is damaged.');
    if (parsed.data.id !== row.id) return this.refuse(row.id, 'The record belongs to another id.');
    const progress = row.progress === null ? undefined : jobProgressSchema.safeParse(jsonOf(row.progress)).data;
    return {
      job: parsed.data,
      ...(progress && { progress }),
      ...(progress && row.written_at !== null && { progressAt: row.written_at }),
    };
  }

  /** Reports it, unless that was done before. */
  refuse(id: string, reason: string): undefined {
    if (this.reported.has(id) || this.reported.size >= MAX_REPORTED) return;
    this.reported.add(id);
    this.report({ id, reason });
  }
}

/** The value, or undefined where the text is not JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
