import { NODE_MODE, SUBGRAPH_INPUT_ID } from '../editor/editor-workflow.ts';
import type { PromptLink } from '../prompt.ts';
import type { FlatNode } from './flat-graph.ts';
import { isGroupSubgraph } from './group-subgraph.ts';
import { isOff } from './node-kind.ts';
import { bypassSlot } from './slot-types.ts';

/** What an input comes to: the output of a node that runs, or a value that a subgraph's own widget has. */
export type Source = { link: PromptLink } | { value: unknown };

/** By slot and type of an output. */
type Known = Map<string, Source | 'nothing' | 'on the way'>;

/** Where a walk along links stands: before an input, or behind an output. `type` is what the input at the end wants. */
interface Place {
  node: FlatNode;
  side: 'input' | 'output';
  slot: number;
  type?: string;
}

/** Steps that all walks of a conversion together may take. */
const MAX_STEPS = 2_000_000;

/** Follows links from inputs through subgraphs, reroutes and what is bypassed, as ComfyUI's frontend does. */
export class InputTracer {
  /** Whether a way went in a circle or was too long to follow. */
  gaveUp = false;
  private stepsLeft = MAX_STEPS;
  private readonly setters: ReadonlyMap<string, FlatNode>;
  /** What was found behind an output already, by slot and type: many ways end in the same. */
  private readonly known = new Map<FlatNode, Known>();
  private readonly typeNumbers = new Map<string, number>();

  constructor(nodes: readonly FlatNode[]) {
    this.setters = settersOf(nodes);
  }

  /** Undefined where nothing is linked, or nothing that gives a value. */
  trace(node: FlatNode, slot: number): Source | undefined {
    const trail: { known: Known; key: string }[] = [];
    let found: Source | undefined;
    let place: Place | undefined = { node, side: 'input', slot };
    while (place) {
      let next: Place | Source | undefined;
      if (place.side === 'input') next = beforeInput(place);
      else {
        const known = this.knownOf(place.node);
        const key = `${place.slot}/${this.typeNumber(place.type ?? '*')}`;
        const before = known.get(key);
        this.stepsLeft -= 1;
        if (before === 'on the way' || this.stepsLeft < 0) this.gaveUp = true;
        else if (before === undefined) {
          known.set(key, 'on the way');
          trail.push({ known, key });
          next = this.behindOutput(place);
        } else if (before !== 'nothing') next = before;
      }
      if (next && !('side' in next)) found = next;
      place = next && 'side' in next ? next : undefined;
    }
    for (const { known, key } of trail) known.set(key, found ?? 'nothing');
    return found;
  }

  private knownOf(node: FlatNode): Known {
    const known = this.known.get(node) ?? new Map();
    this.known.set(node, known);
    return known;
  }

  /** Names of types may be long; a number stands for each. */
  private typeNumber(type: string): number {
    const number = this.typeNumbers.get(type) ?? this.typeNumbers.size;
    this.typeNumbers.set(type, number);
    return number;
  }

  private behindOutput({ node, slot, type = '*' }: Place): Place | Source | undefined {
    const { read } = node;
    if (read.node.mode === NODE_MODE.BYPASS) {
      const through = bypassSlot(read, slot, type);
      return through === undefined ? undefined : { node, side: 'input', slot: through };
    }
    switch (read.kind) {
      case 'subgraph':
        return outOfSubgraph(node, slot, type);
      case 'reroute':
        return { node, side: 'input', slot, type };
      case 'setter':
        return { node, side: 'input', slot: 0, type };
      case 'getter': {
        const setter = linkNames(node).map((name) => this.setters.get(name))[0];
        return setter && { node: setter, side: 'input', slot: 0, type };
      }
      case 'primitive':
      case 'note':
        return undefined;
      case 'node':
        return { link: [node.id, slot] };
    }
  }
}

function beforeInput({ node, slot, type }: Place): Place | Source | undefined {
  const input = node.read.slots[slot];
  const link = input && input.link !== null ? node.instance.level.links.get(input.link) : undefined;
  if (!link) return undefined;
  if (link.fromNode === SUBGRAPH_INPUT_ID) return outsideOf(node, link.fromSlot);
  const origin = node.instance.nodes.get(link.fromNode);
  return origin && { node: origin, side: 'output', slot: link.fromSlot, type: type ?? input?.type ?? '*' };
}

/** What stands before the input of the node whose inside this node lies in. */
function outsideOf(node: FlatNode, slot: number): Place | Source | undefined {
  const { owner } = node.instance;
  const outer = owner?.read.slots[slot];
  if (!owner || !outer) return undefined;
  if (outer.link !== null) return { node: owner, side: 'input', slot };
  // The value of a group node is put into the widget inside, which has a way of its own with it.
  if (isGroupNode(owner)) return undefined;
  const widget = owner.read.widgets.find(({ name }) => name === outer.widget);
  return widget && { value: widget.value };
}

function outOfSubgraph(node: FlatNode, slot: number, type: string): Place | undefined {
  const link = node.inside?.level.outputs.get(slot);
  if (!link) return undefined;
  // A subgraph may hand an input on as it came.
  if (link.fromNode === SUBGRAPH_INPUT_ID) return { node, side: 'input', slot: link.fromSlot, type };
  const origin = node.inside?.nodes.get(link.fromNode);
  if (!origin || isLostToOutside(node, origin)) return undefined;
  return { node: origin, side: 'output', slot: link.fromSlot, type };
}

/** What is bypassed in a group node hands nothing on to nodes around it. Sources: ComfyUI's frontend 1.15.13 and 1.35.9. */
function isLostToOutside(node: FlatNode, origin: FlatNode): boolean {
  let last: FlatNode | undefined = origin;
  const seen = new Set<FlatNode>();
  while (last?.read.kind === 'reroute' && !isOff(last.read.node.mode) && !seen.has(last)) {
    seen.add(last);
    const link: number | null = last.read.slots[0]?.link ?? null;
    const from: string | undefined = link === null ? undefined : last.instance.level.links.get(link)?.fromNode;
    last = from === undefined ? undefined : last.instance.nodes.get(from);
  }
  return isGroupNode(node) && last !== undefined && isOff(last.read.node.mode);
}

function isGroupNode({ read: { subgraph } }: FlatNode): boolean {
  return subgraph !== undefined && isGroupSubgraph(subgraph);
}

/** Nodes that give a link a name, by that name, within one graph. Source: the pack KJNodes. */
function settersOf(nodes: readonly FlatNode[]): ReadonlyMap<string, FlatNode> {
  const setters = nodes.filter(({ read }) => read.kind === 'setter');
  return new Map(setters.flatMap((node) => linkNames(node).map((name) => [name, node] as const)).toReversed());
}

function linkNames({ read, instance }: FlatNode): string[] {
  const values = read.node.widgets_values;
  const name: unknown = Array.isArray(values) ? values[0] : undefined;
  return typeof name === 'string' ? [`${instance.owner?.id ?? ''}/${name}`] : [];
}
