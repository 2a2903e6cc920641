import { createHash } from 'node:crypto';
import { readEditorWorkflow, type EditorWorkflow } from '../../lib/workflow/editor/editor-workflow.ts';
import { isObject } from '../../lib/is-object.ts';
import { valueTrouble } from '../../lib/workflow/intake/json-bounds.ts';
import { rawForms } from '../../lib/workflow/intake/raw-forms.ts';
import { ACCEPTED } from '../../lib/workflow/intake/wording.ts';
import { MAX_PROMPT_NODES, promptSchema, type Prompt } from '../../lib/workflow/prompt.ts';
import { DeskError } from './desk.ts';

/** The forms of a submitted workflow. Without a prompt, the editor's form is to be converted. */
export type Submitted = { notes: string[] } & (
  | {
      prompt: Prompt;
      editor?: EditorWorkflow;
      /** What goes into the files' metadata beside the prompt, as it was given. */
      saved?: unknown;
    }
  | { prompt?: undefined; editor: EditorWorkflow }
);

/**
 * The workflow inside a submitted `workflow`, of whatever form. Where both forms are given, the prompt is what runs.
 * @throws DeskError `invalid_workflow`, naming every wrong node
 */
export function readSubmitted(body: Record<string, unknown>): Submitted {
  const trouble = valueTrouble(body);
  if (trouble !== null) throw invalid(trouble);
  const wrapped = isObject(body['prompt']) && body['class_type'] === undefined;
  const { prompt, editor: given, notes } = rawForms(body);
  const editor = given === undefined ? undefined : readEditorWorkflow(given);
  if (prompt === undefined && editor) {
    if (!editor.ok) throw invalid(editor.message);
    return { editor: editor.workflow, notes };
  }
  const saved = given ?? (wrapped ? body['workflow'] : undefined);
  return {
    prompt: promptOf(prompt ?? (wrapped ? body['prompt'] : body)),
    ...(editor?.ok && { editor: editor.workflow }),
    ...(saved !== undefined && { saved }),
    notes,
  };
}

function promptOf(candidate: unknown): Prompt {
  const parsed = promptSchema.safeParse(candidate);
  if (!parsed.success) {
    const errors = parsed.error.issues.slice(0, 20).map((issue) => ({
      field: ['workflow', ...issue.path.map(String)].join('.'),
      message: `${issue.message}. A node is {"class_type": …, "inputs": {…}}.`,
    }));
    throw new DeskError('invalid_workflow', `This is not a prompt in ComfyUI’s API form. ${ACCEPTED}`, errors);
  }
  requireNodes(parsed.data);
  return parsed.data;
}

/** @throws DeskError where a prompt has no nodes or too many */
export function requireNodes(prompt: Prompt): void {
  const count = Object.keys(prompt).length;
  if (count === 0)
    throw new DeskError('invalid_workflow', 'The workflow has no nodes.', [
      { field: 'workflow', message: 'Add at least one node whose result is saved.' },
    ]);
  if (count > MAX_PROMPT_NODES)
    throw new DeskError('invalid_workflow', `The workflow has ${count} nodes; at most ${MAX_PROMPT_NODES} are taken.`);
}

function invalid(message: string): DeskError {
  return new DeskError('invalid_workflow', message, [{ field: 'workflow', message }]);
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
  if (isObject(value)) {
    const keys = Object.keys(value).toSorted();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
