import type { ReadNode } from './graph-level.ts';
import { isGroupSubgraph } from './group-subgraph.ts';

/** Longest list of types that is looked at; real ones have a few. */
const MAX_TYPE_LENGTH = 1000;

const isAny = (type: string) => type === '' || type === '*' || type === '0';

/** Whether a link may join two types: equal but for case, `*`, or one of a list in common. Source: ComfyUI's frontend. */
function fits(one: string, other: string): boolean {
  if (isAny(one) || isAny(other)) return true;
  const types = new Set(kindsOf(one));
  return kindsOf(other).some((type) => types.has(type) || isAny(type) || types.has('*') || types.has(''));
}

function kindsOf(type: string): string[] {
  return type.slice(0, MAX_TYPE_LENGTH).toLowerCase().split(',');
}

/**
 * The input that a bypassed node hands on to one of its outputs: that of the same place if the types allow, else the
 * first of just the wanted type, else the first that fits. Source: ComfyUI's frontend 1.35.9.
 */
export function bypassSlot(
  { slots, outputTypes, subgraph }: ReadNode,
  output: number,
  wanted: string,
): number | undefined {
  if (subgraph && isGroupSubgraph(subgraph)) {
    // These are bypassed as nodes once were: types are equal or do not fit.
    const found = slots[output]?.type === wanted ? output : slots.findIndex(({ type }) => type === wanted);
    return found < 0 ? undefined : found;
  }
  if (isAny(wanted)) return slots.length > output ? output : slots.length > 0 ? 0 : undefined;
  const given = outputTypes[output] ?? '*';
  const through = (type: string) => fits(type, given) && fits(type, wanted);
  const opposite = slots[output];
  if (opposite && through(opposite.type)) return output;
  const same = slots.findIndex(({ type }) => type === wanted);
  const found = same < 0 ? slots.findIndex(({ type }) => through(type)) : same;
  return found < 0 ? undefined : found;
}
