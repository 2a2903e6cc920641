import { fieldKey } from '../form/form-field.ts';

/** A node as the graph view draws it. Places and sizes are the editor's pixels. */
export interface DisplayNode {
  /** The id its prompt node has (`12`, `12:34`); notes and reroutes, which no prompt has, keep the editor's. */
  id: string;
  title: string;
  classType: string;
  /** Absent where the workflow says nothing of places: the view lays it out. */
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  /** CSS colours as the file has them, `#rrggbb` or `#rgb` only. */
  color?: string;
  background?: string;
  mode: 'normal' | 'muted' | 'bypassed';
  collapsed: boolean;
  kind: 'node' | 'note' | 'reroute' | 'subgraph';
  /** The text of a note. */
  text?: string;
  inputs: { name: string; type: string; linked: boolean }[];
  outputs: { name: string; type: string; linked: boolean }[];
  /** Widgets in order, with their values as short text. */
  widgets: DisplayWidget[];
}
export interface DisplayWidget {
  name: string;
  value: string;
  /** The prompt's input that it shows, by `FormField.key`, where that is not the node's own of this name. */
  field?: string;
}
export interface DisplayLink {
  id: string;
  from: string;
  fromSlot: number;
  to: string;
  toSlot: number;
  type: string;
}
export interface DisplayGroup {
  title: string;
  x: number;
  y: number;
  width: number;
  height: number;
  color?: string;
}
/** A workflow as people know it from ComfyUI: the top level, a subgraph being one node. */
export interface DisplayGraph {
  nodes: DisplayNode[];
  links: DisplayLink[];
  groups: DisplayGroup[];
}

/** The prompt's input that a widget shows, by `FormField.key`. */
export function fieldOfWidget({ id }: Pick<DisplayNode, 'id'>, { name, field }: DisplayWidget): string {
  return field ?? fieldKey(id, name);
}
