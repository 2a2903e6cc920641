import { JOB_STATES, type JobState } from '../../lib/jobs/job.ts';
import type { JobPage, JobQuery, StoredJob } from '../jobs/job-store.ts';
import { fold } from './job-columns.ts';
import { readCursor, writeCursor, type JobKey } from './job-cursor.ts';
import { SELECT_ROW, tableOf } from './job-tables.ts';
import type { RecordReader, StoredRow } from './record-reader.ts';
import type { Statements } from './statements.ts';

interface Filter {
  where: string;
  values: Record<string, string>;
}

/** Pages of jobs, newest first. Keys come from indices alone; whole records are read for one page only. */
export class JobListing {
  constructor(
    private readonly sql: Statements,
    private readonly reader: RecordReader,
  ) {}

  list(query: JobQuery): JobPage {
    let after = query.cursor === undefined ? undefined : readCursor(query.cursor);
    const filter = filterOf(query);
    const states = [...new Set(query.states ?? JOB_STATES)];
    const jobs: StoredJob[] = [];
    let more = true;
    while (more && jobs.length < query.limit) {
      const wanted = query.limit - jobs.length;
      const keys = this.keys(states, filter, after, wanted + 1);
      more = keys.length > wanted;
      const page = keys.slice(0, wanted);
      // A record that cannot be read leaves room for an older one.
      for (const key of page) {
        const row = this.sql.get<StoredRow>(`${SELECT_ROW[tableOf(key)]} WHERE id = @id`, { id: key.id });
        const stored = row && this.reader.read(row);
        if (stored) jobs.push(stored);
      }
      after = page.at(-1) ?? after;
    }
    return { jobs, ...(more && after && { nextCursor: writeCursor(after) }), counts: this.counts(filter) };
  }

  /** Jobs of each state that match. Without a search text these are running totals. */
  counts(filter: Filter = { where: '', values: {} }): Record<JobState, number> {
    const rows =
      'q' in filter.values
        ? (['active', 'history'] as const).flatMap((table) =>
            this.sql.all<{ state: JobState; jobs: number }>(
              `SELECT state, count(*) AS jobs FROM ${table} WHERE true ${filter.where} GROUP BY state`,
              filter.values,
            ),
          )
        : this.sql.all<{ state: JobState; jobs: number }>(
            `SELECT state, sum(jobs) AS jobs FROM counters WHERE true ${filter.where} GROUP BY state`,
            filter.values,
          );
    const counts = noJobs();
    for (const { state, jobs } of rows) if (state in counts) counts[state] = jobs;
    return counts;
  }

  /** The newest keys of all states after one key, merged. */
  private keys(
    states: readonly JobState[],
    filter: Filter,
    after: JobKey | undefined,
    limit: number,
  ): (JobKey & { state: JobState })[] {
    const older = after ? 'AND (created_at, id) < (@createdAt, @id)' : '';
    const found = states.flatMap((state) =>
      this.sql.all<JobKey & { state: JobState }>(
        `SELECT state, created_at AS createdAt, id FROM ${tableOf({ state })} WHERE state = @state ${filter.where} ${older}
          ORDER BY created_at DESC, id DESC LIMIT @limit`,
        { ...filter.values, ...(after && { createdAt: after.createdAt, id: after.id }), state, limit },
      ),
    );
    return found.sort(newestFirst).slice(0, limit);
  }
}

function newestFirst(a: JobKey, b: JobKey): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}

/** `instr` takes the text as it is: `%` and `_` mean themselves. */
function filterOf(query: JobQuery): Filter {
  const parts: string[] = [];
  const values: Record<string, string> = {};
  if (query.podId !== undefined) {
    parts.push('AND pod_id = @podId');
    values['podId'] = query.podId;
  }
  const q = fold(query.q ?? '');
  if (q !== '') {
    values['q'] = q;
    // Only what can be part of an id is looked for in ids.
    const inId = /^[0-9A-F-]{1,36}$/.test(q) ? ' OR instr(upper(id), @q) > 0' : '';
    parts.push(`AND (instr(name_folded, @q) > 0${inId})`);
  }
  return { where: parts.join(' '), values };
}

function noJobs(): Record<JobState, number> {
  const counts: Partial<Record<JobState, number>> = {};
  for (const state of JOB_STATES) counts[state] = 0;
  return counts as Record<JobState, number>;
}
