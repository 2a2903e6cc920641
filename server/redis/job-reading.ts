import { z } from 'zod';
import { isOnPod, isTerminal, type Job, type JobState } from '../../lib/jobs/job.ts';
import { memberPrompt } from '../../lib/workflow/batch/member-prompt.ts';
import type { IdempotencyClaim, MemberValues, StoredJob, StoredWorkflow } from '../jobs/job-store.ts';
import type { JobKey } from '../jobs/records/job-cursor.ts';
import { jsonOf } from '../jobs/records/stored-text.ts';
import { podToken } from './job-value.ts';
import type { RedisKeys } from './keys.ts';
import type { RecordReader } from './record-reader.ts';
import type { RedisArgument, RedisCalls } from './redis-caller.ts';
import type { Script } from './script.ts';
import { MEMBERS, PAGE, PICK } from './scripts/read-jobs.ts';
import { FORGET } from './scripts/write-jobs.ts';
import { untilKnown } from './until-known.ts';
import { splitMember, splitWorkflow } from './workflow-value.ts';

/** A member of an index. */
export interface Entry {
  index: string;
  member: string;
}

/** Jobs read at once. */
const READ_BATCH = 100;
const ON_POD_STATES: JobState[] = ['submitting', 'uncertain', 'running'];
const ACTIVE_STATES: JobState[] = ['queued', ...ON_POD_STATES, 'retry_wait'];

const valuesSchema = z.array(z.string().nullable());
const textSchema = z.string().nullable();
const namesSchema = z.array(z.string());
const membersSchema = z.array(namesSchema);
const pickSchema = z.array(z.tuple([z.string(), z.string(), textSchema]));
export const pageSchema = z.array(z.tuple([namesSchema, z.number().int().nonnegative()]));

/** What is asked about jobs, but for pages of the list. */
export class JobReading {
  constructor(
    private readonly calls: RedisCalls,
    private readonly keys: RedisKeys,
    private readonly reader: RecordReader,
  ) {}

  async get(id: string): Promise<StoredJob | undefined> {
    const [value, progress] = valuesSchema.parse(await this.ask('MGET', this.keys.job(id), this.keys.progress(id)));
    return typeof value === 'string' ? this.reader.read(id, value, progress) : undefined;
  }

  /** Of a job of a batch: the batch's workflow with the job's values in it. */
  async workflow(id: string): Promise<StoredWorkflow | undefined> {
    const own = await this.ownWorkflow(id);
    if (!own || !('values' in own)) return own?.workflow;
    const base = splitWorkflow(
      textSchema.parse(await this.ask('HGET', this.keys.batch(own.batchId), 'workflow')) ?? '',
    );
    return base && { ...base.workflow, prompt: memberPrompt(base.workflow.prompt, own) };
  }

  /** With the idempotency key, where the job has one; what a job of a batch has instead. */
  async ownWorkflow(
    id: string,
  ): Promise<{ workflow: StoredWorkflow; key?: string } | { batchId: string; values: MemberValues } | undefined> {
    const value = textSchema.parse(await this.ask('GET', this.keys.workflow(id)));
    return value === null ? undefined : (splitMember(value) ?? splitWorkflow(value));
  }

  /** What the key was used with, where it made the job or batch of this id. */
  async claimOf(key: string, id: string): Promise<IdempotencyClaim | undefined> {
    const used = await this.keyUse(key);
    return used?.id === id ? { key, bodyHash: used.bodyHash } : undefined;
  }

  /** What the key was used with, and the id of the job or batch it made. */
  async keyUse(key: string): Promise<{ bodyHash: string; id: string } | undefined> {
    const used = await this.ask('HGET', this.keys.claims, JSON.stringify(key));
    const [bodyHash, id] = typeof used === 'string' ? used.split(' ') : [];
    return bodyHash !== undefined && id !== undefined ? { bodyHash, id } : undefined;
  }

  async claimable(podId: string, nowMs: number, limit: number): Promise<Job[]> {
    // A record that cannot be read must not keep those behind it waiting, so the look widens by each one met.
    for (let unreadable = 0; ;) {
      const picked = pickSchema.parse(await this.script(PICK, [podToken(podId), nowMs, limit + unreadable]));
      const jobs: Job[] = [];
      for (const [member, index, value] of picked) {
        const stored = value === null ? undefined : this.reader.read(idOf({ index, member }), value);
        if (value === null) await this.forget([{ index, member }]);
        if (stored) jobs.push(stored.job);
      }
      const met = picked.length - jobs.length;
      if (jobs.length >= limit || met === unreadable) return jobs.slice(0, limit);
      unreadable = met;
    }
  }

  async onPod(podId: string): Promise<StoredJob[]> {
    const entries = await this.members(ON_POD_STATES.map((state) => podIndex(podId, state)));
    const stored = await this.read(entries.toSorted(oldestFirst));
    return stored.filter(({ job }) => isOnPod(job.state) && 'podId' in job && job.podId === podId);
  }

