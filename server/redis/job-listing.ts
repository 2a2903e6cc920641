import { z } from 'zod';
import { JOB_STATES, type JobState } from '../../lib/jobs/job.ts';
import { readCursor, writeCursor, type JobKey } from '../jobs/records/job-cursor.ts';
import type { JobPage, JobQuery, StoredJob } from '../jobs/job-store.ts';
import { ID_PLACE, podIndex, stateIndex, type Entry, type JobReading } from './job-reading.ts';
import { sortable } from '../jobs/records/stored-text.ts';
import { countsOf, type JobCounts } from '../jobs/records/job-counts.ts';
import { nameLine } from './job-value.ts';
import { SEARCH } from './scripts/read-jobs.ts';

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
      if (jobs.length >= query.limit) return { jobs, nextCursor: writeCursor(keyOf(after)), counts };
    }
  }

  async counts(): Promise<JobCounts> {
    const cards = await this.reading.page('newest', '', 0, JOB_STATES.map(stateIndex));
    return countsOf((state) => cards[JOB_STATES.indexOf(state)]?.[1] ?? 0);
  }

  /** Of each state, the entries that match and come after one: at least one more than the page needs, if there is. */
  private async find(query: JobQuery, after: string): Promise<Found[]> {
    const { podId } = query;
    const indices = JOB_STATES.map((state) => (podId === undefined ? stateIndex(state) : podIndex(podId, state)));
    const text = nameLine(query.q ?? '');
    if (text !== '')
      return Promise.all(JOB_STATES.map((state, at) => this.search(state, indices[at] ?? '', text, after)));
    const pages = await this.reading.page('newest', after, query.limit + 1, indices);
    return JOB_STATES.map((state, at) => {
      const [members = [], jobs = 0] = pages[at] ?? [];
      return { state, entries: members.map((member) => ({ index: indices[at] ?? '', member })), jobs };
    });
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

/** A member is the time it was created, then its id. */
function keyOf(member: string): JobKey {
  return { createdAt: member.slice(0, ID_PLACE.begin), id: member.slice(ID_PLACE.begin, ID_PLACE.end) };
}

function memberOf({ createdAt, id }: JobKey): string {
  return sortable(createdAt) + id;
}

function newestFirst(a: Entry, b: Entry): number {
  return a.member < b.member ? 1 : -1;
}
