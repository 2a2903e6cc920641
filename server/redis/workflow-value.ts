import { promisify } from 'node:util';
import { deflateRaw, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { promptSchema } from '../../lib/workflow/prompt.ts';
import type { IdempotencyClaim, MemberValues, StoredWorkflow } from '../jobs/job-store.ts';
import { jsonOf } from '../jobs/records/stored-text.ts';

const deflate = promisify(deflateRaw);

/** Workflows are kept for as long as their jobs: what is longer than this, in UTF-16 units, is packed. */
const PACKED_FROM = 2048;
const PACK_LEVEL = 3;
/** Stands before what is packed; JSON never begins so. */
const PACKED = 'z';
/** Stands before the id of a batch, and its job's values. */
const OF_BATCH = 'b';
const memberSchema = z.tuple([
  z.uuid(),
  z.array(z.object({ nodeId: z.string(), input: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) })),
]);
/** Most bytes that are unpacked: more than any job may have. */
const MAX_UNPACKED = 256 * 1024 * 1024;

/** A workflow as the string that Redis keeps: the idempotency key as JSON, then prompt and saved form. */
export async function workflowValue(workflow: StoredWorkflow, claim: IdempotencyClaim | undefined): Promise<string> {
  const form = workflow.workflow === undefined ? '' : (JSON.stringify(workflow.workflow) ?? '');
  const text = `${JSON.stringify(workflow.prompt)}\n${form}`;
  return `${claim ? JSON.stringify(claim.key) : ''}\n${text.length < PACKED_FROM ? text : await pack(text)}`;
}

/** What a job of a batch keeps where others have their workflow. */
export function memberValue(batchId: string, values: MemberValues): string {
  return `\n${OF_BATCH}${JSON.stringify([batchId, values])}`;
}

/** Undefined for a job of no batch, and for what cannot be read. */
export function splitMember(value: string): { batchId: string; values: MemberValues } | undefined {
  if (!value.startsWith(`\n${OF_BATCH}`)) return undefined;
  const read = memberSchema.safeParse(jsonOf(value.slice(2))).data;
  return read && { batchId: read[0], values: read[1] };
}

/** Undefined for what cannot be read. `key` is the idempotency key, where the job has one. */
export function splitWorkflow(value: string): { workflow: StoredWorkflow; key?: string } | undefined {
  const keyEnd = value.indexOf('\n');
  const [promptLine = '', form = ''] = unpack(value.slice(keyEnd + 1)).split('\n');
  const prompt = promptSchema.safeParse(jsonOf(promptLine)).data;
  if (!prompt) return undefined;
  const key = jsonOf(value.slice(0, Math.max(0, keyEnd)));
  return {
    workflow: { prompt, ...(form !== '' && { workflow: jsonOf(form) }) },
    ...(typeof key === 'string' && { key }),
  };
}

async function pack(text: string): Promise<string> {
  return PACKED + (await deflate(text, { level: PACK_LEVEL })).toString('base64');
}

/** Empty for what is damaged. */
function unpack(text: string): string {
  if (!text.startsWith(PACKED)) return text;
  try {
    const bytes = Buffer.from(text.slice(PACKED.length), 'base64');
    return inflateRawSync(bytes, { maxOutputLength: MAX_UNPACKED }).toString();
  } catch {
    return '';
  }
}
