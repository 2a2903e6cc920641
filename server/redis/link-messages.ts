import { z } from 'zod';
import { JOB_SCHEMA_VERSION, JOB_STATES, jobSchema, type Job, type JobOnPod } from '../../lib/jobs/job.ts';
import { jobProgressSchema, type JobProgress } from '../../lib/jobs/progress.ts';
import type { LinkListener } from '../jobs/leases/instance-link.ts';
import type { JobMark } from '../jobs/job-events.ts';
import type { PromptPreview } from '../jobs/pod-events.ts';
import { jsonOf } from '../jobs/records/stored-text.ts';
import { migrateRecord } from '../jobs/records/record-migrations.ts';

/** A message longer than this is not looked at. */
const MAX_MESSAGE_BYTES = 1024 * 1024;
/** A picture larger than this is no preview. */
export const MAX_PREVIEW_BYTES = 512 * 1024;

/** `from`: the instance that told it, which does not want to hear it again. */
const progressMessageSchema = z.object({ from: z.string(), jobId: z.uuid(), progress: jobProgressSchema });
export type ProgressMessage = z.infer<typeof progressMessageSchema>;

const previewHeadSchema = z.object({
  from: z.string(),
  jobId: z.string(),
  promptId: z.string(),
  nodeId: z.string().optional(),
  contentType: z.enum(['image/jpeg', 'image/png']),
});

/** Undefined for whatever is no such message. */
export function readProgress(message: Buffer): ProgressMessage | undefined {
  return progressMessageSchema.safeParse(json(message)).data;
}

export type JobEntry =
  | { kind: 'changed'; job: Job; progress?: JobProgress }
  | { kind: 'passed'; mark: JobMark }
  | { kind: 'batch'; id: string }
  | { kind: 'unreadable'; id: string; reason: string };

const versionedSchema = z.looseObject({ schemaVersion: z.number().int() });

/** What decides whether an entry's record is read. */
type Wanted = Pick<LinkListener, 'isNews' | 'wants'>;

/**
 * An entry of the stream of changes, given as fields and values in turn; undefined where it tells of no change, or of one
 * that is no news: most are echoes. A record is read only where somebody wants it, or where it may hold a wish to cancel.
 */
export function readEntry(entry: readonly string[], wanted: Wanted): JobEntry | undefined {
  const batch = fieldOf(entry, 'batch');
  if (batch !== undefined) return { kind: 'batch', id: batch };
  const record = fieldOf(entry, 'job');
  if (record === undefined) return undefined;
  const id = fieldOf(entry, 'id') ?? '';
  const revision = Number(fieldOf(entry, 'rev') ?? Number.NaN);
  if (!wanted.isNews(id, revision)) return undefined;
  const mark = readMark(id, revision, fieldOf(entry, 'is'));
  if (mark && !wanted.wants(mark) && !record.includes(CANCEL_WISH)) return { kind: 'passed', mark };
  return readRecord(id, record, fieldOf(entry, 'progress') ?? '');
}

const CANCEL_WISH: keyof JobOnPod = 'cancelRequestedAt';

/** Undefined where an instance of an earlier version wrote the entry. */
function readMark(id: string, revision: number, is = ''): JobMark | undefined {
  const [given, promptId = ''] = is.split(' ');
  const state = JOB_STATES.find((one) => one === given);
  return state && { id, revision, state, ...(promptId !== '' && { promptId }) };
}

function readRecord(id: string, record: string, told: string): JobEntry {
  const given = versionedSchema.safeParse(jsonOf(record)).data;
  const version = given?.schemaVersion ?? 0;
  if (version > JOB_SCHEMA_VERSION)
    return { kind: 'unreadable', id, reason: `It was written by a newer Podium (record version ${version}).` };
  const job = jobSchema.safeParse(migrateRecord(given, version));
  if (!job.success) return { kind: 'unreadable', id, reason: 'The record is damaged.' };
  const progress = told === '' ? undefined : jobProgressSchema.safeParse(jsonOf(told)).data;
  return { kind: 'changed', job: job.data, ...(progress && { progress }) };
}

function fieldOf(entry: readonly string[], name: string): string | undefined {
  for (let index = 0; index + 1 < entry.length; index += 2) if (entry[index] === name) return entry[index + 1];
  return undefined;
}

/** Bytes of the head's JSON as a 32-bit number, the head, then the picture as it is. */
export function previewMessage(from: string, jobId: string, { bytes, ...head }: PromptPreview): Buffer {
  const text = Buffer.from(JSON.stringify({ from, jobId, ...head }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text, bytes]);
}

export function readPreview(message: Buffer): { from: string; jobId: string; preview: PromptPreview } | undefined {
  if (message.length < 4 || message.length > MAX_MESSAGE_BYTES) return undefined;
  const end = 4 + message.readUInt32BE();
  const head = previewHeadSchema.safeParse(json(message.subarray(4, end))).data;
  const bytes = message.subarray(end);
  if (!head || bytes.length > MAX_PREVIEW_BYTES) return undefined;
  const { from, jobId, promptId, nodeId, contentType } = head;
  return { from, jobId, preview: { promptId, contentType, bytes, ...(nodeId !== undefined && { nodeId }) } };
}

function json(message: Buffer): unknown {
  return message.length > MAX_MESSAGE_BYTES ? undefined : jsonOf(message.toString());
}
