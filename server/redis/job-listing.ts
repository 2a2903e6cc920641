import { z } from 'zod';
import { JOB_STATES, type JobState } from '../../lib/jobs/job.ts';
import { MAX_BATCH_JOBS } from '../../lib/workflow/batch/batch-plan.ts';
import { readCursor, writeCursor, type JobKey } from '../jobs/records/job-cursor.ts';
import type { JobPage, JobQuery, StoredJob } from '../jobs/job-store.ts';
import { batchIndex, keyOfMember, podIndex, stateIndex, type Entry, type JobReading } from './job-reading.ts';
import { sortable } from '../jobs/records/stored-text.ts';
import { countsOf, type JobCounts } from '../jobs/records/job-counts.ts';
import { MEMBER_MARK, nameLine } from './job-value.ts';
import { ALONE, SEARCH } from './scripts/read-jobs.ts';

interface Found {
  state: JobState;
  entries: Entry[];
  /** Of the whole index, whatever page was asked for. */
  jobs: number;
}

/** Names looked through by one script; others are served between two. */
const SEARCH_BATCH = 2000;
const searchSchema = z.tuple([z.array(z.string()), z.string()]);

/** Pages of jobs, newest first. Keys come from indices alone; whole records are read for one page only. */
export class JobListing {
  constructor(private readonly reading: JobReading) {}

  async list(query: JobQuery): Promise<JobPage> {
    let after = query.cursor === undefined ? '' : memberOf(readCursor(query.cursor));
    const wanted = new Set<JobState>(query.states ?? JOB_STATES);
    const jobs: StoredJob[] = [];
    let counts: JobCounts | undefined;
    for (;;) {
      const found = await this.find(query, after);
      counts ??= countsOf((state) => found.find((one) => one.state === state)?.jobs ?? 0);
      const entries = found.flatMap((one) => (wanted.has(one.state) ? one.entries : [])).toSorted(newestFirst);
      const page = entries.slice(0, query.limit - jobs.length);
      jobs.push(...(await this.reading.read(page)));
      after = page.at(-1)?.member ?? after;
      if (entries.length === page.length) return { jobs, counts };
      // A record that cannot be read leaves room for an older one.
      if (jobs.length >= query.limit) return { jobs, nextCursor: writeCursor(keyOfMember(after)), counts };
    }
  }

  async counts(): Promise<JobCounts> {
    const cards = await this.reading.page('newest', '', 0, JOB_STATES.map(stateIndex));
    return countsOf((state) => cards[JOB_STATES.indexOf(state)]?.[1] ?? 0);
  }

  /** Of each state, the entries that match and come after one: at least one more than the page needs, if there is. */
  private async find(query: JobQuery, after: string): Promise<Found[]> {
    const { podId, batch, limit } = query;
    const indices = JOB_STATES.map((state) => indexOf(query, state));
    const text = nameLine(query.q ?? '');
    if (podId !== undefined && batch !== undefined && batch !== 'none') return this.ofBatchOnPod(query, text, after);
    if (text !== '') {
      const found = await Promise.all(
        JOB_STATES.map((state, at) => this.search(state, indices[at] ?? '', text, after)),
      );
      return batch === 'none' ? found.map((one) => ({ ...one, entries: one.entries.filter(isAlone) })) : found;
    }
    const pages = await this.reading.page('newest', after, batch === 'none' ? 0 : limit + 1, indices);
    const found = JOB_STATES.map((state, at) => {
      const [members = [], jobs = 0] = pages[at] ?? [];
      return { state, entries: members.map((member) => ({ index: indices[at] ?? '', member })), jobs };
    });
    if (batch !== 'none') return found;
    const alone = await Promise.all(indices.map((index) => this.alone(index, after, limit + 1)));
    return found.map((one, at) => ({ ...one, entries: alone[at] ?? [] }));
  }

  /** Entries of jobs of no batch. */
  private async alone(index: string, after: string, wanted: number): Promise<Entry[]> {
    const found: Entry[] = [];
    for (let from = after; ;) {
      const answer = await this.reading.script(ALONE, [index, from, wanted - found.length, SEARCH_BATCH]);
      const [members, last] = searchSchema.parse(answer);
      found.push(...members.map((member) => ({ index, member })));
      if (last === '' || found.length >= wanted) return found;
      from = last;
    }
  }

  /** A batch has so few jobs that all are read. */
  private async ofBatchOnPod({ batch = '', podId }: JobQuery, text: string, after: string): Promise<Found[]> {
    const indices = JOB_STATES.map((state) => batchIndex(batch, state));
    const pages = await this.reading.page('newest', '', MAX_BATCH_JOBS, indices);
    return Promise.all(
      JOB_STATES.map(async (state, at) => {
        const all = (pages[at]?.[0] ?? []).map((member) => ({ index: indices[at] ?? '', member }));
        const jobs = await this.reading.read(all);
        const there = new Set(
          jobs
            .filter(({ job }) => 'podId' in job && job.podId === podId)
            .filter(({ job }) => nameLine(job.name).includes(text) || job.id.toUpperCase().includes(text))
            .map(({ job }) => job.id),
        );
        const matching = all.filter(({ member }) => there.has(keyOfMember(member).id));
        const entries = matching.filter(({ member }) => after === '' || member < after);
        return { state, entries, jobs: matching.length };
      }),
    );
  }

  private async search(state: JobState, index: string, text: string, after: string): Promise<Found> {
    // Only what can be part of an id is looked for in ids.
    const idText = /^[0-9A-F-]{1,36}$/.test(text) ? text : '';
    const found: string[] = [];
    for (let from = ''; ;) {
      const answer = await this.reading.script(SEARCH, [index, from, SEARCH_BATCH, text, idText]);
      const [members, last] = searchSchema.parse(answer);
      found.push(...members);
      if (last === '') break;
      from = last;
    }
    const entries = found.filter((member) => after === '' || member < after).map((member) => ({ index, member }));
    return { state, entries, jobs: found.length };
  }
}

function indexOf({ podId, batch }: JobQuery, state: JobState): string {
  if (batch !== undefined && batch !== 'none') return batchIndex(batch, state);
  return podId === undefined ? stateIndex(state) : podIndex(podId, state);
}

function isAlone({ member }: Entry): boolean {
  return !member.endsWith(MEMBER_MARK);
}

function memberOf({ createdAt, id }: JobKey): string {
  return sortable(createdAt) + id;
}

function newestFirst(a: Entry, b: Entry): number {
  return a.member < b.member ? 1 : -1;
}
