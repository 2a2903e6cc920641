import { z } from 'zod';
import { SUBGRAPH_INPUT_ID, type EditorNode, type EditorSubgraph } from '../editor/editor-workflow.ts';
import type { GraphLevel, ReadNode } from './graph-level.ts';
import type { Widget } from './widget-values.ts';

/** Stands in `proxyWidgets` for the subgraph's node itself. Source: ComfyUI's frontend 1.35.9. */
const OWN = '-1';
const proxiesSchema = z.array(z.tuple([z.string(), z.string()]));

/**
 * Gives the node of a subgraph the widgets that its inputs stand for: of each input the first widget inside that it is
 * linked to. Values are the file's by place, or by name; where the file lists its widgets, by the places of that list.
 */
export function promoteWidgets(read: ReadNode, subgraph: EditorSubgraph, level: GraphLevel | undefined): ReadNode {
  if (!level) return read;
  const widgets: Widget[] = [];
  const slots = read.slots.map((slot, at) => {
    const widget = level.faces.get(at);
    const name = subgraph.inputs[at]?.name;
    if (!widget || name === undefined) return slot;
    widgets.push({ ...widget, name });
    return { ...slot, widget: name };
  });
  const values = read.node.widgets_values;
  if (Array.isArray(values)) giveValues(widgets, values, proxiesOf(read.node));
  else for (const widget of widgets) if (Object.hasOwn(values, widget.name)) widget.value = values[widget.name];
  return { ...read, slots, widgets: withoutHidden(widgets, proxiesOf(read.node)) };
}

/** By a subgraph's input: the first widget that a link from it ends at, in the order of the file's links. */
export function firstWidgets({ nodes, links }: Pick<GraphLevel, 'nodes' | 'links'>): ReadonlyMap<number, Widget> {
  const found = new Map<number, Widget>();
  for (const link of links.values()) {
    if (link.fromNode !== SUBGRAPH_INPUT_ID || found.has(link.fromSlot)) continue;
    const target = nodes.get(link.toNode);
    const slot = target?.slots.find((one) => one.link === link.id);
    const widget = slot?.widget && target?.widgets.find(({ name }) => name === slot.widget);
    if (widget) found.set(link.fromSlot, widget);
  }
  return found;
}

type Proxies = readonly [string, string][];

function giveValues(widgets: readonly Widget[], values: readonly unknown[], proxies: Proxies): void {
  const saved = widgets.filter((widget) => widget.saved);
  for (const [place, widget] of saved.entries()) if (place < values.length) widget.value = values[place];
  for (const [place, [nodeId, name]] of proxies.entries()) {
    const value = values[place];
    const widget = nodeId === OWN ? widgets.find((one) => one.name === name) : undefined;
    if (widget && value !== null && value !== undefined) widget.value = value;
  }
}

/** A widget that is listed as another node's only is that one's. */
function withoutHidden(widgets: readonly Widget[], proxies: Proxies): Widget[] {
  return widgets.filter(({ name }) => {
    const listed = proxies.filter(([, one]) => one === name);
    return listed.length === 0 || listed.some(([nodeId]) => nodeId === OWN);
  });
}

/** `[nodeId, widgetName]`: what stands on the face of a subgraph's node, in order. Empty where the file lists nothing. */
export function proxiesOf({ properties }: EditorNode): Proxies {
  const given = properties['proxyWidgets'];
  if (typeof given !== 'string') return proxiesSchema.catch([]).parse(given);
  try {
    return proxiesSchema.catch([]).parse(JSON.parse(given));
  } catch {
    return [];
  }
}
