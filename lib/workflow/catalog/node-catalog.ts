import { z } from 'zod';

/** One input of a node class, as `object_info` defines it. */
export interface InputDef {
  name: string;
  required: boolean;
  /** `INT`, `STRING`, `COMBO`, `MODEL`, `IMAGE,MASK`, `*`, … */
  type: string;
  /** What a COMBO may be: old style `[[…], {}]` and new style `["COMBO", {options}]` alike. */
  choices?: readonly unknown[];
  /**
   * The pod takes any value, whatever `choices` says: ComfyUI before 0.7 compares with old style lists alone.
   * Source: `validate_inputs` of ComfyUI, pull request 11345.
   */
  takesAnyChoice?: true;
  /** `default`, `min`, `max`, `step`, `multiline`, `control_after_generate`, `forceInput`, `image_upload`, … as given. */
  options: Readonly<Record<string, unknown>>;
}

/** One node class of a pod. `inputs` are in the pod's order, required before optional; hidden ones are left out. */
export interface NodeDef {
  classType: string;
  displayName: string;
  category: string;
  /** Where it comes from: `nodes`, `comfy_extras.nodes_audio`, `custom_nodes.ComfyUI-Impact-Pack`. */
  pythonModule: string;
  outputNode: boolean;
  inputs: readonly InputDef[];
  outputs: readonly { type: string; name: string; isList: boolean }[];
}

/** The node classes of one pod. */
export interface NodeCatalog {
  get(classType: string): NodeDef | undefined;
  has(classType: string): boolean;
  readonly classTypes: readonly string[];
}

const groupSchema = z.record(z.string(), z.unknown()).nullish().catch(null);
const orderSchema = z.array(z.string()).nullish().catch(null);
const classSchema = z.object({
  input: z.object({ required: groupSchema, optional: groupSchema }).nullish().catch(null),
  input_order: z.object({ required: orderSchema, optional: orderSchema }).nullish().catch(null),
  output: z.array(z.unknown()).nullish().catch(null),
  output_is_list: z.array(z.boolean()).nullish().catch(null),
  output_name: z.array(z.unknown()).nullish().catch(null),
  display_name: z.string().nullish().catch(null),
  category: z.string().nullish().catch(null),
  python_module: z.string().nullish().catch(null),
  output_node: z.boolean().nullish().catch(null),
});

/** A parsed body of `GET /object_info`. Classes are read when they are first asked for. A malformed one counts as unknown. */
export function readCatalog(objectInfo: unknown): NodeCatalog {
  const given = z.record(z.string(), z.unknown()).catch({}).parse(objectInfo);
  const rules: PodRules = { comparesNewLists: Object.values(given).some(isOfNewerPod) };
  const known = new Map<string, NodeDef | undefined>();
  return {
    classTypes: Object.keys(given),
    has: (classType) => Object.hasOwn(given, classType),
    get(classType) {
      if (!Object.hasOwn(given, classType)) return undefined;
      if (!known.has(classType)) known.set(classType, readNodeDef(classType, given[classType], rules));
      return known.get(classType);
    },
  };
}

interface PodRules {
  /** Whether the pod refuses a value that is not in a new style list. */
  comparesNewLists: boolean;
}

/** `output_matchtypes` came with the same generation of ComfyUI as the comparison of new style lists did. */
function isOfNewerPod(nodeInfo: unknown): boolean {
  return typeof nodeInfo === 'object' && nodeInfo !== null && 'output_matchtypes' in nodeInfo;
}

function readNodeDef(classType: string, value: unknown, rules: PodRules): NodeDef | undefined {
  const { data } = classSchema.safeParse(value);
  if (!data) return undefined;
  return {
    classType,
    displayName: data.display_name ?? classType,
    category: data.category ?? '',
    pythonModule: data.python_module ?? '',
    outputNode: data.output_node ?? false,
    inputs: [
      ...inputsOf(data.input?.required, data.input_order?.required, true, rules),
      ...inputsOf(data.input?.optional, data.input_order?.optional, false, rules),
    ],
    outputs: (data.output ?? []).map((type, at) => ({
      type: Array.isArray(type) ? 'COMBO' : String(type),
      name: String(data.output_name?.[at] ?? (Array.isArray(type) ? 'COMBO' : type)),
      isList: data.output_is_list?.[at] ?? false,
    })),
  };
}

function inputsOf(
  group: Record<string, unknown> | null | undefined,
  order: readonly string[] | null | undefined,
  required: boolean,
  rules: PodRules,
): InputDef[] {
  const given = group ?? {};
  // A JSON object puts names that are whole numbers first; `input_order` keeps what the class said.
  const ordered = new Set([...(order ?? []).filter((name) => Object.hasOwn(given, name)), ...Object.keys(given)]);
  return [...ordered].flatMap((name) => inputOf(name, given[name], required, rules) ?? []);
}

const optionsSchema = z.record(z.string(), z.unknown()).catch({});
function inputOf(name: string, config: unknown, required: boolean, rules: PodRules): InputDef | undefined {
  if (!Array.isArray(config)) return undefined;
  const [type, given]: unknown[] = config;
  const options = optionsSchema.parse(given);
  if (Array.isArray(type)) return { name, required, type: 'COMBO', choices: type, options };
  if (typeof type !== 'string') return undefined;
  if (type !== 'COMBO' || !Array.isArray(options['options'])) return { name, required, type, options };
  const choices: unknown[] = options['options'];
  return { name, required, type, choices, ...(rules.comparesNewLists ? {} : { takesAnyChoice: true }), options };
}

const groupsSchema = z
  .object({ required: groupSchema, optional: groupSchema })
  .catch({ required: null, optional: null });

/** `{required, optional}` as a choice of a dynamic combo or the template of an input that grows holds them. */
export function readInputs(groups: unknown): InputDef[] {
  const { required, optional } = groupsSchema.parse(groups);
  // Pods that have such inputs are newer than those that compare nothing with new style lists.
  const rules: PodRules = { comparesNewLists: true };
  return [...inputsOf(required, null, true, rules), ...inputsOf(optional, null, false, rules)];
}
