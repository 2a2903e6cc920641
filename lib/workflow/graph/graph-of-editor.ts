import { readCatalog, type NodeCatalog } from '../catalog/node-catalog.ts';
import { GraphLevels, type GraphLevel, type ReadNode } from '../convert/graph-level.ts';
import { titleOf } from '../convert/node-kind.ts';
import type { Slot } from '../convert/node-slots.ts';
import { proxiesOf } from '../convert/promoted-widgets.ts';
import type { Widget } from '../convert/widget-values.ts';
import { NODE_MODE, type EditorGroup, type EditorWorkflow } from '../editor/editor-workflow.ts';
import type { DisplayGraph, DisplayGroup, DisplayLink, DisplayNode } from './display-graph.ts';
import { fileColour } from './file-colour.ts';
import { shortValue } from './short-value.ts';

/** Most characters of a note. */
const MAX_NOTE = 5000;
/** Places beyond this, pixels, are those of a broken file. */
const MAX_PLACE = 1_000_000;
const MAX_SIZE = 20_000;

/**
 * The top level of what the editor saved, with its places, colours, groups and notes; a subgraph is one node. With the
 * node classes of a pod, slots and widgets have their names. Ids are those of the prompt that it converts to.
 */
export function graphOfEditor(workflow: EditorWorkflow, catalog: NodeCatalog = readCatalog({})): DisplayGraph {
  const levels = new GraphLevels(workflow, catalog);
  const level = levels.top();
  const linked = new Set([...level.links.values()].map((link) => outputKey(link.fromNode, link.fromSlot)));
  const shown = new Map([...level.nodes.values()].map((read) => [read.node.id, shownSlots(level, read)]));
  const nodes = [...level.nodes.values()].map((read): DisplayNode => {
    const inside = read.subgraph && levels.within(read.subgraph, 1);
    const slots = shown.get(read.node.id) ?? [];
    return {
      ...frameOf(read),
      inputs: slots.map((slot) => ({
        name: labelOf(read, slot.name),
        type: slot.type,
        linked: sourceOf(level, slot) !== undefined,
      })),
      outputs: outputsOf(read).map((output, at) => ({ ...output, linked: linked.has(outputKey(read.node.id, at)) })),
      widgets: widgetsOf(read, slots, inside),
    };
  });
  return { nodes, links: linksOf(level, shown), groups: workflow.groups.map(groupOf) };
}

function frameOf(read: ReadNode): Omit<DisplayNode, 'inputs' | 'outputs' | 'widgets'> {
  const { node, classType, kind } = read;
  const [x, y] = node.pos.map((place) => Math.max(-MAX_PLACE, Math.min(MAX_PLACE, place)));
  const [width, height] = node.size.map((size) => Math.max(1, Math.min(MAX_SIZE, size)));
  const color = fileColour(node.color);
  const background = fileColour(node.bgcolor);
  const text = kind === 'note' ? noteText(read) : undefined;
  return {
    id: node.id,
    title: titleOf(read),
    classType,
    ...{ x: x ?? 0, y: y ?? 0, width: width ?? 1, height: height ?? 1 },
    ...(color === undefined ? {} : { color }),
    ...(background === undefined ? {} : { background }),
    ...(text === undefined ? {} : { text }),
    mode: node.mode === NODE_MODE.NEVER ? 'muted' : node.mode === NODE_MODE.BYPASS ? 'bypassed' : 'normal',
    collapsed: node.collapsed,
    kind: kind === 'note' || kind === 'reroute' || kind === 'subgraph' ? kind : 'node',
  };
}

function noteText({ node }: ReadNode): string | undefined {
  const values = Object.values(node.widgets_values);
  const text = values.find((value) => typeof value === 'string');
  return text?.slice(0, MAX_NOTE);
}

/** Sockets, and of the inputs that stand for widgets those that a link has taken over. */
function shownSlots(level: GraphLevel, { slots }: ReadNode): Slot[] {
  return slots.filter((slot) => slot.widget === undefined || sourceOf(level, slot) !== undefined);
}

function outputsOf({ node, def, outputTypes, subgraph }: ReadNode): { name: string; type: string }[] {
  return outputTypes.map((type, at) => {
    const saved = node.outputs[at];
    const name = saved?.label ?? saved?.name ?? def?.outputs[at]?.name ?? subgraph?.outputs[at]?.name;
    return { name: name ?? type, type };
  });
}

function widgetsOf(read: ReadNode, slots: readonly Slot[], inside: GraphLevel | undefined): DisplayNode['widgets'] {
  if (read.kind === 'note') return [];
  const taken = new Set(slots.map(({ widget }) => widget));
  const own = read.widgets.filter(({ name, saved, sent }) => saved && sent && !taken.has(name));
  const shown = [...proxied(read, inside), ...own].map(({ name, value }) => ({
    name: labelOf(read, name),
    value: shortValue(value),
  }));
  if (shown.length > 0 || read.def || read.subgraph) return shown;
  return Object.entries(read.node.widgets_values).map(([name, value]) => ({
    name: Array.isArray(read.node.widgets_values) ? '' : name,
    value: shortValue(value),
  }));
}

/** Widgets of nodes inside that stand on the face of a subgraph's node. */
function proxied(read: ReadNode, inside: GraphLevel | undefined): Widget[] {
  if (!inside) return [];
  return proxiesOf(read.node).flatMap(
    ([nodeId, name]) => inside.nodes.get(nodeId)?.widgets.find((one) => one.name === name) ?? [],
  );
}

function labelOf({ node, subgraph }: ReadNode, name: string): string {
  const label = node.inputs.find((input) => input.name === name)?.label;
  return label ?? subgraph?.inputs.find((input) => input.name === name)?.label ?? name;
}

function linksOf(level: GraphLevel, shown: ReadonlyMap<string, readonly Slot[]>): DisplayLink[] {
  return [...shown].flatMap(([to, slots]) =>
    slots.flatMap((slot, toSlot): DisplayLink[] => {
      const source = sourceOf(level, slot);
      if (!source) return [];
      const { id, fromNode, fromSlot, type } = source;
      return [{ id: String(id), from: fromNode, fromSlot, to, toSlot, type }];
    }),
  );
}

/** The link that ends at a slot, where it begins at an output that is there. */
function sourceOf(
  { links, nodes }: GraphLevel,
  { link }: Slot,
): NonNullable<ReturnType<GraphLevel['links']['get']>> | undefined {
  const source = link === null ? undefined : links.get(link);
  const origin = source && nodes.get(source.fromNode);
  return origin && source.fromSlot < origin.outputTypes.length ? source : undefined;
}

function outputKey(nodeId: string, slot: number): string {
  return `${slot}/${nodeId}`;
}

function groupOf({ title, bounding, color: given }: EditorGroup): DisplayGroup {
  const [x, y, width, height] = bounding;
  const color = fileColour(given);
  return { title, x, y, width, height, ...(color === undefined ? {} : { color }) };
}
