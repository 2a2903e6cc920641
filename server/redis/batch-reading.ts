import { z } from 'zod';
import { JOB_STATES } from '../../lib/jobs/job.ts';
import { batchRecordSchema } from '../../lib/protocol/batches.ts';
import type { StoredBatch, StoredJob } from '../jobs/job-store.ts';
import { countsOf } from '../jobs/records/job-counts.ts';
import { readCursor, writeCursor } from '../jobs/records/job-cursor.ts';
import type { BatchBundle } from '../jobs/records/store-transfer.ts';
import { jsonOf, sortable } from '../jobs/records/stored-text.ts';
import { batchIndex, keyOfMember, type JobReading } from './job-reading.ts';
import type { RedisKeys } from './keys.ts';
import type { RecordReader } from './record-reader.ts';
import { splitWorkflow } from './workflow-value.ts';

interface Query {
  limit: number;
  cursor?: string;
}
const fieldsSchema = z.array(z.string().nullable());
const AT_ONCE = 100;

/** What is asked about batches. */
export class BatchReading {
  constructor(
    private readonly keys: RedisKeys,
    private readonly reading: JobReading,
    private readonly reader: RecordReader,
  ) {}

  async get(id: string): Promise<StoredBatch | undefined> {
    return (await this.read([id]))[0];
  }

  async list({ limit, cursor }: Query): Promise<{ batches: StoredBatch[]; nextCursor?: string }> {
    const [page] = await this.reading.page('newest', memberOf(cursor), limit + 1, ['batches']);
    const members = page?.[0] ?? [];
    const last = members.length > limit ? members[limit - 1] : undefined;
    const batches = await this.read(members.slice(0, limit).map((member) => keyOfMember(member).id));
    return { batches, ...(last !== undefined && { nextCursor: writeCursor(keyOfMember(last)) }) };
  }

  async jobs(id: string, { limit, cursor }: Query): Promise<{ jobs: StoredJob[]; nextCursor?: string }> {
    const indices = JOB_STATES.map((state) => batchIndex(id, state));
    const pages = await this.reading.page('oldest', afterMember(cursor), limit + 1, indices);
    const entries = pages
      .flatMap(([members], at) => members.map((member) => ({ index: indices[at] ?? '', member })))
      .toSorted((a, b) => (a.member < b.member ? -1 : 1));
    const last = entries.length > limit ? entries[limit - 1] : undefined;
    const jobs = await this.reading.read(entries.slice(0, limit));
    return { jobs, ...(last && { nextCursor: writeCursor(keyOfMember(last.member)) }) };
  }

  /** Oldest first; those that cannot be read are left out. */
  async *bundles(): AsyncGenerator<BatchBundle> {
    for (let after = ''; ;) {
      const [page] = await this.reading.page('oldest', after, AT_ONCE, ['batches']);
      const members = page?.[0] ?? [];
      for (const member of members) {
        const bundle = await this.bundle(keyOfMember(member).id);
        if (bundle) yield bundle;
      }
      const last = members.at(-1);
      if (last === undefined) return;
      after = last;
    }
  }

  private async bundle(id: string): Promise<BatchBundle | undefined> {
    const [stored] = await this.read([id]);
    if (!stored) return undefined;
    const asked = await this.reading.ask('HMGET', this.keys.batch(id), 'workflow', 'claim');
    const [value, claim] = fieldsSchema.parse(asked);
    const workflow = splitWorkflow(value ?? '')?.workflow;
    if (!workflow) return this.reader.refuse(id, 'Its workflow is missing or damaged.');
    const key = jsonOf(claim ?? '');
    const used = typeof key === 'string' ? await this.reading.claimOf(key, id) : undefined;
    return { record: stored.record, workflow, ...(used && { claim: used }) };
  }

  /** Those that are there and can be read, in their order. */
  private async read(ids: readonly string[]): Promise<StoredBatch[]> {
    const records = await Promise.all(
      ids.map(
        async (id) => fieldsSchema.parse(await this.reading.ask('HMGET', this.keys.batch(id), 'record'))[0] ?? null,
      ),
    );
    const indices = ids.flatMap((id) => JOB_STATES.map((state) => batchIndex(id, state)));
    const cards = indices.length === 0 ? [] : await this.reading.page('oldest', '', 0, indices);
    return ids.flatMap((id, at) => {
      const value = records[at];
      if (typeof value !== 'string') return [];
      const record = batchRecordSchema.safeParse(jsonOf(value)).data;
      if (record?.id !== id) return this.reader.refuse(id, 'The record of the batch cannot be read.') ?? [];
      const first = at * JOB_STATES.length;
      return [{ record, counts: countsOf((state) => cards[first + JOB_STATES.indexOf(state)]?.[1] ?? 0) }];
    });
  }
}

function memberOf(cursor: string | undefined): string {
  if (cursor === undefined) return '';
  const { createdAt, id } = readCursor(cursor);
  return sortable(createdAt) + id;
}

/** Comes after the member of the cursor's job, whatever its name is. */
function afterMember(cursor: string | undefined): string {
  return cursor === undefined ? '' : `${memberOf(cursor)}\u{10ffff}`;
}
