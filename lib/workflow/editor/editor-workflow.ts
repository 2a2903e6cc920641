import { z } from 'zod';

/** Most nodes of one file, all subgraphs counted once. */
export const MAX_EDITOR_NODES = 50_000;
/** Most links of one graph. */
const MAX_LINKS = 200_000;
/** Node ids that stand for a subgraph's own inputs and outputs in its links. Source: files saved by ComfyUI. */
export const SUBGRAPH_INPUT_ID = '-10';
export const SUBGRAPH_OUTPUT_ID = '-20';

/** `mode` of a node as the editor saves it; any other number counts as `ALWAYS`. */
export const NODE_MODE = { ALWAYS: 0, NEVER: 2, BYPASS: 4 } as const;

const idSchema = z.union([z.number(), z.string().max(200)]).transform(String);
const slotSchema = z.coerce.number().int().nonnegative();
const pairSchema = z.union([
  z.tuple([z.number(), z.number()], z.number()).transform(([x, y]): [number, number] => [x, y]),
  z.record(z.string(), z.number()).transform((pair): [number, number] => [pair['0'] ?? 0, pair['1'] ?? 0]),
]);
const typeSchema = z.union([z.string(), z.number(), z.array(z.unknown())]).transform((type) => {
  if (Array.isArray(type)) return 'COMBO';
  return type === 0 || type === '' ? '*' : String(type);
});

const linkArraySchema = z
  .tuple([z.number(), idSchema, slotSchema, idSchema, slotSchema], z.unknown())
  .transform(([id, fromNode, fromSlot, toNode, toSlot, type]) => ({
    id,
    fromNode,
    fromSlot,
    toNode,
    toSlot,
    type: typeSchema.catch('*').parse(type ?? '*'),
  }));
const linkObjectSchema = z
  .object({
    id: z.number(),
    origin_id: idSchema,
    origin_slot: slotSchema,
    target_id: idSchema,
    target_slot: slotSchema,
    type: typeSchema.catch('*'),
  })
  .transform((link) => ({
    id: link.id,
    fromNode: link.origin_id,
    fromSlot: link.origin_slot,
    toNode: link.target_id,
    toSlot: link.target_slot,
    type: link.type,
  }));
/** From an output slot of one node to an input slot of another. */
export type EditorLink = z.infer<typeof linkObjectSchema>;

const inputSchema = z.object({
  name: z.string().catch(''),
  type: typeSchema.catch('*'),
  link: z.number().nullish().catch(null),
  label: z.string().nullish().catch(null),
  localized_name: z.string().nullish().catch(null),
  shape: z.number().nullish().catch(null),
  /** Present where the input stands for a widget. */
  widget: z.object({ name: z.string() }).nullish().catch(null),
});
const outputSchema = z.object({
  name: z.string().catch(''),
  type: typeSchema.catch('*'),
  links: z.array(z.number()).nullish().catch(null),
  label: z.string().nullish().catch(null),
});

const nodeSchema = z
  .object({
    id: idSchema,
    type: z.string().max(500),
    title: z.string().max(2000).nullish().catch(null),
    pos: pairSchema.catch([0, 0]),
    size: pairSchema.catch([210, 80]),
    mode: z.number().catch(NODE_MODE.ALWAYS),
    flags: z.object({ collapsed: z.boolean().optional() }).nullish().catch(null),
    color: z.string().max(100).nullish().catch(null),
    bgcolor: z.string().max(100).nullish().catch(null),
    inputs: z.array(inputSchema).max(5000).nullish().catch(null),
    outputs: z.array(outputSchema).max(5000).nullish().catch(null),
    widgets_values: z
      .union([z.array(z.unknown()), z.record(z.string(), z.unknown())])
      .nullish()
      .catch(null),
    properties: z.record(z.string(), z.unknown()).nullish().catch(null),
  })
  .transform((node) => ({
    ...node,
    inputs: node.inputs ?? [],
    outputs: node.outputs ?? [],
    widgets_values: node.widgets_values ?? [],
    properties: node.properties ?? {},
    collapsed: node.flags?.collapsed ?? false,
  }));
