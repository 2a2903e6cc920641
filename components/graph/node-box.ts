import type { DisplayNode } from '../../lib/workflow/graph/display-graph.ts';

/** A node with its whole box: x and y are those of its title's corner. Pixels of the editor. */
export interface PlacedNode extends DisplayNode {
  x: number;
  y: number;
  width: number;
  height: number;
}
export type PlacedSize = Pick<PlacedNode, 'width' | 'height'>;

/** Measures of ComfyUI's own canvas. Source: LiteGraph's constants of the same meaning. */
export const TITLE_PX = 30;
export const SLOT_PX = 20;
export const WIDGET_PX = 24;
const SLOTS_FROM_TOP_PX = 4;
const BOTTOM_PX = 8;
const COLLAPSED_LETTER_PX = 7;
const LAID_OUT_WIDTH_PX = 240;
/** A value with more letters is given several rows. */
const LONG_VALUE = 30;
const LONG_VALUE_ROWS = 3;
/** Sizes beyond these are mistakes of a file. */
const MIN_PX = 20;
const MAX_PX = 20_000;

/** Whether a widget's value is a text that goes over several rows. */
export function isLongValue(value: string): boolean {
  return value.length > LONG_VALUE;
}

/** Reroutes have no title in the editor. */
export function titlePx({ kind }: Pick<DisplayNode, 'kind'>): number {
  return kind === 'reroute' ? 0 : TITLE_PX;
}

/** The box of a node where the file has its place and size; the editor counts both without the title. */
export function boxInFile(node: DisplayNode): PlacedNode {
  const title = titlePx(node);
  const body = { width: within(node.width ?? 0), height: within(node.height ?? 0) };
  const size = node.collapsed ? collapsedSize(node) : { width: body.width, height: body.height + title };
  return { ...node, ...size, x: node.x ?? 0, y: (node.y ?? 0) - title };
}

/** The size a node needs to show all it has, for one that is laid out here. */
export function sizeOf(node: DisplayNode): PlacedSize {
  if (node.collapsed) return collapsedSize(node);
  const slots = Math.max(node.inputs.length, node.outputs.length);
  const rows = node.widgets.reduce((sum, { value }) => sum + (isLongValue(value) ? LONG_VALUE_ROWS : 1), 0);
  const body = SLOTS_FROM_TOP_PX + slots * SLOT_PX + rows * WIDGET_PX + BOTTOM_PX;
  return { width: LAID_OUT_WIDTH_PX, height: titlePx(node) + body };
}

/** Where a link meets a node, from the corner of its box. */
export function slotPlace(node: PlacedNode, side: 'input' | 'output', slot: number): { x: number; y: number } {
  const x = side === 'input' ? node.x : node.x + node.width;
  if (node.collapsed || node.kind === 'reroute') return { x, y: node.y + node.height / 2 };
  const wished = TITLE_PX + SLOTS_FROM_TOP_PX + (slot + 0.5) * SLOT_PX;
  return { x, y: node.y + Math.min(wished, Math.max(TITLE_PX / 2, node.height - BOTTOM_PX)) };
}

function collapsedSize({ title }: DisplayNode): PlacedSize {
  return { width: Math.min(Math.max(80, title.length * COLLAPSED_LETTER_PX + 48), 400), height: TITLE_PX };
}

function within(px: number): number {
  return Math.min(Math.max(Math.round(px), MIN_PX), MAX_PX);
}
