import type { Job } from '../../lib/jobs/job.ts';
import type { StoredJob } from '../jobs/job-store.ts';
import { EXCLUDED_SEPARATOR, podText } from '../jobs/records/stored-text.ts';
import { SELECT_ROW } from './job-tables.ts';
import type { RecordReader, StoredRow } from './record-reader.ts';
import type { Statements } from './statements.ts';

interface ClaimKey {
  id: string;
  priority: number;
  createdAt: string;
}

/** Jobs that may not run on the pod are passed over within the index, at no cost but a look at each. */
const ALLOWED = 'instr(excluded_pods, @excluded) = 0';
const CLAIMABLE = ['@podId', 'NULL'].flatMap((pod) => [
  `state = 'queued' AND wanted_pod_id IS ${pod} AND ${ALLOWED}`,
  `state = 'retry_wait' AND wanted_pod_id IS ${pod} AND retry_at <= @now AND ${ALLOWED}`,
]);

/** What pods' drivers and recovery ask for: active jobs only. */
export class JobPicking {
  constructor(
    private readonly sql: Statements,
    private readonly reader: RecordReader,
  ) {}

  claimable(podId: string, now: string, limit: number): Job[] {
    // A record that cannot be read must not keep those behind it waiting, so the look widens by each one met.
    for (let unreadable = 0; ;) {
      const keys = this.claimKeys(podId, now, limit + unreadable);
      const jobs = keys.flatMap(({ id }) => this.rows('WHERE id = @id', { id })).map(({ job }) => job);
      const met = keys.length - jobs.length;
      if (jobs.length >= limit || met === unreadable) return jobs.slice(0, limit);
      unreadable = met;
    }
  }

  onPod(podId: string): StoredJob[] {
    return this.rows('WHERE pod_id = @podId ORDER BY created_at, id', { podId });
  }

  active(): StoredJob[] {
    return this.rows('ORDER BY created_at, id');
  }

  podsWithJobs(): string[] {
    return this.sql
      .all<{ pod_id: string }>('SELECT DISTINCT pod_id FROM active WHERE pod_id IS NOT NULL ORDER BY pod_id')
      .map((row) => row.pod_id);
  }

  nextRetryAt(): string | undefined {
    const row = this.sql.get<{ at: string | null }>(
      'SELECT min(retry_at) AS at FROM active WHERE retry_at IS NOT NULL',
    );
    return row?.at ?? undefined;
  }

  jobOfPrompt(promptId: string): string | undefined {
    for (const table of ['active', 'history']) {
      const row = this.sql.get<{ id: string }>(`SELECT id FROM ${table} WHERE prompt_id = @promptId`, { promptId });
      if (row) return row.id;
    }
    return undefined;
  }

  private claimKeys(podId: string, now: string, limit: number): ClaimKey[] {
    const excluded = EXCLUDED_SEPARATOR + podText(podId) + EXCLUDED_SEPARATOR;
    const found = CLAIMABLE.flatMap((condition) =>
      this.sql.all<ClaimKey>(
        `SELECT id, priority, created_at AS createdAt FROM active WHERE ${condition}
          ORDER BY priority DESC, created_at, id LIMIT @limit`,
        { podId, excluded, now, limit },
      ),
    );
    return found.sort(inClaimOrder).slice(0, limit);
  }

  private rows(rest: string, values: object = {}): StoredJob[] {
    return this.sql
      .all<StoredRow>(`${SELECT_ROW.active} ${rest}`, values)
      .flatMap((row) => this.reader.read(row) ?? []);
  }
}

function inClaimOrder(a: ClaimKey, b: ClaimKey): number {
  if (a.priority !== b.priority) return b.priority - a.priority;
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