  async active(): Promise<StoredJob[]> {
    const entries = await this.members(ACTIVE_STATES.map(stateIndex));
    return (await this.read(entries.toSorted(oldestFirst))).filter(({ job }) => !isTerminal(job.state));
  }

  async jobOfPrompt(promptId: string): Promise<string | undefined> {
    const key = `${this.keys.base}prompts:${promptId.slice(0, 3)}`;
    return textSchema.parse(await this.ask('HGET', key, promptId)) ?? undefined;
  }

  /** In the order of their ids. */
  async podsWithJobs(): Promise<string[]> {
    const tokens = namesSchema.parse(await this.ask('SMEMBERS', `${this.keys.base}pods-seen`));
    const pods = tokens.map(jsonOf).filter((podId) => typeof podId === 'string');
    const indices = pods.flatMap((podId) => ON_POD_STATES.map((state) => podIndex(podId, state)));
    const counts = (await this.page('oldest', '', 0, indices)).map(([, jobs]) => jobs);
    const per = ON_POD_STATES.length;
    return pods.filter((_, at) => counts.slice(at * per, (at + 1) * per).some((jobs) => jobs > 0)).toSorted();
  }

  async nextRetryAt(): Promise<string | undefined> {
    for (;;) {
      const answer = await this.ask('ZRANGE', `${this.keys.base}retries`, 0, 0, 'WITHSCORES');
      const [id, score] = namesSchema.parse(answer);
      if (id === undefined) return undefined;
      if ((await this.ask('EXISTS', this.keys.job(id))) === 1) return new Date(Number(score)).toISOString();
      await this.forget([{ index: 'retries', member: id }]);
    }
  }

  /** What a hash keeps of a pod. */
  async ofPod<T>(hash: string, podId: string, read: (text: string) => T | undefined): Promise<T | undefined> {
    const kept = textSchema.parse(await this.ask('HGET', hash, podId));
    return kept === null ? undefined : read(kept);
  }

  /** The jobs of some entries, in their order; those that are gone or cannot be read are left out. */
  async read(entries: readonly Entry[]): Promise<StoredJob[]> {
    const batches = Array.from({ length: Math.ceil(entries.length / READ_BATCH) }, (_, at) =>
      this.readBatch(entries.slice(at * READ_BATCH, (at + 1) * READ_BATCH)),
    );
    return (await Promise.all(batches)).flat();
  }

  /** Members after one member, and the number of all, of each index. */
  async page(direction: 'newest' | 'oldest', after: string, limit: number, indices: readonly string[]) {
    return pageSchema.parse(await this.script(PAGE, [direction, after, limit, ...indices]));
  }

  async script(script: Script, args: readonly RedisArgument[]): Promise<unknown> {
    return untilKnown(() => this.calls.run(script, [this.keys.base], args));
  }

  async ask(command: string, ...args: RedisArgument[]): Promise<unknown> {
    return untilKnown(() => this.calls.call(command, ...args));
  }

  private async readBatch(entries: readonly Entry[]): Promise<StoredJob[]> {
    const ids = entries.map(idOf);
    const keys = [...ids.map((id) => this.keys.job(id)), ...ids.map((id) => this.keys.progress(id))];
    const values = valuesSchema.parse(await this.ask('MGET', ...keys));
    await this.forget(entries.filter((_, at) => values[at] === null));
    return ids.flatMap((id, at) => {
      const value = values[at];
      return (typeof value === 'string' && this.reader.read(id, value, values[ids.length + at])) || [];
    });
  }

  /** Takes entries out of their indices whose jobs are no longer there. */
  private async forget(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) await this.script(FORGET, [entry.index, entry.member, idOf(entry)]);
  }

  private async members(indices: readonly string[]): Promise<Entry[]> {
    const lists = membersSchema.parse(await this.script(MEMBERS, indices));
    return lists.flatMap((list, at) => list.map((member) => ({ index: indices[at] ?? '', member })));
  }
}

export function stateIndex(state: JobState): string {
  return `state:${state}`;
}

export function podIndex(podId: string, state: JobState): string {
  return `pod:${podToken(podId)}:${state}`;
}

export function batchIndex(batchId: string, state: JobState): string {
  return `batch:${batchId}:${state}`;
}

/** Where a member of an index by age holds the job's id: after a time, and before the name. */
const ID_PLACE = { begin: 24, end: 60 };

/** What a member of an index by age begins with: the time it was created, then its id. */
export function keyOfMember(member: string): JobKey {
  return { createdAt: member.slice(0, ID_PLACE.begin), id: member.slice(ID_PLACE.begin, ID_PLACE.end) };
}

function idOf({ index, member }: Entry): string {
  const byAge = ['state:', 'pod:', 'batch:'].some((kind) => index.startsWith(kind));
  return byAge ? member.slice(ID_PLACE.begin, ID_PLACE.end) : member.slice(-36);
}

function oldestFirst(a: Entry, b: Entry): number {
  return a.member < b.member ? -1 : 1;
}
