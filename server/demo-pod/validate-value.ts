import type { PodPrompt } from './pod-types.ts';
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
  const received = node.inputs[name];
  const shown = inputConfig(config);
  const info = { input_name: name, input_config: shown, received_value: received };
  if (node.class_type === 'LoadImage' && name === 'image') {
    if (typeof received === 'string' && context.hasInputFile(received)) return [];
    const details = `image - Invalid image file: ${String(received)}`;
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

/** The number, or the text of Python's exception. */
function toNumber(value: unknown, type: 'INT' | 'FLOAT'): number | string {
  if (typeof value === 'number') return type === 'INT' ? Math.trunc(value) : value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') {
    const fits =
      type === 'INT' ? /^\s*[+-]?\d+\s*$/.test(value) : /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value);
    if (fits) return Number(value);
    return type === 'INT'
      ? `invalid literal for int() with base 10: ${pythonRepr(value)}`
      : `could not convert string to float: ${pythonRepr(value)}`;
  }
  const name = value === null ? 'NoneType' : 'dict';
  return type === 'INT'
    ? `int() argument must be a string, a bytes-like object or a real number, not '${name}'`
    : `float() argument must be a string or a real number, not '${name}'`;
}
