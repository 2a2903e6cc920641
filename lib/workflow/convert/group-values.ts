import type { NodeDef } from '../catalog/node-catalog.ts';
import type { EditorNode } from '../editor/editor-workflow.ts';
import { addedWidgets, isOfWidgetType, type WidgetDef } from './class-widgets.ts';
import type { FaceInput, GroupFace } from './group-face.ts';
import { readWidgets } from './widget-values.ts';

type Layout = (face: FaceInput) => readonly WidgetDef[];

/** As frontends save them since a PrimitiveNode's FLOAT has a control behind it as well. Source: 1.35.9. */
const current: Layout = ({ widgets }) => widgets;
/** As earlier ones did. */
const withoutControls: Layout = ({ def, widgets }) => (def.type === 'FLOAT' ? widgets.slice(0, 1) : widgets);
/** As those did that had places for sockets which could be widgets too. Source: 1.15.13. */
const withSockets: Layout = (face) =>
  face.def.options['forceInput'] === true && isOfWidgetType(face.def) ? [NO_WIDGET] : withoutControls(face);
const NO_WIDGET: WidgetDef = { name: '', saved: true, sent: false, initial: undefined };

/**
 * Values of a group node by their names on its face. A file says nowhere which frontend gave them their places; where
 * there are just as many as a former one had places for, they are read by those.
 */
export function groupValues(node: EditorNode, def: NodeDef, face: GroupFace): Record<string, unknown> {
  const faces = inSavedOrder([...face.inputs.values()], node);
  const added = addedWidgets(def).filter(({ name }) => !face.inputs.has(name));
  const count = Array.isArray(node.widgets_values) ? node.widgets_values.length : undefined;
  const layouts = [current, withoutControls, withSockets].map((layout) => [...faces.flatMap(layout), ...added]);
  const fitting = layouts.find((widgets) => widgets.filter(({ saved }) => saved).length === count);
  const widgets = readWidgets(node, {
    ...{ def: { ...def, inputs: [] }, sockets: [], widgetInputs: [] },
    widgets: fitting ?? layouts[0] ?? [],
  });
  return Object.fromEntries(widgets.map(({ name, value }) => [name, value]));
}

/** As the node lists its widgets, if it lists them all: the frontend that saved it may have had them in another order. */
function inSavedOrder(faces: readonly FaceInput[], { inputs }: EditorNode): readonly FaceInput[] {
  const places = new Map(inputs.flatMap(({ widget }, at) => (widget ? [[widget.name, at] as const] : [])));
  const isListed = ({ widgets, def }: FaceInput) => widgets.length === 0 || places.has(def.name);
  if (!faces.every(isListed)) return faces;
  return faces.toSorted((a, b) => (places.get(a.def.name) ?? 0) - (places.get(b.def.name) ?? 0));
}
