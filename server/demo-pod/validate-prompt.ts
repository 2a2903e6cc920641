import type { NodeDefinitions } from './node-definition.ts';
import type { PodPrompt, PodVersion } from './pod-types.ts';
import { PythonError, pythonTypeName } from './python-error.ts';
import { pythonRepr } from './python-json.ts';
import { checkFileGiven, checkValue, inputConfig } from './validate-value.ts';

export interface PromptError {
  type: string;
  message: string;
  details: string;
  extra_info: Record<string, unknown>;
}
export interface NodeErrors {
  [nodeId: string]: { errors: PromptError[]; dependent_outputs: string[]; class_type: string };
}
export interface ValidationContext {
  definitions: NodeDefinitions;
  hasInputFile: (name: string) => boolean;
  version: PodVersion;
}
export type Validation =
  { ok: true; outputs: string[]; nodeErrors: NodeErrors } | { ok: false; error: PromptError; nodeErrors: NodeErrors };

class CycleError extends Error {}

const refused = (type: string, message: string, details = ''): Validation => ({
  ok: false,
  error: { type, message, details, extra_info: {} },
  nodeErrors: {},
});

/** ComfyUI's own order of checks and its texts (`execution.py`, `validate_prompt`); the bodies are those of the recordings. */
export function validatePrompt(prompt: PodPrompt, context: ValidationContext): Validation {
  const outputs: string[] = [];
  for (const [id, node] of Object.entries(prompt)) {
    if (typeof node !== 'object' || node === null) throw new TypeError('a node is not a dict');
    if (typeof node.class_type !== 'string')
      return refused(
        'invalid_prompt',
        'Cannot execute because a node is missing the class_type property.',
        `Node ID '#${id}'`,
      );
    const definition = context.definitions[node.class_type];
    if (!definition)
      return refused(
        'invalid_prompt',
        `Cannot execute because node ${node.class_type} does not exist.`,
        `Node ID '#${id}'`,
      );
    if (definition.output_node) outputs.push(id);
  }
  if (outputs.length === 0) return refused('prompt_no_outputs', 'Prompt has no outputs');

  const walk = new Walk(prompt, context);
  const nodeErrors: NodeErrors = {};
  const good: string[] = [];
  for (const output of outputs) {
    let valid = false;
    try {
      valid = walk.node(output, []);
    } catch (cause) {
      if (cause instanceof PythonError)
        walk.errors.set(output, [
          {
            type: 'exception_during_validation',
            message: 'Exception when validating node',
            details: cause.message,
            extra_info: { exception_type: cause.type, traceback: [] },
          },
        ]);
      else if (!(cause instanceof CycleError)) throw cause;
    }
    if (valid) {
      good.push(output);
      continue;
    }
    // As ComfyUI does: whatever was found bad so far, before this output or not.
    for (const [id, errors] of walk.errors) {
      if (errors.length === 0) continue;
      const entry = (nodeErrors[id] ??= { errors, dependent_outputs: [], class_type: prompt[id]?.class_type ?? '' });
      entry.dependent_outputs.push(output);
    }
  }
  if (good.length > 0) return { ok: true, outputs: good, nodeErrors };
  const own = outputs.flatMap((output) => walk.errors.get(output) ?? []);
  const details = own.map((error) => `${error.message}: ${error.details}`).join('\n');
  const failed = refused('prompt_outputs_failed_validation', 'Prompt outputs failed validation', details);
  return { ...failed, nodeErrors } as Validation;
}

/** An element of a tuple as Python finds it: counted from the end below 0, `True` for 1, and by nothing but a whole number. */
function elementOf(tuple: readonly string[], index: unknown): string {
  const line = 'received_type = r[val[1]]';
  const at = typeof index === 'boolean' ? Number(index) : index;
  if (typeof at !== 'number' || !Number.isInteger(at))
    throw new PythonError('TypeError', `tuple indices must be integers or slices, not ${pythonTypeName(at)}`, line);
  const element = tuple.at(at);
  if (element === undefined) throw new PythonError('IndexError', 'tuple index out of range', line);
  return element;
}

