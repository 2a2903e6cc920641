import { parseJson } from '../parse-json.ts';
import { rawForms, type RawForms } from '../raw-forms.ts';
import { quotedList } from '../wording.ts';
import type { MetadataTexts } from './metadata-texts.ts';

/** Names under which ComfyUI keeps the two forms. */
const OWN_NAMES = ['workflow', 'prompt'];

/** The forms in a file's texts: those under ComfyUI's own names come before what other programs wrote. */
export function textsForms({ texts, notes }: MetadataTexts): RawForms {
  const forms: RawForms = { notes: [...notes] };
  const own = texts.filter(({ name }) => OWN_NAMES.includes(name));
  for (const { name, text } of [...own, ...texts.filter((one) => !own.includes(one))]) {
    if (forms.editor !== undefined && forms.prompt !== undefined) break;
    const start = text.trimStart()[0];
    if (start !== '{' && start !== '[') continue;
    const parsed = parseJson(text);
    if (!parsed.ok) {
      if (OWN_NAMES.includes(name)) forms.notes.push(`“${name}” in the file cannot be read. ${parsed.message}`);
      continue;
    }
    const { editor, prompt, notes: inner } = rawForms(parsed.value);
    if (editor !== undefined) forms.editor ??= editor;
    if (prompt !== undefined) forms.prompt ??= prompt;
    forms.notes.push(...inner);
  }
  return forms;
}

/** A sentence about a file whose texts hold no workflow. `kind` is its kind in words. */
export function withoutWorkflow(kind: string, { texts, notes }: MetadataTexts): string {
  const program = texts.map(({ name, text }) => otherProgram(name, text)).find((one) => one !== null);
  if (program !== undefined) return `This ${kind} file was made by ${program}: it carries settings, but no workflow.`;
  if (notes.length > 0) return `No workflow was found in this ${kind} file. ${notes.join(' ')}`;
  const names = texts.map(({ name }) => name).filter((name) => name !== '');
  const carried = names.length === 0 ? '' : `, only ${quotedList(names)}`;
  return (
    `This ${kind} file carries no workflow${carried}. ` +
    'Either ComfyUI did not make it, or a program that has passed it on took the workflow out.'
  );
}

function otherProgram(name: string, text: string): string | null {
  const start = text.slice(0, 20_000);
  if (start.includes('sui_image_params')) return 'SwarmUI';
  if (name.startsWith('invokeai') || name === 'sd-metadata') return 'InvokeAI';
  if (name === 'software' && start.startsWith('NovelAI')) return 'NovelAI';
  if (/\bFooocus\b/.test(start)) return 'Fooocus';
  return name === 'parameters' || /\bSteps: \d+, Sampler: /.test(start) ? 'A1111, Forge or a program like them' : null;
}
