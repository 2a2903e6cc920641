import { isLink, type Prompt } from '../workflow/prompt.ts';
import { nodeIdsOf } from './node-states.ts';

/** What each node of a prompt counts for in its bar, and who uses whose result. */
export interface ProgressPlan {
  readonly weights: ReadonlyMap<string, number>;
  readonly consumers: ReadonlyMap<string, readonly string[]>;
  readonly sources: ReadonlyMap<string, readonly string[]>;
  /** Every node, each after all that use its result; nodes in a loop come last. */
  readonly order: readonly string[];
  /** Every node, as `nodeIdsOf` orders them. */
  readonly ids: readonly string[];
}

/** A sampler of few steps is a slow one: it still outweighs what only loads or joins. */
export const MIN_STEPPING_WEIGHT = 10;
const MAX_WEIGHT = 10_000;

/** Nodes with a `steps` input that only compute a list of numbers from it. */
const SCHEDULER = /schedul|sigmas/i;

export function planProgress(prompt: Prompt): ProgressPlan {
  const ids = Object.keys(prompt);
  const sources = new Map<string, string[]>();
  const consumers = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const id of ids) {
    const links = Object.values(prompt[id]?.inputs ?? {}).flatMap((value) =>
      isLink(value) && Object.hasOwn(prompt, value[0]) ? [value[0]] : [],
    );
    sources.set(id, [...new Set(links)]);
    for (const source of sources.get(id) ?? []) consumers.get(source)?.push(id);
  }
  return {
    weights: new Map(ids.map((id) => [id, weightOf(prompt, id)])),
    consumers,
    sources,
    order: consumersFirst(ids, sources, consumers),
    ids: nodeIdsOf(prompt),
  };
}

function consumersFirst(
  ids: readonly string[],
  sources: ReadonlyMap<string, readonly string[]>,
  consumers: ReadonlyMap<string, readonly string[]>,
): string[] {
  const open = new Map(ids.map((id) => [id, consumers.get(id)?.length ?? 0]));
  const order = ids.filter((id) => open.get(id) === 0);
  for (let at = 0; at < order.length; at += 1)
    for (const source of sources.get(order[at] ?? '') ?? []) {
      const left = (open.get(source) ?? 0) - 1;
      open.set(source, left);
      if (left === 0) order.push(source);
    }
  const placed = new Set(order);
  return [...order, ...ids.filter((id) => !placed.has(id))];
}

function weightOf(prompt: Prompt, id: string): number {
  const node = prompt[id];
  if (!node || SCHEDULER.test(node.class_type)) return 1;
  const own = number(prompt, node.inputs.steps) ?? stepsOfSigmas(prompt, node.inputs.sigmas, 5);
  if (own === undefined) return 1;
  const from = number(prompt, node.inputs.start_at_step) ?? 0;
  const to = Math.min(own, number(prompt, node.inputs.end_at_step) ?? own);
  return Math.min(MAX_WEIGHT, Math.max(MIN_STEPPING_WEIGHT, to - from));
}

/** A number given as such or by a link to a node that holds one (`PrimitiveInt`). */
function number(prompt: Prompt, value: unknown): number | undefined {
  const given =
    isLink(value) && Object.hasOwn(prompt, value[0]) ? (prompt[value[0]]?.inputs.value ?? undefined) : value;
  return typeof given === 'number' && Number.isFinite(given) && given >= 0 ? given : undefined;
}

/** `SamplerCustom…` gets its steps from a scheduler, maybe through nodes that split or scale its list. */
function stepsOfSigmas(prompt: Prompt, value: unknown, depth: number): number | undefined {
  if (depth === 0 || !isLink(value) || !Object.hasOwn(prompt, value[0])) return undefined;
  const inputs = prompt[value[0]]?.inputs ?? {};
  return number(prompt, inputs.steps) ?? stepsOfSigmas(prompt, inputs.sigmas, depth - 1) ?? MIN_STEPPING_WEIGHT;
}
