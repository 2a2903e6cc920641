import type { Intake } from './intake.ts';
import { isObject } from '../../is-object.ts';
import { valueTrouble } from './json-bounds.ts';
import { judgeForms } from './judge-forms.ts';
import { parseJson } from './parse-json.ts';
import { rawForms } from './raw-forms.ts';
import { ACCEPTED } from './wording.ts';

/** Finds a workflow in a text: JSON in any of the forms of `readWorkflowValue`. Never throws. */
export function readWorkflowText(text: string): Intake {
  const clean = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (clean.trim() === '') return { ok: false, message: `There is nothing in it. ${ACCEPTED}` };
  const parsed = parseJson(clean);
  return parsed.ok
    ? intakeOf(parsed.value)
    : { ok: false, message: `${whatText(clean) ?? parsed.message} ${ACCEPTED}` };
}

/**
 * Finds a workflow in a JSON value that was parsed already: as the editor saves it (0.4 and 1.0), the API form, either of them
 * in the wrappers that `rawForms` knows. Never throws.
 */
export function readWorkflowValue(value: unknown): Intake {
  const trouble = valueTrouble(value);
  return trouble === null ? intakeOf(value) : { ok: false, message: trouble };
}

function intakeOf(value: unknown): Intake {
  return judgeForms('json', rawForms(value)) ?? { ok: false, message: `${whatValue(value)} ${ACCEPTED}` };
}

/** A sentence about text that is no JSON, where its kind is known. */
function whatText(text: string): string | null {
  const start = text.trimStart().slice(0, 200).toLowerCase();
  if (start.startsWith('<!doctype html') || start.startsWith('<html')) return 'This is a web page, not a workflow.';
  if (/\bsteps: \d+, sampler: /i.test(text.slice(0, 20_000)))
    return 'These are generation parameters of A1111 or Forge: they hold no workflow.';
  return null;
}

/** A sentence about JSON in which there is no workflow. */
function whatValue(value: unknown): string {
  if (Array.isArray(value)) return 'This is a list, and no workflow is in it.';
  if (!isObject(value)) return 'This is a single value, not a workflow.';
  const entries = Object.entries(value);
  if (entries.length === 0) return 'The workflow has no nodes.';
  if (value['format'] === 'podium-templates')
    return 'These are templates of Podium: import them on the Templates page.';
  if (entries.some(([, one]) => isObject(one) && isObject(one['input']) && 'output' in one))
    return 'This is a pod’s list of node classes (object_info), not a workflow.';
  if ('queue_running' in value) return 'This is a pod’s queue, and it is empty.';
  if (entries.some(([, one]) => isObject(one) && isObject(one['inputs'])))
    return 'These look like nodes, but none of them has a class_type.';
  const keys = entries.slice(0, 3).map(([key]) => `“${key.slice(0, 60)}”`);
  return `This is JSON with ${keys.join(', ')}, and no workflow is in it.`;
}
