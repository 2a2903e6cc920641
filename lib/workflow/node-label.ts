import { nodeName, type Prompt } from './prompt.ts';

/** A node in a sentence: `“Load Checkpoint” (node 4)`. A node made by an expansion (`4.0.0.1`) goes by the name of its maker. */
export function nodeLabel(nodeId: string, prompt: Prompt = {}, nodeType?: string): string {
  const known = Object.hasOwn(prompt, nodeId) ? nodeId : (nodeId.split('.')[0] ?? nodeId);
  const name = Object.hasOwn(prompt, known) ? nodeName(prompt, known) : nodeType;
  return name === undefined || name === '' || name === known
    ? `node ${short(nodeId, 50)}`
    : `“${short(name, 80)}” (node ${short(nodeId, 50)})`;
}

/** The first line of a text, cut to `max` characters. */
export function short(text: string, max: number): string {
  const line =
    text
      .trimStart()
      .split(/[\r\n]/, 1)[0]
      ?.trimEnd() ?? '';
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}

/** A text as the end of a sentence. */
export function ended(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
