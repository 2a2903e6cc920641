import { isObject } from '../../lib/is-object.ts';
import { z } from 'zod';
import { listedChoices } from '../../lib/workflow/catalog/listed-choices.ts';
import type { MissingThing, NodeError } from '../../lib/jobs/job-error.ts';
import { isLink, type Prompt } from '../../lib/workflow/prompt.ts';
import { capital } from '../../lib/jobs/words.ts';
import { folderOf, isFileName, kindOfFile } from '../../lib/workflow/model-folders.ts';
import { redacted } from './failures/redact.ts';
import { ended, nodeLabel, short } from '../../lib/workflow/node-label.ts';

const text = z.string().nullish().catch(null);
const problemSchema = z.object({
  type: z.string().catch('unknown'),
  message: z.string().catch(''),
  details: text,
  extra_info: z
    .object({
      input_name: text,
      input_config: z.array(z.unknown()).nullish().catch(null),
      received_value: z.unknown().optional(),
      received_type: text,
    })
    .nullish()
    .catch(null),
});
type RawProblem = z.infer<typeof problemSchema>;
const refusedNodeSchema = z.object({
  class_type: text,
  errors: z.array(z.unknown()).catch([]),
  dependent_outputs: z.array(z.string()).nullish().catch(null),
});

/** One node of `node_errors`, understood. */
export interface RefusedNode {
  nodeId: string;
  error: NodeError;
  /** Output nodes that fall away with it. */
  dependentOutputs: string[];
  problems: Problem[];
}

/** One thing that ComfyUI found wrong. `missing` where it is that the pod lacks a file. */
export interface Problem {
  sentence: string;
  missing?: MissingThing;
}

const MAX_NODES = 100;
const MAX_PROBLEMS = 20;
const MAX_DETAIL = 2000;

/** Reads ComfyUI's `node_errors`; anything unreadable in it is left out. */
export function readNodeErrors(nodeErrors: unknown, prompt: Prompt): RefusedNode[] {
  if (typeof nodeErrors !== 'object' || nodeErrors === null) return [];
  return Object.entries(nodeErrors)
    .slice(0, MAX_NODES)
    .flatMap(([nodeId, value]) => {
      const node = refusedNodeSchema.safeParse(value);
      if (!node.success) return [];
      const raw = node.data.errors.slice(0, MAX_PROBLEMS).flatMap((error) => problemSchema.safeParse(error).data ?? []);
      const classType = node.data.class_type ?? undefined;
      const label = nodeLabel(nodeId, prompt, classType);
      return {
        nodeId,
        error: { ...(classType !== undefined && { classType }), errors: raw.map(wireProblem) },
        dependentOutputs: node.data.dependent_outputs ?? [],
        problems: raw.map((problem) => explain(problem, { nodeId, classType, label, prompt })),
      };
    });
}

function wireProblem(problem: RawProblem): NodeError['errors'][number] {
  const inputName = problem.extra_info?.input_name;
  return {
    type: problem.type,
    message: safe(problem.message),
    ...(problem.details && { details: safe(problem.details) }),
    ...(inputName && { inputName }),
  };
}

/** Bounded before and after: what is taken out makes a text shorter or longer. */
function safe(said: string): string {
  return redacted(said.slice(0, 2 * MAX_DETAIL)).slice(0, MAX_DETAIL);
}

/** Inputs that choose a file of the pod. */
const FILE_INPUT =
  /(^|_)(ckpt|checkpoint|unet|diffusion_model|lora|vae|clip|text_encoder|control_?net|style_model|gligen|upscale|model|embedding|hypernetwork|photomaker|image|video|audio|file)(_?name)?\d*$/i;
/** What an input holds where nothing was chosen. */
const NOTHING_CHOSEN = /^(none|null|undefined|)$/i;
const MISSING_FILE = /invalid (?:image|video|audio|latent|model|mask)? ?file:\s*(.+)$/i;

interface RefusedInput {
  nodeId: string;
  classType: string | undefined;
  label: string;
  prompt: Prompt;
}

