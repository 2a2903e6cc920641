import { createHash } from 'node:crypto';
import { MAX_PROMPT_NODES, promptSchema, type Prompt } from '../../lib/workflow/prompt.ts';
import { DeskError } from './desk.ts';
import type { StoredWorkflow } from './job-store.ts';

/**
 * The prompt (API form) inside a submitted `workflow`: itself, or `{prompt, workflow?}`.
 * @throws DeskError `invalid_workflow`, naming every wrong node
 */
export function readWorkflow(body: Record<string, unknown>): StoredWorkflow {
  if (Array.isArray(body['nodes']) && (Array.isArray(body['links']) || 'last_node_id' in body))
    throw new DeskError('invalid_workflow', 'This is a workflow as ComfyUI saves it, not the API form a pod takes.', [
      { field: 'workflow', message: 'In ComfyUI choose Workflow → Export (API) and submit that file.' },
    ]);
  const wrapped = isRecord(body['prompt']) && body['class_type'] === undefined;
  const candidate = wrapped ? body['prompt'] : body;
  const parsed = promptSchema.safeParse(candidate);
  if (!parsed.success) {
    const errors = parsed.error.issues.slice(0, 20).map((issue) => ({
      field: ['workflow', ...issue.path.map(String)].join('.'),
      message: `${issue.message}. A node is {"class_type": …, "inputs": {…}}.`,
    }));
    throw new DeskError('invalid_workflow', 'This is not a prompt in ComfyUI’s API form.', errors);
  }
  const prompt = parsed.data;
  const ids = Object.keys(prompt);
  if (ids.length === 0)
    throw new DeskError('invalid_workflow', 'The workflow has no nodes.', [
      { field: 'workflow', message: 'Add at least one node whose result is saved.' },
    ]);
  if (ids.length > MAX_PROMPT_NODES)
    throw new DeskError(
      'invalid_workflow',
      `The workflow has ${ids.length} nodes; at most ${MAX_PROMPT_NODES} are taken.`,
    );
  return { prompt, ...(wrapped && body['workflow'] !== undefined && { workflow: body['workflow'] }) };
}

const MAX_NAME = 80;
/** A name for a job nobody named: its text prompt, else what its last node does. */
export function nameOf(prompt: Prompt): string {
  const nodes = Object.values(prompt);
  const text = nodes
    .filter((node) => node.class_type.startsWith('CLIPTextEncode'))
    .map((node) => node.inputs['text'])
    .find((value): value is string => typeof value === 'string' && value.trim() !== '');
  const name = text ?? nodes.at(-1)?.class_type ?? 'Workflow';
  const line = name.replace(/\s+/g, ' ').trim();
  return line.length > MAX_NAME ? `${line.slice(0, MAX_NAME - 1)}…` : line;
}

/** SHA-256 of a JSON value whatever the order of its keys. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (isRecord(value)) {
    const keys = Object.keys(value).toSorted();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
