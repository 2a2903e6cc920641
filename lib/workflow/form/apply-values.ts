import { isLink, type Prompt } from '../prompt.ts';
import type { FormValues } from './form-field.ts';

/**
 * The prompt with new values in it. What does not change is shared with the prompt given; a key that names no input of it,
 * or one that comes from another node, is passed over.
 */
export function applyValues(prompt: Prompt, values: FormValues): Prompt {
  const changed: Prompt = { ...prompt };
  for (const [key, value] of Object.entries(values)) {
    const place = placeOf(changed, key);
    const node = place && changed[place.nodeId];
    if (!node || isLink(node.inputs[place.input])) continue;
    changed[place.nodeId] = { ...node, inputs: { ...node.inputs, [place.input]: value } };
  }
  return changed;
}

/** Node ids are free strings and may have a slash in them themselves. */
function placeOf(prompt: Prompt, key: string): { nodeId: string; input: string } | undefined {
  for (let at = key.indexOf('/'); at > 0; at = key.indexOf('/', at + 1)) {
    const [nodeId, input] = [key.slice(0, at), key.slice(at + 1)];
    const node = Object.hasOwn(prompt, nodeId) ? prompt[nodeId] : undefined;
    if (node && Object.hasOwn(node.inputs, input)) return { nodeId, input };
  }
  return undefined;
}
