import { parseTolerantJson } from '../../tolerant-json.ts';
import { MAX_WORKFLOW_BYTES } from './intake.ts';
import { textTrouble } from './json-bounds.ts';

export type ParsedJson = { ok: true; value: unknown } | { ok: false; message: string };

/** Parses JSON within the bounds of a workflow's text; `NaN` and the infinities become `null`. Never throws. */
export function parseJson(text: string): ParsedJson {
  if (text.length > MAX_WORKFLOW_BYTES)
    return {
      ok: false,
      message: `The JSON has more than ${MAX_WORKFLOW_BYTES / 1024 / 1024} MB, which no workflow has.`,
    };
  const trouble = textTrouble(text);
  if (trouble !== null) return { ok: false, message: trouble };
  try {
    return { ok: true, value: parseTolerantJson(text) };
  } catch {
    return { ok: false, message: jsonFault(text) };
  }
}

/** A file that ends too early is told from text that is no JSON at all. */
function jsonFault(text: string): string {
  const start = text.trimStart();
  if (!start.startsWith('{') && !start.startsWith('[')) return 'This is not JSON.';
  const end = text.trimEnd().at(-1);
  return end === '}' || end === ']'
    ? 'The JSON has a mistake in it, so it cannot be read.'
    : 'The JSON is cut off: its end is missing.';
}
