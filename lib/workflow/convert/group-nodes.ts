import type { NodeCatalog, NodeDef } from '../catalog/node-catalog.ts';
import type { EditorGraph, EditorNode, EditorWorkflow } from '../editor/editor-workflow.ts';
import { groupNameOf, readGroupDefinition, type GroupDefinition } from './group-definition.ts';
import { faceOf, type GroupFace } from './group-face.ts';
import { subgraphOf, type GroupSubgraph } from './group-subgraph.ts';
import { groupValues } from './group-values.ts';
import { currentClass, isOff, kindOf } from './node-kind.ts';

/** Most group nodes within each other. */
const MAX_DEPTH = 20;
/** Most inputs on the face of one group node, and of all of a file together. */
const MAX_INPUTS = 1000;
const MAX_INPUTS_TOGETHER = 50_000;
/** Most kinds of group node of a file, and most nodes in all of them. */
const MAX_KINDS = 1000;
const MAX_NODES = 50_000;
const TOO_MANY = 'the file has too many of them';
/** Most classes or kinds that a sentence names, and most reasons that are told. */
const MAX_NAMED = 5;
const MAX_REASONS = 20;

/** A workflow whose group nodes are subgraphs, and what a person should know of those that could not be made one. */
export interface OpenedWorkflow {
  workflow: EditorWorkflow;
  notes: string[];
}

/**
 * Makes subgraphs of group nodes, which ComfyUI's editor had before it had subgraphs: their inside lies in the file's
 * `extra.groupNodes`, and only the classes of the nodes inside tell which value is whose. A kind of group node that cannot
 * be read, or has a class inside that the catalog has not, stays as it is. Never throws, changes nothing it is given.
 */
export function openGroupNodes(workflow: EditorWorkflow, catalog: NodeCatalog): OpenedWorkflow {
  const graphs = [workflow, ...workflow.subgraphs.values()];
  if (graphs.every(({ nodes }) => nodes.every(({ type }) => groupNameOf(type) === undefined)))
    return { workflow, notes: [] };
  const kinds = new GroupKinds(workflow, catalog);
  const top = kinds.open(workflow);
  const subgraphs = [...workflow.subgraphs].map(([id, graph]) => [id, { ...graph, nodes: kinds.open(graph) }] as const);
  return {
    workflow: { ...workflow, nodes: top, subgraphs: new Map([...kinds.subgraphs(), ...subgraphs]) },
    notes: kinds.notes(),
  };
}

interface Kind {
  subgraph: GroupSubgraph;
  def: NodeDef;
  face: GroupFace;
}

/** The kinds of group node of one file, each read when it is first met. */
class GroupKinds {
  private readonly known = new Map<string, Kind | { why: string }>();
  private readonly used = new Set<string>();
  private readonly crowded = new Set<string>();
  private inputsLeft = MAX_INPUTS_TOGETHER;
  private nodesLeft = MAX_NODES;

  constructor(
    private readonly workflow: EditorWorkflow,
    private readonly catalog: NodeCatalog,
  ) {}

  /** The nodes of a graph, group nodes as nodes of subgraphs. */
  open(graph: EditorGraph): EditorNode[] {
    const groups = graph.nodes.filter(({ type }) => this.nameOf(type) !== undefined);
    if (groups.length === 0) return graph.nodes;
    const primitives = new Set(graph.nodes.filter(({ type }) => type === 'PrimitiveNode').map(({ id }) => id));
    const fromPrimitives = new Set(graph.links.filter((link) => primitives.has(link.fromNode)).map(({ id }) => id));
    return graph.nodes.map((node) => this.openNode(node, 0, (link) => fromPrimitives.has(link)));
  }

  subgraphs(): [string, GroupSubgraph][] {
    return [...this.known.values()].flatMap((kind): [string, GroupSubgraph][] =>
      'why' in kind ? [] : [[kind.subgraph.id, kind.subgraph]],
    );
  }

  /** A sentence for each reason, with the kinds it is true of. */
  notes(): string[] {
    const byReason = new Map<string, string[]>();
    for (const name of this.used) {
      const kind = this.known.get(name);
      const why = kind && 'why' in kind ? kind.why : this.crowded.has(name) && TOO_MANY;
      if (!why) continue;
      const names = byReason.get(why) ?? [];
      byReason.set(why, names);
      names.push(`“${name}”`);
    }
    const told = [...byReason].slice(0, MAX_REASONS);
    const untold = byReason.size - told.length;
    return [
      ...told.map(([why, [first, ...others]]) => {
        const same = others.length > 0 ? ` The same is true of ${listed(others)}.` : '';
        return `The group node ${first} cannot be opened: ${why}.${same}`;
      }),
      ...(untold > 0 ? [`Group nodes cannot be opened for ${untold} more reasons.`] : []),
    ];
  }

