import {
  SUBGRAPH_INPUT_ID,
  SUBGRAPH_OUTPUT_ID,
  type EditorLink,
  type EditorNode,
  type EditorSubgraph,
} from '../editor/editor-workflow.ts';
import type { NodeDef } from '../catalog/node-catalog.ts';
import type { GroupDefinition, GroupLink } from './group-definition.ts';
import { inNodeOrder, type FaceInput, type GroupFace } from './group-face.ts';
import { GroupLinks } from './group-links.ts';
import { PRIMITIVE_VALUE } from './group-virtual-nodes.ts';

/** A kind of group node, as the subgraph that does the same. */
export interface GroupSubgraph extends EditorSubgraph {
  groupNode: {
    /** Names of inputs that a person hid. */
    hidden: ReadonlySet<string>;
  };
}

/** Whether a subgraph was a group node in the file. */
export function isGroupSubgraph(subgraph: EditorSubgraph): subgraph is GroupSubgraph {
  return 'groupNode' in subgraph;
}

/** What a person hid of a group node; nothing of any other subgraph. */
export function hiddenInputs(subgraph: EditorSubgraph | undefined): ReadonlySet<string> {
  return subgraph && isGroupSubgraph(subgraph) ? subgraph.groupNode.hidden : NONE;
}
const NONE: ReadonlySet<string> = new Set();

/** `nodes`: those of the group, which may stand for groups themselves. Sockets come before widgets, as on the node. */
export function subgraphOf(
  id: string,
  group: GroupDefinition,
  nodes: readonly EditorNode[],
  classes: readonly (NodeDef | undefined)[],
  face: GroupFace,
): GroupSubgraph {
  const inner = new InnerNodes(nodes, classes);
  const inputs = inNodeOrder([...face.inputs.values()]);
  const primitives = new Set(inputs.filter(isPrimitiveValue(nodes)).map(({ at }) => at));
  const links = new GroupLinks(group.links);
  for (const link of group.links) {
    if (primitives.has(link.from)) continue;
    inner.link({ fromNode: String(link.from), fromSlot: link.fromSlot, type: link.type }, link.to, inner.nameAt(link));
  }
  for (const [slot, input] of inputs.entries()) {
    const source = { fromNode: SUBGRAPH_INPUT_ID, fromSlot: slot, type: input.def.type };
    // The value of a PrimitiveNode goes straight to what the node is linked to.
    if (!primitives.has(input.at)) inner.link(source, input.at, inner.realName(input), isWidget(input));
    else for (const link of links.from(input.at)) inner.link(source, link.to, inner.nameAt(link));
  }
  for (const [slot, { at, slot: fromSlot, type }] of face.outputs.entries())
    inner.out({ fromNode: String(at), fromSlot, type }, slot);
  return {
    id,
    name: group.name,
    nodes: inner.nodes,
    links: inner.links,
    groups: [],
    inputs: inputs.map(({ def }) => ({ name: def.name, type: def.type, label: null })),
    outputs: face.outputs.map(({ name, type }) => ({ name, type, label: null })),
    groupNode: { hidden: new Set(inputs.filter(({ hidden }) => hidden).map(({ def }) => def.name)) },
  };
}

const isWidget = ({ widgets }: FaceInput) => widgets.length > 0;

function isPrimitiveValue(nodes: readonly EditorNode[]) {
  return (input: FaceInput) => nodes[input.at]?.type === 'PrimitiveNode' && input.inner === PRIMITIVE_VALUE;
}

type Source = Pick<EditorLink, 'fromNode' | 'fromSlot' | 'type'>;

/** Nodes of a group while links are laid between them. Inputs are found by name: places change with a class. */
class InnerNodes {
  readonly nodes: EditorNode[];
  readonly links: EditorLink[] = [];

  constructor(
    given: readonly EditorNode[],
    private readonly classes: readonly (NodeDef | undefined)[],
  ) {
    this.nodes = given.map((node) => ({ ...node, inputs: node.inputs.map((input) => ({ ...input, link: null })) }));
  }

  link(source: Source, to: number, name: string | undefined, isOfWidget = false): void {
    const node = this.nodes[to];
    if (!node || name === undefined) return;
    let slot = node.inputs.findIndex((input) => input.name === name);
    if (slot < 0) {
      slot = node.inputs.length;
      const more = { label: null, localized_name: null, shape: null, widget: isOfWidget ? { name } : null };
      node.inputs.push({ name, type: source.type, link: null, ...more });
    }
    const input = node.inputs[slot];
    // A link inside has the word, as on the group's face.
    if (!input || input.link !== null) return;
    input.link = this.add(source, node.id, slot);
  }

  out(source: Source, slot: number): void {
    this.add(source, SUBGRAPH_OUTPUT_ID, slot);
  }

  /** The name of the input that a link ends at: as the file has it, else by its place among the sockets of the class. */
  nameAt({ to, toSlot }: GroupLink): string | undefined {
    const node = this.nodes[to];
    return node?.inputs[toSlot]?.name ?? (node?.type === 'Reroute' ? '' : this.classes[to]?.inputs[toSlot]?.name);
  }

  /** An input of a Reroute is named by its type on a face alone. */
  realName({ at, inner }: FaceInput): string {
    const node = this.nodes[at];
    return node?.type === 'Reroute' ? (node.inputs[0]?.name ?? '') : inner;
  }

  private add(source: Source, toNode: string, toSlot: number): number {
    const id = this.links.length + 1;
    this.links.push({ id, ...source, toNode, toSlot });
    return id;
  }
}
