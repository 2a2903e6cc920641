import type { InputDef, NodeDef } from '../catalog/node-catalog.ts';
import { isObject } from '../../is-object.ts';
import { isFileName, folderOf, kindOfFile } from '../model-folders.ts';
import { short } from '../node-label.ts';
import { choicesOf, differInSlashes, type Choices } from './choices.ts';
import { judgeOf } from './own-checks.ts';
import type { WorkflowProblem } from './problem.ts';
import { pythonFloat, pythonInt } from './python-numbers.ts';

/** The input that is judged, and the words for its node. */
export interface JudgedInput {
  nodeId: string;
  label: string;
  def: NodeDef;
  input: InputDef;
  uploads: ReadonlySet<string>;
}

const NOTHING_CHOSEN = /^(?:none|null|undefined|)$/iu;

/**
 * What is wrong with a plain value, as `validate_inputs` of ComfyUI finds it; undefined where nothing is. A file that the
 * list does not name is found missing also where the pod would notice only when it runs.
 */
export function judgeValue(about: JudgedInput, given: unknown): WorkflowProblem | undefined {
  const { def, input } = about;
  const value = isObject(given) && '__value__' in given ? given['__value__'] : given;
  const converted = convert(input.type, value);
  if (converted === undefined)
    return problem(about, 'invalid_input_type', value, `give a ${input.type === 'INT' ? 'whole number' : 'number'}`);
  const judge = judgeOf(def, input);
  if (judge === 'class') return undefined;
  if (judge === 'file') return judgeFile(about, value);
  return judgeRange(about, converted.value) ?? judgeChoice(about, value);
}

/** The value as the pod turns it into the input's type; undefined where it cannot. */
function convert(type: string, value: unknown): { value: unknown } | undefined {
  if (type !== 'INT' && type !== 'FLOAT') return { value };
  const number = type === 'INT' ? pythonInt(value) : pythonFloat(value);
  return number === undefined ? undefined : { value: number };
}

function judgeRange(about: JudgedInput, value: unknown): WorkflowProblem | undefined {
  const { min, max } = about.input.options;
  if (typeof min !== 'number' && typeof max !== 'number') return undefined;
  // Python cannot compare these with a number and gives up on the node.
  if (about.input.type !== 'BOOLEAN' && typeof value !== 'number' && typeof value !== 'boolean')
    return problem(about, 'invalid_input_type', value, 'give a number');
  const number = Number(value);
  if (typeof min === 'number' && number < min)
    return problem(about, 'value_smaller_than_min', value, `give at least ${min}`);
  if (typeof max === 'number' && number > max)
    return problem(about, 'value_bigger_than_max', value, `give at most ${max}`);
  return undefined;
}

function judgeChoice(about: JudgedInput, value: unknown): WorkflowProblem | undefined {
  const { input, uploads } = about;
  if (input.choices === undefined || 'remote_combo' in input.options) return undefined;
  const choices = choicesOf(input.choices);
  const several = Array.isArray(value) && input.options['multiselect'] === true;
  const values: unknown[] = several ? value : [value];
  const wrongs = values.filter((one) => !choices.has(one));
  if (wrongs.length === 0) return undefined;
  const [wrong] = wrongs;
  if (typeof wrong === 'string' && uploads.has(wrong)) return undefined;
  return isFileOf(about, choices, wrong) ? missingFile(about, choices, wrong) : notInList(about, choices, wrong);
}

/** A file that the class looks for itself: a name of a subfolder or of another folder is not judged. */
function judgeFile(about: JudgedInput, value: unknown): WorkflowProblem | undefined {
  const { input, uploads } = about;
  if (typeof value !== 'string') return problem(about, 'invalid_input_type', value, 'give the name of a file');
  if (input.choices === undefined || uploads.has(value)) return undefined;
  const choices = choicesOf(input.choices);
  const name = value.replace(/ ?\[input\]$/u, '');
  if (choices.has(value) || choices.has(name)) return undefined;
  if (/[\\/]|\[(?:output|temp)\]$/u.test(name)) return undefined;
  return isNothing(name) ? notInList(about, choices, value) : missingFile(about, choices, name);
}

function isNothing(value: string): boolean {
  return NOTHING_CHOSEN.test(value);
}

function isFileOf({ def, input }: JudgedInput, choices: Choices, value: unknown): value is string {
  if (typeof value !== 'string' || isNothing(value)) return false;
  const amongFiles = choices.areFiles(isFileName);
  if (folderOf(def.classType, input.name) === undefined) return isFileName(value) && amongFiles;
  return isFileName(value) || amongFiles;
}

function missingFile(about: JudgedInput, choices: Choices, name: string): WorkflowProblem {
  const { nodeId, label, def, input } = about;
  const folder = folderOf(def.classType, input.name);
  const kind = kindOfFile(name, folder);
  const closest = choices.closest(name);
  const shown = `“${short(name, 200)}”`;
  const have = kind === 'file' ? 'upload it' : folder === undefined ? 'copy it to the pod' : `put it into ${folder}`;
  const message =
    closest !== undefined && differInSlashes(closest, name)
      ? `This pod writes the ${kind} ${shown} with other slashes; choose “${closest}” as the input ${short(input.name, 80)} of ${label}.`
      : `This pod has no ${kind} ${shown} for the input ${short(input.name, 80)} of ${label}; ${have}${closest === undefined ? '' : `, or choose “${closest}”`}.`;
  return {
    ...problem(about, kind === 'model' ? 'missing_model' : 'missing_file', name, have),
    message,
    ...(closest !== undefined && { closest }),
    missing: {
      kind,
      name: name.slice(0, 500),
      nodeId: nodeId.slice(0, 200),
      classType: def.classType.slice(0, 200),
      input: input.name.slice(0, 200),
      ...(folder !== undefined && { folder }),
    },
  };
}

function notInList(about: JudgedInput, choices: Choices, value: unknown): WorkflowProblem | undefined {
  if (about.input.takesAnyChoice) return undefined;
  const { first, count } = choices.shown;
  const closest = typeof value === 'string' && !isNothing(value) ? choices.closest(value) : undefined;
  const rest = count - first.length;
  const offer = count === 0 ? 'this pod has none to choose from' : `choose one of ${first.join(', ')}`;
  const remedy = closest === undefined ? `${offer}${rest > 0 ? ` or ${rest} more` : ''}` : `choose “${closest}”`;
  return { ...problem(about, 'value_not_in_list', value, remedy), ...(closest !== undefined && { closest }) };
}

function problem(
  { nodeId, label, def, input }: JudgedInput,
  code: WorkflowProblem['code'],
  value: unknown,
  remedy: string,
): WorkflowProblem {
  const text = valueText(value);
  const shown = typeof value === 'string' ? `“${short(text, 100)}”` : short(text, 100);
  return {
    code,
    message: `The input ${short(input.name, 80)} of ${label} is ${shown}; ${remedy}.`,
    nodeId,
    classType: def.classType,
    input: input.name,
    value: text,
  };
}

/** Short, whatever it is: a value may be a tree of any size. */
function valueText(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isObject(value)) return 'a group of values';
  return String(value).slice(0, 200);
}
