import { z } from 'zod';
import { readEditorWorkflow, type EditorNode } from '../editor/editor-workflow.ts';
import { isObject } from '../../is-object.ts';

/** From an output of one node of a group to an input of another, both by their place in the list of nodes. */
export interface GroupLink {
  from: number;
  fromSlot: number;
  to: number;
  toSlot: number;
  type: string;
}

/** What a file says of one kind of group node. */
export interface GroupDefinition {
  name: string;
  /** Their ids are their places. */
  nodes: EditorNode[];
  links: GroupLink[];
  /** Types of links that begin outside, by the place of the node at their end. */
  outer: ReadonlyMap<number, string>;
  /** Types of outputs that are linked from outside, by `node/slot`. */
  external: ReadonlyMap<string, string>;
  /** What a person chose in the editor's dialog, by the place of the node. */
  config: Readonly<Record<string, GroupNodeConfig>>;
}

const PREFIX = /^workflow[>/]/;

const placeSchema = z.union([z.number(), z.string().max(20).regex(/^\d+$/).transform(Number)]);
const typeSchema = z.union([z.string(), z.array(z.unknown()).transform(() => 'COMBO')]).catch('*');
const linkSchema = z
  .tuple([placeSchema.nullable(), placeSchema, placeSchema, placeSchema], z.unknown())
  .transform(([from, fromSlot, to, toSlot, , type]) => ({
    ...{ from, fromSlot, to, toSlot },
    type: typeSchema.parse(type),
  }))
  .nullable()
  .catch(null);
const externalSchema = z.tuple([placeSchema, placeSchema], z.unknown()).nullable().catch(null);
const choiceSchema = z
  .object({ visible: z.boolean().optional().catch(undefined), name: z.string().nullish().catch(null) })
  .catch({});
const choicesSchema = z.record(z.string(), choiceSchema).optional().catch(undefined);
const nodeConfigSchema = z.object({ input: choicesSchema, output: choicesSchema }).catch({});
type GroupNodeConfig = z.infer<typeof nodeConfigSchema>;

/** Most links inside of one kind of group node. */
const MAX_LINKS = 200_000;

const definitionSchema = z.object({
  nodes: z.array(z.unknown()),
  links: z.array(linkSchema).max(MAX_LINKS).nullish(),
  external: z.array(externalSchema).catch([]),
  config: z.record(z.string(), nodeConfigSchema).catch({}),
});

/** The name of a kind of group node, by a node's type: `workflow>Name`, before frontend 1.2.63 `workflow/Name`. */
export function groupNameOf(type: string): string | undefined {
  return PREFIX.test(type) ? type.replace(PREFIX, '') : undefined;
}

/** What `extra.groupNodes` says of a kind of group node; undefined where it says nothing that can be read. */
export function readGroupDefinition(
  extra: Readonly<Record<string, unknown>>,
  name: string,
): GroupDefinition | undefined {
  const all = extra['groupNodes'];
  const { data } = definitionSchema.safeParse(isObject(all) && Object.hasOwn(all, name) ? all[name] : undefined);
  if (!data) return undefined;
  const numbered = data.nodes.map((node, at) => (isObject(node) ? { ...node, id: at } : node));
  const read = readEditorWorkflow({ nodes: numbered });
  if (!read.ok) return undefined;
  const { nodes } = read.workflow;
  const links = (data.links ?? []).filter((link) => link !== null);
  const isPlace = (place: number) => Number.isInteger(place) && place >= 0 && place < nodes.length;
  const isSlot = (slot: number) => Number.isInteger(slot) && slot >= 0;
  return {
    name,
    nodes,
    links: links.filter(
      (link): link is GroupLink =>
        link.from !== null && isPlace(link.from) && isPlace(link.to) && isSlot(link.fromSlot) && isSlot(link.toSlot),
    ),
    outer: new Map(links.filter(({ from }) => from === null).map(({ to, type }) => [to, type])),
    external: new Map(
      data.external.flatMap((one) => (one ? [[`${one[0]}/${one[1]}`, typeSchema.parse(one[2])] as const] : [])),
    ),
    config: data.config,
  };
}
