/** Items that the server draws: they stay together, so that the browser does not make them anew. */
export const FIRST_ITEMS = 96;
/** Lines that are drawn, or passed over, as one. */
const LINES = 4;

/** Items in blocks of whole lines of so many columns each; the first block has what the server drew, and fills its last line. */
export function blocksOf<T>(items: readonly T[], columns: number): T[][] {
  const first = Math.ceil(FIRST_ITEMS / columns) * columns;
  const blocks = [items.slice(0, first)];
  for (let at = first; at < items.length; at += columns * LINES) blocks.push(items.slice(at, at + columns * LINES));
  return blocks;
}
