import { readCatalog, type NodeCatalog } from '../catalog/node-catalog.ts';
import { GraphLevels, type GraphLevel, type ReadNode } from '../convert/graph-level.ts';
import { groupNameOf } from '../convert/group-definition.ts';
import { hiddenInputs } from '../convert/group-subgraph.ts';
import { titleOf } from '../convert/node-kind.ts';
import type { Slot } from '../convert/node-slots.ts';
import { proxiesOf } from '../convert/promoted-widgets.ts';
import { NODE_MODE, type EditorGroup, type EditorWorkflow } from '../editor/editor-workflow.ts';
import { fieldKey } from '../form/form-field.ts';
import { fieldsOfProxy, fieldsOfSlot } from '../form/promoted-widgets.ts';
import {
  fieldOfWidget,
  type DisplayGraph,
  type DisplayGroup,
  type DisplayLink,
  type DisplayNode,
  type DisplayWidget,
} from './display-graph.ts';
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
      widgets: widgetsOf(read, slots, { workflow: levels.workflow, level, inside }),
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
    kind: kind === 'note' || kind === 'reroute' || kind === 'subgraph' ? kind : isGroup(read) ? 'subgraph' : 'node',
  };
}

/** Whether it is a group node that only the classes of a pod could open. */
function isGroup({ def, classType }: ReadNode): boolean {
  return def === undefined && groupNameOf(classType) !== undefined;
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

interface Around {
  workflow: EditorWorkflow;
  level: GraphLevel;
  /** Of a subgraph's node. */
  inside: GraphLevel | undefined;
}

function widgetsOf(read: ReadNode, slots: readonly Slot[], around: Around): DisplayNode['widgets'] {
  if (read.kind === 'note') return [];
  const taken = new Set([...slots.map(({ widget }) => widget), ...hiddenInputs(read.subgraph)]);
  const own = read.widgets
    .filter(({ name, saved, sent }) => saved && sent && !taken.has(name))
    .map(({ name, value }) => widgetOf(read, name, value, fieldBehind(read, name, around)));
  const shown = [...proxied(read, around), ...own];
  if (shown.length > 0 || read.def || read.subgraph) return shown;
  const values = read.node.widgets_values;
  const set = read.kind === 'primitive' ? fieldOfPrimitive(read, around) : undefined;
  return Object.entries(values).map(([name, value], at) =>
    widgetOf(read, Array.isArray(values) ? '' : name, value, at === 0 ? set : undefined),
  );
}

function widgetOf(read: ReadNode, name: string, value: unknown, field: string | undefined): DisplayWidget {
  const widget = { name: labelOf(read, name), value: shortValue(value) };
  const isOwn = field === undefined || field === fieldOfWidget(read.node, widget);
  return isOwn ? widget : { ...widget, field };
}

/** The prompt's input behind a widget of a node, or of a subgraph's face. */
function fieldBehind({ node, subgraph }: ReadNode, name: string, { workflow }: Around): string | undefined {
  if (!subgraph) return fieldKey(node.id, name);
  const slot = subgraph.inputs.findIndex((input) => input.name === name);
  return slot < 0 ? undefined : fieldsOfSlot(workflow, subgraph, slot, `${node.id}:`)[0];
}

/** The first of the inputs that a primitive sets: they have one value. */
function fieldOfPrimitive({ node }: ReadNode, around: Around): string | undefined {
  const link = [...around.level.links.values()].find(({ fromNode }) => fromNode === node.id);
  const target = link && around.level.nodes.get(link.toNode);
  const widget = target?.slots.find((slot) => slot.link === link?.id)?.widget;
  return target && widget !== undefined ? fieldBehind(target, widget, around) : undefined;
}

/** Widgets of nodes inside that stand on the face of a subgraph's node. */
function proxied(read: ReadNode, { workflow, inside }: Around): DisplayNode['widgets'] {
  const { node, subgraph } = read;
  if (!inside || !subgraph) return [];
  return proxiesOf(node).flatMap(([nodeId, name]) => {
    const widget = inside.nodes.get(nodeId)?.widgets.find((one) => one.name === name);
    const [field] = fieldsOfProxy(workflow, subgraph, nodeId, name, `${node.id}:`);
    return widget ? widgetOf(read, name, widget.value, field) : [];
  });
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
