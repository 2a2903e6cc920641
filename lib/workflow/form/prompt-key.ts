import type { Prompt } from '../prompt.ts';
import type { FormField } from './form-field.ts';

/**
 * Names a workflow by what it is, seeds aside: 16 hex digits, the same for the same workflow in every browser. Not for
 * security; two of a person's workflows that share a key are not to be expected.
 */
export function promptKey(prompt: Prompt, fields: readonly FormField[]): string {
  const seeds = new Set(fields.filter(({ role }) => role === 'seed').map(({ key }) => key));
  const text = JSON.stringify(
    Object.entries(prompt).map(([id, node]) => [
      id,
      node.class_type,
      Object.entries(node.inputs).map(([name, value]) => (seeds.has(`${id}/${name}`) ? [name] : [name, value])),
    ]),
  );
  return fnv(text, 0x811c9dc5) + fnv(text, 0x01234567);
}

/** FNV-1a over UTF-16 units. */
function fnv(text: string, start: number): string {
  let hash = start;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
