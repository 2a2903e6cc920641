import type { InputDef } from '../catalog/node-catalog.ts';
import type { EditorNode, EditorSubgraph } from '../editor/editor-workflow.ts';
import type { ClassShape } from './class-shape.ts';
import { inputsOfChoice, isWidgetType } from './class-widgets.ts';
import type { Widget } from './widget-values.ts';

/** An input of a node that a link may end at. */
export interface Slot {
  name: string;
  type: string;
  link: number | null;
  /** The widget it stands for. */
  widget?: string;
}

const MATCH_TYPE = 'COMFY_MATCHTYPE_V3';
const NONE: readonly InputDef[] = [];

/**
 * Inputs of a node of a known class: those of the class in the editor's order, sockets before widgets, linked as the file
 * says by name; then those that only the file has. One that stands for a widget the node no longer has is left out.
 */
export function slotsOfClass(node: EditorNode, shape: ClassShape, widgets: readonly Widget[]): Slot[] {
  const links = new Map(node.inputs.map(({ name, link }) => [name, link ?? null]));
  const chosen = widgets.flatMap(({ brings, input, value }) => (brings && input ? inputsOfChoice(input, value) : NONE));
  const slots: Slot[] = [];
  const known = new Set<string>();
  const add = (input: InputDef, isWidget: boolean) => {
    const { name } = input;
    known.add(name);
    const slot: Slot = { name, type: slotType(input), link: links.get(name) ?? null };
    if (isWidget) slot.widget = name;
    slots.push(slot);
  };
  for (const input of shape.sockets) add(input, false);
  for (const input of chosen) if (!isWidgetType(input)) add(input, false);
  for (const input of shape.widgetInputs) add(input, true);
  for (const input of chosen) if (isWidgetType(input)) add(input, true);
  if (node.inputs.every(({ name }) => known.has(name))) return slots;
  const names = new Set(widgets.map(({ name }) => name));
  // What belongs to another choice than the one that is made now.
  const dynamic = widgets.flatMap(({ brings, input }) => (brings && input ? [`${input.name}.`] : []));
  const others = slotsOfFile(node).filter(
    ({ name, widget }) =>
      !known.has(name) &&
      (widget === undefined || names.has(widget)) &&
      !dynamic.some((prefix) => name.startsWith(prefix)),
  );
  return [...slots, ...others];
}

/** Inputs as the file has them. */
export function slotsOfFile(node: EditorNode): Slot[] {
  return node.inputs.map(({ name, type, link, widget }) => ({
    name,
    type,
    link: link ?? null,
    ...(widget ? { widget: widget.name } : {}),
  }));
}

/** Inputs of a node that stands for a subgraph: one for each of the subgraph's, linked as the file says by name. */
export function slotsOfSubgraph(node: EditorNode, subgraph: EditorSubgraph): Slot[] {
  const saved = new Map(node.inputs.map((input) => [input.name, input]));
  return subgraph.inputs.map(({ name, type }) => ({ name, type, link: saved.get(name)?.link ?? null }));
}

function slotType({ type, options }: InputDef): string {
  if (type !== MATCH_TYPE) return type;
  const template = options['template'];
  const allowed = typeof template === 'object' && template !== null && 'allowed_types' in template;
  return allowed && typeof template.allowed_types === 'string' ? template.allowed_types : '*';
}
