import type { NodeCatalog } from '../catalog/node-catalog.ts';
import { isLink, type Prompt } from '../prompt.ts';

const POSITIVE = /(^|_)pos(itive)?(_|\d|$)/i;
export const NEGATIVE = /(^|_)neg(ative)?(_|\d|$)/i;
/** Types that carry what a text says. An input of a class that is not known may carry anything. */
const CARRIES_TEXT = new Set(['CONDITIONING', 'STRING', 'GUIDER', '*']);
/** What enters here is thrown away: its output is an empty text. */
const DISCARDS = 'ConditioningZeroOut';

/** Nodes whose text ends in what is wanted, and those whose text ends in what is not. */
export interface TextSides {
  positive: ReadonlySet<string>;
  negative: ReadonlySet<string>;
}

/** Walks back from every input called positive or negative through the nodes that carry text. Visits each output once. */
export function textSides(prompt: Prompt, catalog: NodeCatalog): TextSides {
  const positive = new Set<string>();
  const negative = new Set<string>();
  const seen = { positive: new Set<string>(), negative: new Set<string>() };
  for (const node of Object.values(prompt))
    for (const [name, value] of Object.entries(node.inputs)) {
      if (!isLink(value)) continue;
      if (POSITIVE.test(name)) walk(prompt, catalog, value, positive, seen.positive);
      else if (NEGATIVE.test(name)) walk(prompt, catalog, value, negative, seen.negative);
    }
  return { positive, negative };
}

type Output = readonly [nodeId: string, slot: number];

function walk(prompt: Prompt, catalog: NodeCatalog, from: Output, found: Set<string>, seen: Set<string>): void {
  const open: Output[] = [from];
  for (let output = open.pop(); output; output = open.pop()) {
    const key = output.join(' ');
    if (seen.has(key)) continue;
    seen.add(key);
    found.add(output[0]);
    open.push(...sourcesOf(prompt, catalog, output));
  }
}

function sourcesOf(prompt: Prompt, catalog: NodeCatalog, [nodeId, slot]: Output): Output[] {
  const node = Object.hasOwn(prompt, nodeId) ? prompt[nodeId] : undefined;
  if (!node || node.class_type === DISCARDS) return [];
  const links = Object.entries(node.inputs).flatMap(([name, value]) => (isLink(value) ? [{ name, link: value }] : []));
  const plus = links.find(({ name }) => POSITIVE.test(name));
  const minus = links.find(({ name }) => NEGATIVE.test(name));
  const def = catalog.get(node.class_type);
  // A node that takes both gives both back, the positive one first unless its outputs have names.
  if (plus && minus) {
    const name = def?.outputs[slot]?.name ?? '';
    if (NEGATIVE.test(name) || (!POSITIVE.test(name) && slot === 1)) return [minus.link];
    return POSITIVE.test(name) || slot === 0 ? [plus.link] : [];
  }
  return links
    .filter(({ name }) => {
      const type = def?.inputs.find((input) => input.name === name)?.type;
      return type === undefined || CARRIES_TEXT.has(type);
    })
    .map(({ link }) => link);
}
