import { jobProgressSchema } from '../../lib/jobs/progress.ts';
import type { StoredJob } from '../jobs/job-store.ts';
import { StoredRecords } from '../jobs/records/stored-records.ts';
import { jsonOf } from '../jobs/records/stored-text.ts';
import { splitJob } from './job-value.ts';

/** Reads stored values and reports each one it cannot read, once. */
export class RecordReader extends StoredRecords {
  /** @param progress as it is kept, with its time */
  read(id: string, value: string, progress: string | null = null): StoredJob | undefined {
    const split = splitJob(value);
    if (!split) return this.refuse(id, 'The record is damaged.');
    const job = this.job(id, split.version, split.record);
    return job && { job, ...readProgress(progress) };
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
