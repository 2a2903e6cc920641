import { looksLikeEditorWorkflow } from '../editor/editor-workflow.ts';
import { isObject } from '../../is-object.ts';
import { parseJson } from './parse-json.ts';
import { looksLikePrompt } from './read-prompt.ts';

/** The two forms as they were found, not read yet. */
export interface RawForms {
  editor?: unknown;
  prompt?: Record<string, unknown>;
  notes: string[];
}

/** How many wrappers may lie around a workflow. */
const MAX_WRAPPERS = 4;

/**
 * Unwraps a JSON value: a workflow, a prompt, the body of `POST /prompt`, `{prompt, workflow}`, what the editor's own export
 * holds (`{output, workflow}`), an entry of a pod's history or queue, or a whole answer of either, of which the newest or
 * running one is taken. Without `editor` and `prompt` nothing was found.
 */
export function rawForms(value: unknown, wrappers = 0): RawForms {
  if (looksLikeEditorWorkflow(value)) return { editor: value, notes: [] };
  if (wrappers > MAX_WRAPPERS) return { notes: [] };
  if (Array.isArray(value)) return queueEntry(value);
  if (!isObject(value)) return { notes: [] };
  if (looksLikePrompt(value)) return { prompt: value, notes: [] };
  return joined(value, wrappers) ?? queueAnswer(value) ?? historyAnswer(value) ?? { notes: [] };
}

/** `[number, prompt_id, prompt, extra_data, outputs]`: an entry of a pod's `/queue`, and `prompt` in its `/history`. */
function queueEntry(entry: readonly unknown[]): RawForms {
  const [, , prompt, extraData] = entry;
  return looksLikePrompt(prompt) ? { prompt, ...editorOf(extraData), notes: [] } : { notes: [] };
}

function editorOf(extraData: unknown): { editor?: unknown } {
  if (!isObject(extraData) || !isObject(extraData['extra_pnginfo'])) return {};
  const editor = parsedText(extraData['extra_pnginfo']['workflow']);
  return looksLikeEditorWorkflow(editor) ? { editor } : {};
}

function joined(value: Record<string, unknown>, wrappers: number): RawForms | null {
  const inner = [value['prompt'], value['output'], value['workflow']]
    .filter((part) => part !== undefined)
    .map((part) => rawForms(parsedText(part), wrappers + 1));
  const prompt = inner.find((forms) => forms.prompt !== undefined)?.prompt;
  const editor = inner.find((forms) => forms.editor !== undefined)?.editor;
  if (prompt === undefined && editor === undefined) return null;
  return {
    ...(prompt === undefined ? {} : { prompt }),
    ...editorOf(value['extra_data']),
    ...(editor === undefined ? {} : { editor }),
    notes: inner.flatMap(({ notes }) => notes),
  };
}

/** A form that stands as text inside of JSON, as some programs write it. */
function parsedText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const parsed = parseJson(value);
  return parsed.ok ? parsed.value : value;
}

function queueAnswer(value: Record<string, unknown>): RawForms | null {
  const entries = [value['queue_running'], value['queue_pending']].flatMap((list) => (Array.isArray(list) ? list : []));
  const [first] = entries;
  if (!Array.isArray(first)) return null;
  return withRest(queueEntry(first), entries.length, 'This is a pod’s queue: its first prompt was taken');
}

/** Oldest first: `{prompt_id: {prompt: [...], outputs, status}}`. */
function historyAnswer(value: Record<string, unknown>): RawForms | null {
  const entries = Object.values(value).flatMap((entry) =>
    isObject(entry) && Array.isArray(entry['prompt']) ? [entry['prompt']] : [],
  );
  const newest = entries.at(-1);
  if (newest === undefined) return null;
  return withRest(queueEntry(newest), entries.length, 'This is a pod’s history: its newest prompt was taken');
}

function withRest(forms: RawForms, count: number, taken: string): RawForms {
  if (count === 1) return forms;
  const rest = count === 2 ? 'the other one was not' : `the other ${count - 1} were not`;
  return { ...forms, notes: [...forms.notes, `${taken}, ${rest}.`] };
}
