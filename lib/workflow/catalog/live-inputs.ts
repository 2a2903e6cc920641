import { isObject } from '../../is-object.ts';
import { branchesOf, DYNAMIC_COMBO } from './dynamic-combo.ts';
import { readInputs, type InputDef, type NodeDef } from './node-catalog.ts';

/** An input that stands for many of a kind. Source: `object_info` of ComfyUI 0.8.0. */
const AUTOGROW = 'COMFY_AUTOGROW_V3';

const MAX_DEPTH = 8;
/** ComfyUI lets an input grow to a hundred. */
const MAX_GROWN = 100;

/**
 * The inputs that a node has with these values: those of its class, where a dynamic combo brings those of what is chosen,
 * named `combo.input`, and an input that grows is each of its own, named `images.image0`. An optional one where it may
 * be left out. The choice itself stays, the input that grows does not: no prompt holds it.
 */
export function liveInputs(def: NodeDef, given: Readonly<Record<string, unknown>>): readonly InputDef[] {
  return def.inputs.some(isDynamic) ? expanded(def.inputs, given, '', 0) : def.inputs;
}

function isDynamic({ type }: InputDef): boolean {
  return type === DYNAMIC_COMBO || type === AUTOGROW;
}

function expanded(
  inputs: readonly InputDef[],
  given: Readonly<Record<string, unknown>>,
  prefix: string,
  depth: number,
): InputDef[] {
  if (depth > MAX_DEPTH) return [];
  return inputs.flatMap((input) => {
    const named = prefix === '' ? input : { ...input, name: `${prefix}.${input.name}` };
    if (input.type === DYNAMIC_COMBO) return withBranch(named, given, depth);
    if (input.type === AUTOGROW) return expanded(grown(named), given, named.name, depth + 1);
    return [named];
  });
}

function withBranch(combo: InputDef, given: Readonly<Record<string, unknown>>, depth: number): InputDef[] {
  const branches = branchesOf(combo);
  const chosen = branches.find(({ key }) => typeof key === 'string' && key === given[combo.name]);
  const self = { ...combo, choices: branches.map(({ key }) => key) };
  return [self, ...(chosen ? expanded(readInputs(chosen['inputs']), given, combo.name, depth + 1) : [])];
}

/** The inputs that one may grow to, as its template names them; the first `min` are required where it is. */
function grown(input: InputDef): InputDef[] {
  const template = input.options['template'];
  if (!isObject(template)) return [];
  const [pattern] = readInputs(template['input']);
  if (!pattern) return [];
  const { names, prefix, min, max } = template;
  const least = typeof min === 'number' ? min : 0;
  const most = typeof max === 'number' ? Math.min(max, MAX_GROWN) : MAX_GROWN;
  const all = Array.isArray(names)
    ? names.filter((name) => typeof name === 'string').slice(0, MAX_GROWN)
    : typeof prefix === 'string'
      ? Array.from({ length: Math.max(0, Math.trunc(most)) }, (_, at) => `${prefix}${at}`)
      : [];
  return all.map((name, at) => ({ ...pattern, name, required: input.required && pattern.required && at < least }));
}
