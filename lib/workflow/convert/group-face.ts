import type { InputDef, NodeDef } from '../catalog/node-catalog.ts';
import type { EditorNode } from '../editor/editor-workflow.ts';
import { addedWidgets, isOfWidgetType, isWidgetType, widgetsOfInput, type WidgetDef } from './class-widgets.ts';
import type { GroupDefinition } from './group-definition.ts';
import { GroupInputNames } from './group-input-name.ts';
import { GroupLinks } from './group-links.ts';
import { primitiveClass, rerouteClass, type InnerClass } from './group-virtual-nodes.ts';

/** An input on the face of a group node, and the input of a node inside that it stands for. */
export interface FaceInput {
  /** As a class would define it, under its name on the face. */
  def: InputDef;
  /** Place of the node inside. */
  at: number;
  /** The input's name there. */
  inner: string;
  /** What `widgets_values` of the group node has places for; empty where it is a socket. */
  widgets: readonly WidgetDef[];
  /** Its place among those that are sockets inside, which alone a link from outside reaches. */
  place?: number;
  /** Whether a person hid it. */
  hidden: boolean;
}

/** An output on the face of a group node, and the node and slot inside that it stands for. */
export interface FaceOutput {
  at: number;
  slot: number;
  name: string;
  type: string;
}

/** What a group node shows to the graph around it. */
export interface GroupFace {
  /** By name, in the order in which `widgets_values` has them. */
  inputs: ReadonlyMap<string, FaceInput>;
  outputs: readonly FaceOutput[];
  /** The input that a link means, by the name it ends at, where these are not the same. */
  meant: ReadonlyMap<string, string>;
}

/**
 * Inputs and outputs of a kind of group node, named and ordered as ComfyUI's frontend 1.35.9 does as it loads a file: a
 * group node has values for them by place alone. `classes`: what each node inside is, undefined where it lives in the
 * editor alone.
 */
export function faceOf(group: GroupDefinition, classes: readonly (NodeDef | undefined)[]): GroupFace {
  const links = new GroupLinks(group.links);
  const names = new GroupInputNames();
  const inputs = new Map<string, FaceInput>();
  const outputs: FaceOutput[] = [];
  let places = 0;
  const show = (at: number, node: EditorNode, { input, widget }: InnerInput, isSocketInside: boolean) => {
    const settings = group.config[at]?.input?.[input.name];
    const hidden = settings?.visible === false;
    const name = names.take(node, input.name, settings?.name);
    const def = { ...input, name, options: withControl(input) };
    const isWidget = widget !== undefined || isWidgetType(def);
    if (hidden && !isWidget) return;
    const widgets = widget ? [{ ...widget, name }] : isWidget ? widgetsOfInput(def) : [];
    const place = isSocketInside ? { place: places } : {};
    if (isSocketInside) places += 1;
    inputs.set(name, { def, at, inner: input.name, widgets, hidden, ...place });
  };

  const inner = group.nodes.map((node, at) => ({
    at,
    node,
    def: classes[at] ?? primitiveClass(group, at, links, classes) ?? rerouteClass(group, at, links),
  }));
  let hasPlainWidgets = false;
  const converted = inner.flatMap(({ at, node, def }) => {
    if (!def) return [];
    const parts = partsOf(def, node);
    hasPlainWidgets ||= classes[at] !== undefined && parts.widgets.some(({ widget }) => !widget);
    const linked = new Set(links.to(at).map(({ toSlot }) => toSlot));
    for (const part of parts.widgets) show(at, node, part, false);
    for (const [place, part] of parts.sockets.entries()) if (!linked.has(place)) show(at, node, part, true);
    outputs.push(...outputsOf(group, at, def, links));
    const open = parts.converted.filter((_, order) => !linked.has(parts.sockets.length + order));
    return open.map((part) => ({ at, node, part }));
  });
  // Behind those of all nodes, so that the sockets around them keep their places.
  for (const { at, node, part } of converted) show(at, node, part, true);
  const isOfNewer = converted.length > 0 && !hasPlainWidgets;
  return { inputs, outputs, meant: isOfNewer ? meantInputs([...inputs.values()]) : new Map() };
}

/**
 * Frontends in which each widget is a socket as well find what a link means by counting the sockets inside, among
 * all inputs of the group node: where one before it is none inside, the link is drawn and saved at a wrong input.
 */
function meantInputs(faces: readonly FaceInput[]): ReadonlyMap<string, string> {
  const byPlace = new Map(faces.map(({ place, def }) => [place, def.name]));
  const shown = inNodeOrder(faces).map(({ def }) => def.name);
  return new Map(shown.map((name, place) => [name, byPlace.get(place) ?? name]));
}

/** Sockets come before widgets. */
export function inNodeOrder(faces: readonly FaceInput[]): FaceInput[] {
  return faces.toSorted((a, b) => Number(a.widgets.length > 0) - Number(b.widgets.length > 0));
}

interface InnerInput {
  input: InputDef;
  /** Where it is one that the editor adds to the class. */
  widget?: WidgetDef;
}

/** Inputs of a node inside: those that are widgets, sockets, and widgets that a person turned into sockets. */
function partsOf(def: InnerClass, node: EditorNode): Record<'widgets' | 'sockets' | 'converted', InnerInput[]> {
  const [widgets, sockets]: [InnerInput[], InnerInput[]] = [[], []];
  const converted = new Map<string, InnerInput>();
  const sort = (part: InnerInput) => {
    const { name } = part.input;
    if (!part.widget && !isOfWidgetType(part.input)) return sockets.push(part);
    const place = node.inputs.findIndex((one) => one.name === name && one.widget?.name === name);
    return place >= 0 ? converted.set(String(place), part) : widgets.push(part);
  };
  for (const input of def.inputs) if (input.required) sort({ input });
  for (const part of addedInputs(def)) sort(part);
  for (const input of def.inputs) if (!input.required) sort({ input });
  // The places are compared as texts: 10 comes before 4.
  const ordered = [...converted].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, part]) => part);
  return { widgets, sockets, converted: ordered };
}

/** Widgets of the editor's own in a class, which are inputs of the class to it, as buttons for uploads. */
function addedInputs({ classType, inputs }: InnerClass): InnerInput[] {
  const added = classType === undefined || OWN_BY_NODE.has(classType) ? [] : addedWidgets({ classType, inputs });
  return added.map((widget) => ({
    widget,
    input: { name: widget.name, required: true, type: '', options: {} },
  }));
}

/** Classes whose added widgets each node makes for itself. Source: ComfyUI's frontend 1.35.9. */
const OWN_BY_NODE = new Set(['CustomCombo', 'PreviewAny']);

/** A seed has its control whatever it is called on the face. */
function withControl({ name, options }: InputDef): InputDef['options'] {
  return name === 'seed' || name === 'noise_seed' ? { ...options, control_after_generate: true } : options;
}

function outputsOf(group: GroupDefinition, at: number, def: InnerClass, links: GroupLinks): FaceOutput[] {
  const linked = new Set(links.from(at).map(({ fromSlot }) => fromSlot));
  return def.outputs.flatMap(({ name, type }, slot) => {
    const settings = group.config[at]?.output?.[slot];
    const visible = settings?.visible ?? (!linked.has(slot) || group.external.has(`${at}/${slot}`));
    return visible ? [{ at, slot, type, name: settings?.name || name || type }] : [];
  });
}
