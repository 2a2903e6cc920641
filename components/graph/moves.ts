/** How long the graph moves to where it was sent, in ms; at once for those who wish no motion. */
export function turnMs(): number {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 200;
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
