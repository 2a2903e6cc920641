import { createHash } from 'node:crypto';
import { failureRules, type JobErrorCode } from '../../../lib/jobs/failure-rules.ts';
import type { JobError } from '../../../lib/jobs/job-error.ts';
import type { Job, JobIn } from '../../../lib/jobs/job.ts';
import type { FailureGroup, FailureList } from '../../../lib/protocol/jobs.ts';
import type { JobListener, JobMark } from '../job-events.ts';
import type { JobStore } from '../job-store.ts';

/** Failed jobs that are looked through, the newest. */
const MAX_LOOKED = 1000;
const PAGE = 100;
/** Newest jobs that a group names. */
const MAX_NAMED = 5;
const MAX_SENTENCE = 200;
/** Browsers that ask within this time get one answer. */
const FRESH_MS = 2000;
/** Without any news the jobs are looked through again after this long: not every change is told everywhere. */
const KEPT_MS = 60_000;

export type FailedJob = JobIn<'failed'>;

/** Names a cause: failures of one code about one thing. Short, and the same on every instance. */
export function failureKey({ code, subject, exceptionType }: JobError): string {
  return createHash('sha256')
    .update(`${code}\0${subject ?? exceptionType ?? ''}`)
    .digest('hex')
    .slice(0, 16);
}

const GONE: Partial<Record<JobErrorCode, string>> = {
  model_missing: 'Model',
  file_missing: 'File',
  node_type_missing: 'Node',
};

/** What happened, in a sentence that holds for all of them: their own words where these are the same and short. */
function sentenceOf(errors: readonly [JobError, ...JobError[]]): string {
  const [{ code, subject, message }] = errors;
  if (message.length <= MAX_SENTENCE && errors.every((error) => error.message === message)) return message;
  const { sentence } = failureRules[code];
  if (subject === undefined) return sentence;
  const what = GONE[code];
  if (what !== undefined) return `${what} “${subject}” is missing on every pod that was asked.`;
  return `${sentence.replace(/\.$/, '')}: “${subject}”.`;
}

/** Failed jobs by cause; `newest` first within a group, the largest group first. */
function groupFailures(jobs: readonly FailedJob[]): { key: string; jobs: FailedJob[] }[] {
  const groups = new Map<string, FailedJob[]>();
  for (const job of jobs) {
    const key = failureKey(job.error);
    const members = groups.get(key);
    if (members) members.push(job);
    else groups.set(key, [job]);
  }
  return [...groups]
    .map(([key, members]) => ({ key, jobs: members.toSorted((a, b) => b.endedAt.localeCompare(a.endedAt)) }))
    .toSorted((a, b) => b.jobs.length - a.jobs.length || newestOf(b.jobs).localeCompare(newestOf(a.jobs)));
}

function newestOf(jobs: readonly FailedJob[]): string {
  return jobs[0]?.endedAt ?? '';
}

function viewOf({ key, jobs }: { key: string; jobs: FailedJob[] }): FailureGroup[] {
  const [newest, ...older] = jobs;
  if (!newest) return [];
  const { error, endedAt } = newest;
  const { blame, nextStep } = failureRules[error.code];
  const named = jobs.slice(0, MAX_NAMED).map(({ id, name }) => ({ id, name }));
  const group = {
    key,
    code: error.code,
    blame,
    sentence: sentenceOf([error, ...older.map((job) => job.error)]),
    nextStep,
  };
  return [{ ...group, count: jobs.length, jobs: named, newestAt: endedAt }];
}

export function failureListOf(jobs: readonly FailedJob[]): FailureList {
  return { groups: groupFailures(jobs).flatMap(viewOf), looked: jobs.length };
}

interface Look {
  list: FailureList;
  /** Ids of the jobs of each group, by key. */
  members: ReadonlyMap<string, readonly string[]>;
  ids: ReadonlySet<string>;
  /** Failed jobs there were, and when they were looked through and last counted. */
  failed: number;
  atMs: number;
  countedAtMs: number;
}

/** The newest failed jobs by cause, looked up once however many ask. */
export class FailureGroups implements JobListener {
  private last: Look | undefined;
  private stale = false;
  private looking: Promise<Look> | undefined;

  constructor(
    private readonly store: Pick<JobStore, 'list' | 'counts'>,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** A job joined a group, or left the one it was in. */
  jobChanged(job: Job): void {
    if (this.concerns(job)) this.stale = true;
  }

  wants = (mark: JobMark): boolean => this.concerns(mark);

  missed(): void {
    this.stale = true;
  }

  private concerns({ id, state }: Pick<Job, 'id' | 'state'>): boolean {
    return state === 'failed' || this.last?.ids.has(id) === true;
  }

  async list(): Promise<FailureList> {
    const { last } = this;
    return last && (await this.holds(last)) ? last.list : (await this.look()).list;
  }

  /** To count failed jobs costs next to nothing, to read a thousand of them does not. */
  private async holds(last: Look): Promise<boolean> {
    const now = this.nowMs();
    if (now - last.countedAtMs < FRESH_MS) return true;
    if (this.stale || now - last.atMs >= KEPT_MS) return false;
    last.countedAtMs = now;
    return (await this.store.counts()).failed === last.failed;
  }

  /** Ids of the jobs of one group as they are now; none where there is no such group. */
  async members(key: string): Promise<readonly string[]> {
    return (await this.look()).members.get(key) ?? [];
  }

  private look(): Promise<Look> {
    this.looking ??= this.read().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async read(): Promise<Look> {
    this.stale = false;
    const jobs: FailedJob[] = [];
    let failed = 0;
    let cursor: string | undefined;
    do {
      const page = await this.store.list({ states: ['failed'], limit: PAGE, ...(cursor !== undefined && { cursor }) });
      failed = page.counts.failed;
      for (const { job } of page.jobs) if (job.state === 'failed') jobs.push(job);
      cursor = page.nextCursor;
    } while (cursor !== undefined && jobs.length < MAX_LOOKED);
    const looked = jobs.slice(0, MAX_LOOKED);
    const look = {
      list: failureListOf(looked),
      members: new Map(groupFailures(looked).map((group) => [group.key, group.jobs.map(({ id }) => id)])),
      ids: new Set(jobs.map(({ id }) => id)),
      failed,
      atMs: this.nowMs(),
      countedAtMs: this.nowMs(),
    };
    this.last = look;
    return look;
  }
}
