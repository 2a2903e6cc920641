'use client';
import { useLayoutEffect, useState, type RefObject } from 'react';

/** How the items of a wrapped list come to lie. */
export interface LineSize {
  /** Items of a line. */
  columns: number;
  /** Height of a line, in pixels, without the gap below it. */
  heightPx: number;
}

/** Measures a list of items of one size by its first item, again whenever its width changes; undefined on the server. */
export function useLineSize(list: RefObject<HTMLElement | null>, gapPx: number): LineSize | undefined {
  const [size, setSize] = useState<LineSize>();
  useLayoutEffect(() => {
    const held = list.current;
    if (!held) return;
    const measure = () => {
      const item = held.querySelector('[role="listitem"]')?.getBoundingClientRect();
      if (!item || item.width === 0) return;
      const columns = Math.max(1, Math.floor((held.clientWidth + gapPx) / (item.width + gapPx)));
      const heightPx = Math.round(item.height);
      setSize((now) => (now?.columns === columns && now.heightPx === heightPx ? now : { columns, heightPx }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(held);
    return () => observer.disconnect();
  }, [list, gapPx]);
  return size;
}
