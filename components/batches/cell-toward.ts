/** The cell that an arrow key leads to from the one in focus; undefined for any other key, and at the edge. */
export function cellToward(key: string, sheet: HTMLElement): HTMLElement | undefined {
  const cells = [...sheet.querySelectorAll<HTMLElement>('[data-cell]')];
  const here = cells.findIndex((cell) => cell === document.activeElement);
  const from = cells[here];
  if (!from) return undefined;
  switch (key) {
    case 'ArrowRight':
      return cells[here + 1];
    case 'ArrowLeft':
      return cells[here - 1];
    case 'Home':
      return cells[0];
    case 'End':
      return cells.at(-1);
    case 'ArrowDown':
      return inNextLine(from, cells.slice(here + 1));
    case 'ArrowUp':
      return inNextLine(from, cells.slice(0, here).toReversed());
    default:
      return undefined;
  }
}

/** Of the next line that these cells come to, the one that stands nearest to the same column. */
function inNextLine(from: HTMLElement, cells: readonly HTMLElement[]): HTMLElement | undefined {
  const { left, top } = from.getBoundingClientRect();
  let line: number | undefined;
  let best: { cell: HTMLElement; off: number } | undefined;
  for (const cell of cells) {
    const place = cell.getBoundingClientRect();
    if (Math.abs(place.top - top) < 1) continue;
    line ??= place.top;
    if (Math.abs(place.top - line) >= 1) break;
    const off = Math.abs(place.left - left);
    if (!best || off < best.off) best = { cell, off };
  }
  return best?.cell;
}
