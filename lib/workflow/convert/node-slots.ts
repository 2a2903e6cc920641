import type { InputDef, NodeDef } from '../catalog/node-catalog.ts';
import type { EditorNode, EditorSubgraph } from '../editor/editor-workflow.ts';
import { inputsOfChoice, isWidgetInput } from './class-widgets.ts';
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
const AUTOGROW = 'COMFY_AUTOGROW_V3';

/**
 * Inputs of a node of a known class: those of the class in the editor's order, sockets before widgets, linked as the file
 * says by name; then those that only the file has. One that stands for a widget the node no longer has is left out.
 */
export function slotsOfClass(node: EditorNode, def: NodeDef, widgets: readonly Widget[]): Slot[] {
  const saved = new Map(node.inputs.map((input) => [input.name, input]));
  const chosen = widgets.flatMap(({ input, value }) => (input ? inputsOfChoice(input, value) : []));
  const inputs = [...def.inputs.filter(({ type }) => type !== AUTOGROW), ...chosen];
  const isWidget = (input: InputDef) => isWidgetInput(input, node);
  const ordered = [...inputs.filter((input) => !isWidget(input)), ...inputs.filter(isWidget)];
  const own = ordered.map((input): Slot => {
    const slot = { name: input.name, type: slotType(input), link: saved.get(input.name)?.link ?? null };
    return isWidget(input) ? { ...slot, widget: input.name } : slot;
  });
  const known = new Set(own.map(({ name }) => name));
  const names = new Set(widgets.map(({ name }) => name));
  const dynamic = inputs.filter(({ type }) => type === 'COMFY_DYNAMICCOMBO_V3').map(({ name }) => `${name}.`);
  const others = slotsOfFile(node).filter(
    ({ name, widget }) =>
      !known.has(name) &&
      (widget === undefined || names.has(widget)) &&
      // What belongs to another choice than the one that is made now.
      !dynamic.some((prefix) => name.startsWith(prefix)),
  );
  return [...own, ...others];
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
