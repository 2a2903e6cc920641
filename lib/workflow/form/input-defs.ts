import { z } from 'zod';
import { readCatalog, type InputDef, type NodeDef } from '../catalog/node-catalog.ts';
import type { Prompt } from '../prompt.ts';

/** A combo whose choice brings further inputs, named `combo.input`. Source: `object_info` of ComfyUI 0.8.0. */
export const DYNAMIC_COMBO = 'COMFY_DYNAMICCOMBO_V3';

const branchSchema = z.object({ key: z.string(), inputs: z.record(z.string(), z.unknown()).catch({}) });
const branchesSchema = z.array(branchSchema).catch([]);

/** What may be chosen of a dynamic combo, with the inputs that each choice brings. */
export function branchesOf(def: InputDef): { key: string; inputs: readonly InputDef[] }[] {
  return branchesSchema.parse(def.options['options']).map(({ key, inputs }) => ({
    key,
    inputs: readCatalog({ branch: { input: inputs } }).get('branch')?.inputs ?? [],
  }));
}

/** The definition of an input by its name in a prompt, those of dynamic combos included; undefined where there is none. */
export function inputDef(node: Prompt[string], def: NodeDef, name: string): InputDef | undefined {
  const direct = def.inputs.find((input) => input.name === name);
  if (direct) return direct;
  let at: InputDef | undefined;
  let path = '';
  for (const part of name.split('.')) {
    const inner = at && branchesOf(at).find(({ key }) => key === node.inputs[path]);
    at = (at ? inner?.inputs : def.inputs)?.find((input) => input.name === part);
    path = path === '' ? part : `${path}.${part}`;
    if (!at) return undefined;
  }
  return at;
}
