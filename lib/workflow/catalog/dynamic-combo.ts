import { isObject } from '../../is-object.ts';
import type { InputDef } from './node-catalog.ts';

/** A combo whose choice brings further inputs, named `combo.input`. Source: `object_info` of ComfyUI 0.8.0. */
export const DYNAMIC_COMBO = 'COMFY_DYNAMICCOMBO_V3';

/** What may be chosen of a dynamic combo, `{key, inputs}` as given (`readInputs` reads the latter); none for any other input. */
export function branchesOf({ type, options }: InputDef): Record<string, unknown>[] {
  return type === DYNAMIC_COMBO && Array.isArray(options['options']) ? options['options'].filter(isObject) : [];
}
