import { branchesOf, DYNAMIC_COMBO } from '../catalog/dynamic-combo.ts';
import { readInputs, type InputDef } from '../catalog/node-catalog.ts';
import type { Prompt } from '../prompt.ts';
import type { FieldControl } from './form-field.ts';

const UPLOADS = [
  ['image_upload', 'image'],
  ['animated_image_upload', 'image'],
  ['video_upload', 'video'],
  ['audio_upload', 'audio'],
  ['file_upload', 'any'],
] as const;

/** How an input is edited; undefined where its value is nothing that a person can write. `def`: as the class defines it. */
export function controlOf(def: InputDef | undefined, node: Prompt[string], value: unknown): FieldControl | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  if (!def) return byValue(value);
  if (def.type === DYNAMIC_COMBO) return { kind: 'choice', choices: completeBranches(def, node) };
  if (def.choices || def.type === 'COMBO') return choiceOf(def);
  const { options } = def;
  if (def.type === 'STRING') return { kind: 'text', multiline: options['multiline'] === true };
  if (def.type === 'BOOLEAN') return { kind: 'switch' };
  if (def.type === 'INT' || def.type === 'FLOAT') return numberOf(def);
  return byValue(value);
}

function byValue(value: string | number | boolean): FieldControl {
  if (typeof value === 'boolean') return { kind: 'switch' };
  if (typeof value === 'number') return { kind: 'number', integer: Number.isInteger(value) };
  return { kind: 'text', multiline: value.includes('\n') || value.length > 60 };
}

function choiceOf(def: InputDef): FieldControl {
  const choices = (def.choices ?? []).map(String);
  const upload = UPLOADS.find(([option]) => def.options[option] === true);
  // What lies in another folder than the one that uploads go to can only be chosen.
  const folder = def.options['image_folder'] ?? 'input';
  if (upload && folder === 'input') return { kind: 'file', accepts: upload[1], choices };
  return { kind: 'choice', choices };
}

function numberOf({ type, options }: InputDef): FieldControl {
  const integer = type === 'INT';
  const bound = (name: string) => {
    const value = options[name];
    return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : undefined;
  };
  const [min, max, step] = [bound('min'), bound('max'), bound('step')];
  return {
    kind: 'number',
    integer,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(step !== undefined && step > 0 && { step }),
  };
}

/** Choices whose further inputs the node has: any other would leave it without values that it needs. */
function completeBranches(def: InputDef, node: Prompt[string]): string[] {
  const isComplete = (inputs: unknown) =>
    readInputs(inputs).every(({ name, required }) => !required || `${def.name}.${name}` in node.inputs);
  return branchesOf(def).flatMap(({ key, inputs }) => (typeof key === 'string' && isComplete(inputs) ? [key] : []));
}
