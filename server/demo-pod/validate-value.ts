import { pythonFloat, pythonInt } from '../../lib/workflow/preflight/python-numbers.ts';
import type { PodPrompt } from './pod-types.ts';
import { PythonError, pythonTypeName } from './python-error.ts';
import { pythonRepr, pythonStr } from './python-json.ts';
import type { PromptError, ValidationContext } from './validate-prompt.ts';

/** An input's type and options, the latter even where there are none. */
export const inputConfig = (config: readonly unknown[]): unknown[] => [config[0], config[1] ?? {}];

/** Checks one plain value and turns it into its input's type in place, as ComfyUI does. */
export function checkValue(
  node: PodPrompt[string],
  name: string,
  config: unknown[],
  context: ValidationContext,
): PromptError[] {
  const [type, options] = config as [unknown, Record<string, unknown>?];
  const received = unwrapped(node.inputs[name]);
  node.inputs[name] = received;
  const shown = inputConfig(config);
  const info = { input_name: name, input_config: shown, received_value: received };
  if (node.class_type === 'LoadImage' && name === 'image') {
    if (typeof received !== 'string') {
      const text = `'${pythonTypeName(received)}' object has no attribute 'endswith'`;
      throw new PythonError('AttributeError', text, 'if name.endswith("[output]"):');
    }
    if (context.hasInputFile(received)) return [];
    const details = `image - Invalid image file: ${received}`;
    const message = 'Custom validation failed for node';
    return [{ type: 'custom_validation_failed', message, details, extra_info: { input_name: name } }];
  }
  if (Array.isArray(type)) {
    if (type.includes(received)) return [];
    const long = type.length > 20;
    const choices = long ? `(list of length ${type.length})` : pythonRepr(type);
    return [
      {
        type: 'value_not_in_list',
        message: 'Value not in list',
        details: `${name}: '${pythonStr(received)}' not in ${choices}`,
        extra_info: { ...info, input_config: long ? null : shown },
      },
    ];
  }
  if (type === 'STRING') node.inputs[name] = pythonStr(received);
  if (type === 'BOOLEAN') node.inputs[name] = Boolean(received);
  if (type !== 'INT' && type !== 'FLOAT') return [];
  const number = toNumber(received, type);
  if (typeof number === 'string')
    return [
      {
        type: 'invalid_input_type',
        message: `Failed to convert an input value to a ${type} value`,
        details: `${name}, ${pythonStr(received)}, ${number}`,
        extra_info: { ...info, exception_message: number },
      },
    ];
  node.inputs[name] = number;
  const min = options?.min;
  const max = options?.max;
  if ((typeof min === 'number' || typeof min === 'bigint') && number < min)
    return [
      {
        type: 'value_smaller_than_min',
        message: `Value ${number} smaller than min of ${min}`,
        details: name,
        extra_info: { ...info, received_value: number },
      },
    ];
  if ((typeof max === 'number' || typeof max === 'bigint') && number > max)
    return [
      {
        type: 'value_bigger_than_max',
        message: `Value ${number} bigger than max of ${max}`,
        details: name,
        extra_info: { ...info, received_value: number },
      },
    ];
  return [];
}

/** `LoadImage` looks for its file even where none is named, and stumbles over that. */
export function checkFileGiven(node: PodPrompt[string]): void {
  if (node.class_type !== 'LoadImage' || node.inputs.image !== undefined) return;
  const text = "LoadImage.VALIDATE_INPUTS() missing 1 required positional argument: 'image'";
  throw new PythonError('TypeError', text, 'result = f(**inputs)');
}

/** A list as a value is wrapped, since a bare one is a link. */
function unwrapped(value: unknown): unknown {
  return typeof value === 'object' && value !== null && '__value__' in value ? value.__value__ : value;
}

/** The number, or the text of Python's exception. */
function toNumber(value: unknown, type: 'INT' | 'FLOAT'): number | string {
  const number = type === 'INT' ? pythonInt(value) : pythonFloat(value);
  if (number !== undefined) return number;
  if (value === Infinity || value === -Infinity) return 'cannot convert float infinity to integer';
  if (typeof value === 'number') return 'cannot convert float NaN to integer';
  if (typeof value === 'string')
    return type === 'INT'
      ? `invalid literal for int() with base 10: ${pythonRepr(value)}`
      : `could not convert string to float: ${pythonRepr(value)}`;
  const name = pythonTypeName(value);
  return type === 'INT'
    ? `int() argument must be a string, a bytes-like object or a real number, not '${name}'`
    : `float() argument must be a string or a real number, not '${name}'`;
}
