import { JOB_SCHEMA_VERSION, jobSchema } from '../../lib/jobs/job.ts';
import { jobProgressSchema } from '../../lib/jobs/progress.ts';
import type { StoredJob } from '../jobs/job-store.ts';
import { jsonOf, splitJob } from './job-value.ts';
import { migrateRecord } from './record-migrations.ts';

/** A stored record that this version cannot read. It is left where it is. */
export interface UnreadableRecord {
  id: string;
  /** One sentence. */
  reason: string;
}

/** Most ids remembered as reported. */
const MAX_REPORTED = 10_000;

/** Reads stored records and reports each one it cannot read, once. */
export class RecordReader {
  private readonly reported = new Set<string>();

  constructor(private readonly report: (record: UnreadableRecord) => void) {}

  /** @param progress as it is kept, with its time */
  read(id: string, value: string, progress: string | null = null): StoredJob | undefined {
    const split = splitJob(value);
    if (!split) return this.refuse(id, 'The record is damaged.');
    if (split.version > JOB_SCHEMA_VERSION)
      return this.refuse(id, `It was written by a newer Podium (record version ${split.version}).`);
    const parsed = jobSchema.safeParse(migrateRecord(jsonOf(split.record), split.version));
    if (!parsed.success) return this.refuse(id, 'The record is damaged.');
    if (parsed.data.id !== id) return this.refuse(id, 'The record belongs to another id.');
    return { job: parsed.data, ...readProgress(progress) };
  }

  /** Reports it, unless that was done before. */
  refuse(id: string, reason: string): undefined {
    if (this.reported.has(id) || this.reported.size >= MAX_REPORTED) return;
    this.reported.add(id);
    this.report({ id, reason });
  }
}

function readProgress(kept: string | null): Pick<StoredJob, 'progress' | 'progressAt'> {
  if (kept === null) return {};
  const end = kept.indexOf('\n');
  const progress = jobProgressSchema.safeParse(jsonOf(kept.slice(end + 1))).data;
  const at = new Date(Number(kept.slice(0, Math.max(0, end))));
  if (!progress) return {};
  return { progress, ...(!Number.isNaN(at.getTime()) && { progressAt: at.toISOString() }) };
}