class Walk {
  readonly errors = new Map<string, PromptError[]>();
  private readonly done = new Map<string, boolean>();

  constructor(
    private readonly prompt: PodPrompt,
    private readonly context: ValidationContext,
  ) {}

  /** True where the node and all before it are sound. Throws what Python would for a broken link in this very node. */
  node(id: string, path: string[]): boolean {
    const known = this.done.get(id);
    if (known !== undefined) return known;
    if (path.includes(id)) throw new CycleError();
    const node = this.prompt[id];
    const definition = node && this.context.definitions[node.class_type];
    if (!node || !definition) throw new PythonError('KeyError', `'${id}'`, "o_class_type = prompt[o_id]['class_type']");
    if (node.inputs === undefined)
      throw new PythonError('KeyError', "'inputs'", "inputs = prompt[unique_id]['inputs']");
    const own: PromptError[] = [];
    let sound = true;
    const inputs = { ...definition.input.required, ...definition.input.optional };
    for (const [name, config] of Object.entries(inputs)) {
      const value = node.inputs[name];
      if (value === undefined) {
        if (name in definition.input.required)
          own.push({
            type: 'required_input_missing',
            message: 'Required input is missing',
            details: name,
            extra_info: { input_name: name },
          });
        continue;
      }
      if (Array.isArray(value)) sound = this.link(id, name, config, value, own, path) && sound;
      else own.push(...checkValue(node, name, config, this.context));
    }
    checkFileGiven(node);
    this.errors.set(id, own);
    const valid = sound && own.length === 0;
    this.done.set(id, valid);
    return valid;
  }

  private link(
    id: string,
    name: string,
    config: unknown[],
    value: unknown[],
    own: PromptError[],
    path: string[],
  ): boolean {
    const [from, slot] = value;
    if (value.length !== 2) {
      own.push({
        type: 'bad_linked_input',
        message: 'Bad linked input, must be a length-2 list of [node_id, slot_index]',
        details: name,
        extra_info: { input_name: name, input_config: inputConfig(config), received_value: value },
      });
      return false;
    }
    const source = typeof from === 'string' ? this.prompt[from] : undefined;
    if (!source) throw new PythonError('KeyError', pythonRepr(from), "o_class_type = prompt[o_id]['class_type']");
    const received = elementOf(this.context.definitions[source.class_type]?.output ?? [], slot);
    if (received !== config[0]) {
      own.push({
        type: 'return_type_mismatch',
        message: 'Return type mismatch between linked nodes',
        details: `${name}, received_type(${received}) mismatch input_type(${String(config[0])})`,
        extra_info: {
          input_name: name,
          input_config: inputConfig(config),
          received_type: received,
          linked_node: value,
        },
      });
      return false;
    }
    try {
      return this.node(String(from), [...path, id]);
    } catch (cause) {
      if (!(cause instanceof PythonError)) throw cause;
      this.errors.set(String(from), [this.innerException(cause, name, config, value)]);
      this.done.set(String(from), false);
      return false;
    }
  }

  private innerException(cause: PythonError, name: string, config: unknown[], value: unknown[]): PromptError {
    const old = this.context.version === '0.3.64';
    const at = cause.type === 'KeyError' ? 818 : 820;
    return {
      type: 'exception_during_inner_validation',
      message: 'Exception when validating inner node',
      details: cause.message,
      extra_info: {
        input_name: name,
        input_config: inputConfig(config),
        exception_message: cause.message,
        exception_type: cause.type,
        traceback: [
          `  File "/opt/ComfyUI/execution.py", line ${old ? 808 : 838}, in validate_inputs\n    r = await validate_inputs(prompt_id, prompt, o_id, validated)\n`,
          `  File "/opt/ComfyUI/execution.py", line ${old ? at - 30 : at}, in validate_inputs\n    ${cause.line}\n`,
        ],
        linked_node: value,
      },
    };
  }
}