/** A node as the editor saves it, defaults filled in; ids are strings. */
export type EditorNode = z.infer<typeof nodeSchema>;

const groupSchema = z.object({
  title: z.string().catch(''),
  /** x, y, width, height. */
  bounding: z.tuple([z.number(), z.number(), z.number(), z.number()]).catch([0, 0, 0, 0]),
  color: z.string().max(100).nullish().catch(null),
});
export type EditorGroup = z.infer<typeof groupSchema>;

const graphParts = {
  nodes: z.array(nodeSchema).max(MAX_EDITOR_NODES),
  /** Half a link, as files that were edited by hand have them, is left out. */
  links: z
    .array(z.union([linkArraySchema, linkObjectSchema]).nullable().catch(null))
    .max(MAX_LINKS)
    .nullish()
    .transform((links) => (links ?? []).filter((link) => link !== null)),
  groups: z
    .array(groupSchema)
    .nullish()
    .catch(null)
    .transform((groups) => groups ?? []),
};
const endSchema = z.object({
  id: z.string().optional(),
  name: z.string(),
  type: typeSchema.catch('*'),
  label: z.string().nullish().catch(null),
});
const subgraphSchema = z.object({
  id: z.string().max(200),
  name: z.string().catch('Subgraph'),
  ...graphParts,
  inputs: z
    .array(endSchema)
    .nullish()
    .transform((inputs) => inputs ?? []),
  outputs: z
    .array(endSchema)
    .nullish()
    .transform((outputs) => outputs ?? []),
});
/** What a node whose `type` is this `id` stands for. `inputs` and `outputs` are its slots, in order. */
export type EditorSubgraph = z.infer<typeof subgraphSchema>;

const workflowSchema = z.object({
  version: z.number().catch(0.4),
  ...graphParts,
  definitions: z
    .object({ subgraphs: z.array(subgraphSchema).nullish().catch(null) })
    .nullish()
    .catch(null),
  extra: z.record(z.string(), z.unknown()).nullish().catch(null),
});

/** Nodes, links and groups of one level: the whole file, or the inside of a subgraph. */
export interface EditorGraph {
  nodes: EditorNode[];
  links: EditorLink[];
  groups: EditorGroup[];
}
/** A workflow as ComfyUI's editor saves it, formats 0.4 and 1.0 alike. */
export interface EditorWorkflow extends EditorGraph {
  version: number;
  subgraphs: ReadonlyMap<string, EditorSubgraph>;
  extra: Record<string, unknown>;
  /** As it was given: what a pod puts into the files it saves. */
  raw: unknown;
}

export type ReadEditorWorkflow = { ok: true; workflow: EditorWorkflow } | { ok: false; message: string };

/** Whether a JSON value looks like what the editor saves, well-formed or not. */
export function looksLikeEditorWorkflow(value: unknown): value is { nodes: unknown[] } {
  return typeof value === 'object' && value !== null && 'nodes' in value && Array.isArray(value.nodes);
}

/** Reads what the editor saved; the message names the first thing that is wrong. Never throws. */
export function readEditorWorkflow(value: unknown): ReadEditorWorkflow {
  const parsed = workflowSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? '';
    return { ok: false, message: `The workflow’s “${where}” cannot be read: ${issue?.message ?? 'it is malformed'}.` };
  }
  const { definitions, extra, ...graph } = parsed.data;
  const subgraphs = new Map((definitions?.subgraphs ?? []).map((one) => [one.id, one]));
  const count = [graph, ...subgraphs.values()].reduce((sum, { nodes }) => sum + nodes.length, 0);
  if (count > MAX_EDITOR_NODES)
    return { ok: false, message: `The workflow has ${count} nodes; at most ${MAX_EDITOR_NODES} are read.` };
  return { ok: true, workflow: { ...graph, subgraphs, extra: extra ?? {}, raw: value } };
}