  private openNode(node: EditorNode, depth: number, fromPrimitive: (link: number) => boolean): EditorNode {
    const name = this.nameOf(node.type);
    if (name === undefined) return node;
    if (!isOff(node.mode)) this.used.add(name);
    const kind = this.kindOf(name, depth);
    if ('why' in kind) return node;
    const { face, subgraph, def } = kind;
    this.inputsLeft -= face.inputs.size + 1;
    if (this.inputsLeft < 0) {
      this.crowded.add(name);
      return node;
    }
    const inputs = reachedInputs(node, face, fromPrimitive);
    return { ...node, type: subgraph.id, inputs, widgets_values: groupValues(node, def, face) };
  }

  private kindOf(name: string, depth: number): Kind | { why: string } {
    const known = this.known.get(name);
    if (known) return known;
    this.known.set(name, { why: 'it lies within itself' });
    const kind = this.read(name, depth);
    this.known.set(name, kind);
    return kind;
  }

  private read(name: string, depth: number): Kind | { why: string } {
    if (depth > MAX_DEPTH) return { why: 'too many lie within each other' };
    if (this.known.size > MAX_KINDS) return { why: TOO_MANY };
    const group = readGroupDefinition(this.workflow.extra, name);
    if (!group) return { why: 'the file does not say what is in it' };
    this.nodesLeft -= group.nodes.length;
    if (this.nodesLeft < 0) return { why: TOO_MANY };
    const classes = group.nodes.map(({ type }) => this.classOf(type, depth));
    const missing = group.nodes.filter(({ type }, at) => !classes[at] && !isOfEditor(type)).map(({ type }) => type);
    if (missing.length > 0) return { why: `it holds nodes of classes that are not known, ${listed(missing)}` };
    const face = faceOf(group, classes);
    if (face.inputs.size > MAX_INPUTS) return { why: `it has more than ${MAX_INPUTS.toLocaleString('en')} inputs` };
    const nodes = group.nodes.map((node) => this.openNode(node, depth + 1, () => false));
    const id = idOf(name);
    return { face, subgraph: subgraphOf(id, group, nodes, classes, face), def: classOfGroup(id, group, face) };
  }

  /** What a node inside is; a group within a group is as good as a class. */
  private classOf(type: string, depth: number): NodeDef | undefined {
    const name = this.nameOf(type);
    if (name === undefined) return this.catalog.get(currentClass(type));
    const kind = this.kindOf(name, depth + 1);
    return 'why' in kind ? undefined : kind.def;
  }

  /** Undefined where a node of this type is no group node of the file. */
  private nameOf(type: string): string | undefined {
    const name = groupNameOf(type);
    if (name === undefined || this.workflow.subgraphs.has(type) || this.workflow.subgraphs.has(idOf(name)))
      return undefined;
    return this.catalog.has(type) && !readGroupDefinition(this.workflow.extra, name) ? undefined : name;
  }
}

/** The type that nodes of a kind have since frontend 1.2.63. */
function idOf(name: string): string {
  return `workflow>${name}`;
}

/**
 * Inputs with the links that the editor reads: none to a value that is no socket inside, but for that of a PrimitiveNode,
 * whose value goes to the input that it is drawn to.
 */
function reachedInputs(node: EditorNode, face: GroupFace, fromPrimitive: (link: number) => boolean) {
  const inputs = node.inputs.map((input) => {
    if (typeof input.link !== 'number' || fromPrimitive(input.link)) return input;
    const name = face.meant.get(input.name) ?? input.name;
    const meant = face.inputs.get(name);
    const isReached = !meant || meant.place !== undefined || meant.widgets.length === 0;
    return isReached ? { ...input, name } : { ...input, link: null };
  });
  const linked = new Set(inputs.filter(({ link }) => typeof link === 'number').map(({ name }) => name));
  return inputs.filter(({ name, link }) => typeof link === 'number' || !linked.has(name));
}

function isOfEditor(type: string): boolean {
  return kindOf(type) !== 'node';
}

function listed(all: readonly string[]): string {
  const names = [...new Set(all)];
  const more = names.length > MAX_NAMED ? ' and more' : '';
  return `${names.slice(0, MAX_NAMED).join(', ')}${more}`;
}

/** A kind of group node as a class, which is what it is to a group around it. */
function classOfGroup(classType: string, { name: displayName }: GroupDefinition, face: GroupFace): NodeDef {
  const inputs = [...face.inputs.values()].map(({ def }) => def);
  return {
    ...{ classType, displayName, category: '', pythonModule: '', outputNode: false },
    inputs: inputs.filter(({ type }) => type !== ''),
    outputs: face.outputs.map(({ type, name }) => ({ type, name, isList: false })),
  };
}
