import { MAX_EDITOR_NODES } from '../editor/editor-workflow.ts';
import { promptSchema, type Prompt } from '../prompt.ts';
import { isObject } from '../../is-object.ts';
import { quotedList } from './wording.ts';

export type ReadPrompt = { ok: true; prompt: Prompt; notes: string[] } | { ok: false; message: string };

/** Whether a value has a node of the API form in it. */
export function looksLikePrompt(value: unknown): value is Record<string, unknown> {
  return isObject(value) && Object.values(value).some((node) => isObject(node) && 'class_type' in node);
}

/**
 * Reads the API form. What stands between the nodes and is none, such as a comment, is left out with a note; a node that
 * cannot be one is named in the refusal. A node without `inputs` has none. Never throws.
 */
export function readPrompt(value: Record<string, unknown>): ReadPrompt {
  const entries = Object.entries(value);
  const nodes = entries.flatMap(([id, node]) => (isNode(node) ? [{ id, node }] : []));
  const others = entries.flatMap(([id, node]) => (isNode(node) ? [] : [id]));
  if (nodes.length === 0) return { ok: false, message: 'The prompt has no nodes.' };
  if (nodes.length > MAX_EDITOR_NODES)
    return { ok: false, message: `The prompt has ${nodes.length} nodes; at most ${MAX_EDITOR_NODES} are read.` };
  const parsed = promptSchema.safeParse(
    Object.fromEntries(nodes.map(({ id, node }) => [id, { ...node, inputs: node['inputs'] ?? {} }])),
  );
  if (!parsed.success) return { ok: false, message: promptFault(value, parsed.error.issues[0]?.path ?? []) };
  const notes = others.length === 0 ? [] : [`Left out of the prompt, as they are no nodes: ${quotedList(others)}.`];
  return { ok: true, prompt: parsed.data, notes };
}

function isNode(value: unknown): value is Record<string, unknown> {
  return isObject(value) && ('class_type' in value || isObject(value['inputs']));
}

function promptFault(prompt: Record<string, unknown>, [id, field]: readonly PropertyKey[]): string {
  const node = `Node “${String(id ?? '').slice(0, 200)}”${titleOf(prompt[String(id)])} of the prompt`;
  if (field === 'class_type')
    return `${node} has no class_type: the ComfyUI that exported it did not know the node. Export it where the node is installed, or take the workflow as the editor saves it.`;
  if (field === 'inputs') return `${node} has inputs that are no object. Export it again in ComfyUI.`;
  if (field === '_meta') return `${node} has a _meta that is no object with a title. Export it again in ComfyUI.`;
  return `${node} has an id of no or more than 200 characters. Export it again in ComfyUI.`;
}

function titleOf(node: unknown): string {
  const meta = isObject(node) ? node['_meta'] : null;
  const title = isObject(meta) ? meta['title'] : null;
  return typeof title === 'string' && title !== '' ? ` (${title.slice(0, 60)})` : '';
}
