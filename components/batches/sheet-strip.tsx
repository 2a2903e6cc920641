'use client';
import { useMemo, useRef, type ReactNode } from 'react';
import type { SheetPlace } from '../../lib/workflow/batch/sheet-of.ts';
import { useInBrowser } from '../hooks/use-in-browser.ts';
import { blocksOf, FIRST_ITEMS } from './strip-blocks.ts';
import { useLineSize } from './use-line-size.ts';

const GAP_PX = 12;

/** Results one after another. What is far from sight is not drawn: the browser passes over blocks of lines as one. */
export function SheetStrip(props: { places: readonly SheetPlace[]; cellsAt: (place: SheetPlace) => ReactNode }) {
  const { places, cellsAt } = props;
  const list = useRef<HTMLDivElement>(null);
  const isInBrowser = useInBrowser();
  const size = useLineSize(list, GAP_PX);
  const blocks = useMemo(() => {
    if (size) return blocksOf(places, size.columns);
    return [isInBrowser ? places.slice(0, FIRST_ITEMS) : places];
  }, [places, size, isInBrowser]);
  const heightPx = (count: number) => {
    const lines = size ? Math.ceil(count / size.columns) : 0;
    return lines * ((size?.heightPx ?? 0) + GAP_PX) - GAP_PX;
  };
  return (
    <div ref={list} role="list" aria-label="Results" className="grid grid-cols-1 gap-3">
      {blocks.map((block, at) => (
        <div
          key={at}
          // What has the focus is framed beyond its edge, where a block would cut it off.
          className="-m-1 flex flex-wrap gap-3 p-1 [content-visibility:auto]"
          style={size && { containIntrinsicSize: `auto ${heightPx(block.length)}px` }}
        >
          {block.map((place) => (
            <div role="listitem" key={place.jobs[0]} className="grid content-start gap-1">
              <span className="flex flex-wrap gap-1">{cellsAt(place)}</span>
              {place.label && (
                <span className="max-w-28 truncate text-xs text-muted max-sm:max-w-24" title={place.label}>
                  {place.label}
                </span>
              )}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
