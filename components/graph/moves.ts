/** How long the graph moves to where it was sent, in ms; at once for those who wish no motion. */
export function turnMs(): number {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 200;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
/** Whether the whole of a node can be seen; `view`: how far the graph is moved, and the frame, in pixels of the page. */
export function isInView(node: Box, view: Box & { zoom: number }): boolean {
  const [left, top] = [node.x * view.zoom + view.x, node.y * view.zoom + view.y];
  const [right, bottom] = [left + node.width * view.zoom, top + node.height * view.zoom];
  return left >= 0 && top >= 0 && right <= view.width && bottom <= view.height;
}

/** Pixels of the page a key moves the graph by. */
const STEP_PX = 80;
const STEPS: Record<string, { x: number; y: number }> = {
  ArrowLeft: { x: STEP_PX, y: 0 },
  ArrowRight: { x: -STEP_PX, y: 0 },
  ArrowUp: { x: 0, y: STEP_PX },
  ArrowDown: { x: 0, y: -STEP_PX },
};

export type Move = { x: number; y: number } | 'in' | 'out' | 'fit';
/** What a key does to the graph while that has the focus. */
export function moveOf({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): Move | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  if (key === '+' || key === '=') return 'in';
  if (key === '-') return 'out';
  return key === '0' ? 'fit' : STEPS[key];
}