function explain(problem: RawProblem, about: RefusedInput): Problem {
  const { nodeId, label, prompt } = about;
  const info = problem.extra_info;
  const details = short(redacted((problem.details ?? '').slice(0, 2 * MAX_DETAIL)), 300);
  const input = info?.input_name ?? 'an input';
  const received = /(^|_)(api_?key|key|token|secret|password)$/i.test(input)
    ? 'not valid'
    : valueText(info?.received_value);
  const plain = (sentence: string): Problem => ({ sentence: capital(sentence) });
  const config = info?.input_config;
  switch (problem.type) {
    case 'value_not_in_list': {
      const value = typeof info?.received_value === 'string' ? info.received_value : '';
      const allowed = choices(config);
      if (NOTHING_CHOSEN.test(value) && FILE_INPUT.test(input))
        return plain(`No file is chosen for the input ${input} of ${label}.`);
      if (isFileName(value) || FILE_INPUT.test(input)) {
        const elsewhere = sameNameElsewhere(value, config);
        const has = elsewhere ? `it has it as “${short(elsewhere, 200)}”` : allowed && `it has ${allowed}`;
        return {
          sentence: `The pod has no file ${received} for the input ${input} of ${label}; ${has || 'it has none to choose from'}.`,
          missing: missingThing(value, input, about),
        };
      }
      return plain(`The input ${input} of ${label} is ${received}, but must be one of ${allowed || 'an empty list'}.`);
    }
    case 'required_input_missing':
      return plain(`${label} lacks its required input ${input}.`);
    case 'value_bigger_than_max':
      return plain(`The input ${input} of ${label} is ${received}, above the highest allowed ${bound(config, 'max')}.`);
    case 'value_smaller_than_min':
      return plain(`The input ${input} of ${label} is ${received}, below the lowest allowed ${bound(config, 'min')}.`);
    case 'invalid_input_type':
      return plain(`The input ${input} of ${label} is ${received}, but must be of type ${typeName(config)}.`);
    case 'return_type_mismatch':
      return plain(
        `The input ${input} of ${label} takes ${typeName(config)}, but is linked to ${info?.received_type ?? 'another type'}.`,
      );
    case 'dependency_cycle':
      return plain(`${label} stands in a loop of links.`);
    case 'custom_validation_failed': {
      const file = MISSING_FILE.exec(details)?.[1];
      if (file === undefined) return plain(`${label} does not accept its input ${input}: ${ended(details)}`);
      return {
        sentence: `The pod has no file “${file}” for the input ${input} of ${label}.`,
        missing: missingThing(file, info?.input_name ?? undefined, about),
      };
    }
    case 'exception_during_inner_validation':
    case 'exception_during_validation':
    case 'bad_linked_input': {
      const link = brokenLink(nodeId, prompt);
      if (link) return plain(`The input ${link.input} of ${label} is linked to node ${link.to}, which does not exist.`);
      return /index out of range/.test(details)
        ? plain(`An input of ${label} is linked to an output that the other node does not have.`)
        : plain(`The inputs of ${label} cannot be checked: ${ended(details || problem.message)}`);
    }
    default:
      return plain(`${label}: ${ended(short(problem.message, 200) || problem.type)}${details && ` ${ended(details)}`}`);
  }
}

function missingThing(name: string, input: string | undefined, about: RefusedInput): MissingThing {
  const folder = folderOf(about.classType, input);
  return {
    kind: kindOfFile(name, folder),
    name: name.slice(0, 500),
    nodeId: about.nodeId.slice(0, 200),
    ...(about.classType !== undefined && { classType: about.classType.slice(0, 200) }),
    ...(input !== undefined && { input: input.slice(0, 200) }),
    ...(folder !== undefined && { folder }),
  };
}

function brokenLink(nodeId: string, prompt: Prompt): { input: string; to: string } | undefined {
  if (!Object.hasOwn(prompt, nodeId)) return undefined;
  for (const [input, value] of Object.entries(prompt[nodeId]?.inputs ?? {}))
    if (isLink(value) && !Object.hasOwn(prompt, value[0])) return { input, to: short(value[0], 50) };
  return undefined;
}

function valueText(value: unknown): string {
  if (value === undefined) return 'not valid';
  return typeof value === 'string' ? `“${short(value, 200)}”` : short(JSON.stringify(value) ?? 'not valid', 100);
}

/** A choice of the same name in another folder. */
function sameNameElsewhere(name: string, config: readonly unknown[] | null | undefined): string | undefined {
  const own = (path: string) => path.split(/[\\/]/).at(-1);
  return listedChoices(config)?.find(
    (choice): choice is string => typeof choice === 'string' && own(choice) === own(name),
  );
}

function choices(config: readonly unknown[] | null | undefined): string {
  const list = listedChoices(config) ?? [];
  const shown = list.slice(0, 5).map((choice) => valueText(choice));
  return list.length > 5 ? `${shown.join(', ')} and ${list.length - 5} more` : shown.join(', ');
}

function bound(config: readonly unknown[] | null | undefined, side: 'min' | 'max'): string {
  const options = config?.[1];
  return valueText(isObject(options) ? options[side] : undefined).replace('not valid', 'value');
}

function typeName(config: readonly unknown[] | null | undefined): string {
  return typeof config?.[0] === 'string' ? short(config[0], 100) : 'another kind';
}
