import { disagreement } from '../../lib/workflow/intake/agreement.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import type { Loaded } from './use-intake.ts';

/**
 * Which of its forms a workflow is taken from. `both`: the prompt is what runs, and the editor's form is what is seen;
 * `editor`: that is converted; `prompt`: the editor's form is not known or left aside.
 */
export type UsedForm = 'both' | 'editor' | 'prompt';

/** Where both forms are of one moment the prompt is exact: it is what ran. Else what people see in the editor counts. */
export function firstForm({ found, kept }: Loaded): UsedForm {
  if (!found.editor) return 'prompt';
  if (!found.prompt) return 'editor';
  return kept || disagreement(found.editor, found.prompt) === null ? 'both' : 'editor';
}

/** Beyond this many nodes what the editor saved is not sent along with every edit: it only names node packs there. */
const MAX_ALONG = 1000;

export function sizeOf(prompt: Prompt | undefined): 'small' | 'large' {
  return prompt && Object.keys(prompt).length > MAX_ALONG ? 'large' : 'small';
}

/** What pods are asked about: the workflow as it was brought or, once it was edited, as it is now. */
export function askedBody(edited: Prompt | undefined, use: UsedForm, found: Loaded['found']): Record<string, unknown> {
  const { editor, prompt } = found;
  const saved = use === 'prompt' || !editor ? {} : { workflow: editor.raw };
  if (edited) return { prompt: edited, ...(sizeOf(edited) === 'small' && saved) };
  return use === 'editor' || !prompt ? saved : { prompt, ...saved };
}
