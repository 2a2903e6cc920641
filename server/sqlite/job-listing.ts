import { JOB_STATES, type JobState } from '../../lib/jobs/job.ts';
import type { JobPage, JobQuery, StoredJob } from '../jobs/job-store.ts';
import { searchText } from '../../lib/jobs/search-text.ts';
import { countsOf, type JobCounts } from '../jobs/records/job-counts.ts';
import { readCursor, writeCursor, type JobKey } from '../jobs/records/job-cursor.ts';
import { SELECT_ROW, tableOf } from './job-tables.ts';
import type { RecordReader, StoredRow } from './record-reader.ts';
import type { Statements } from './statements.ts';

interface Filter {
  where: string;
  values: Record<string, string>;
  /** A text or a batch is looked for: what it finds is counted by a walk through an index. */
  searches: boolean;
}
type StateKey = JobKey & { state: JobState };

/** A walk that finds fewer keys than this has seen them all, so that they need not be counted by another walk. */
const COUNTED_BY_LISTING = 1000;

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
    const found = states.map((state) => ({ state, keys: this.keys(state, filter, after, depth(filter, query.limit)) }));
    const counts = this.countsFor(query, after ? [] : found);

    const jobs: StoredJob[] = [];
    let keys = found.flatMap((one) => one.keys);
    for (;;) {
      const sorted = keys.sort(newestFirst);
      const page = sorted.slice(0, query.limit - jobs.length);
      jobs.push(...page.flatMap((key) => this.read(key) ?? []));
      after = page.at(-1) ?? after;
      if (sorted.length === page.length) return { jobs, counts };
      if (jobs.length >= query.limit) break;
      // A record that cannot be read leaves room for an older one.
      keys = states.flatMap((state) => this.keys(state, filter, after, query.limit + 1));
    }
    return { jobs, ...(after && { nextCursor: writeCursor(after) }), counts };
  }

  /** Jobs of each state, from running totals. */
  counts(podId?: string): JobCounts {
    const rows = this.sql.all<{ state: JobState; jobs: number }>(
      `SELECT state, sum(jobs) AS jobs FROM counters ${podId === undefined ? '' : "WHERE pod = '@' || @podId"} GROUP BY state`,
      podId === undefined ? {} : { podId },
    );
    return countsOf((state) => rows.find((row) => row.state === state)?.jobs ?? 0);
  }

  /** Jobs outside batches are told apart on the page alone: the counts stay those of all. */
  private countsFor(query: JobQuery, found: readonly { state: JobState; keys: readonly StateKey[] }[]): JobCounts {
    const { batch, ...rest } = query;
    const all = filterOf(batch === 'none' ? rest : query);
    if (!all.searches) return this.counts(query.podId);
    return this.searchCounts(all, batch === 'none' ? [] : found);
  }

  private searchCounts(filter: Filter, found: readonly { state: JobState; keys: readonly StateKey[] }[]): JobCounts {
    return countsOf((state) => {
      const keys = found.find((one) => one.state === state)?.keys;
      if (keys && keys.length < COUNTED_BY_LISTING) return keys.length;
      const sql = `SELECT count(*) AS jobs FROM ${tableOf({ state })} WHERE state = @state ${filter.where}`;
      return this.sql.get<{ jobs: number }>(sql, { ...filter.values, state })?.jobs ?? 0;
    });
  }

  /** The newest keys of one state, after one key. */
  private keys(state: JobState, filter: Filter, after: JobKey | undefined, limit: number): StateKey[] {
    const older = after ? 'AND (created_at, id) < (@createdAt, @id)' : '';
    return this.sql.all<StateKey>(
      `SELECT state, created_at AS createdAt, id FROM ${tableOf({ state })} WHERE state = @state ${filter.where} ${older}
        ORDER BY created_at DESC, id DESC LIMIT @limit`,
      { ...filter.values, ...(after && { createdAt: after.createdAt, id: after.id }), state, limit },
    );
  }

  private read(key: StateKey): StoredJob | undefined {
    const row = this.sql.get<StoredRow>(`${SELECT_ROW[tableOf(key)]} WHERE id = @id`, { id: key.id });
    return row && this.reader.read(row);
  }
}

/** One key more than the page tells whether there is another page. */
function depth(filter: Filter, limit: number): number {
  return filter.searches ? Math.max(limit + 1, COUNTED_BY_LISTING) : limit + 1;
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
  if (query.batch === 'none') parts.push('AND batch_id IS NULL');
  else if (query.batch !== undefined) {
    parts.push('AND batch_id = @batch');
    values['batch'] = query.batch;
  }
  const q = searchText(query.q ?? '');
  if (q !== '') {
    values['q'] = q;
    // Only what can be part of an id is looked for in ids.
    const inId = /^[0-9A-F-]{1,36}$/.test(q) ? " OR id LIKE '%' || @q || '%'" : '';
    parts.push(`AND (instr(name_folded, @q) > 0${inId})`);
  }
  const ofBatch = query.batch !== undefined && query.batch !== 'none';
  return { where: parts.join(' '), values, searches: q !== '' || ofBatch };
}
