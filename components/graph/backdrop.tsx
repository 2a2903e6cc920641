'use client';
import { ViewportPortal } from '@xyflow/react';
import { memo } from 'react';
import { useDetail, type Detail } from './detail.ts';
import { groupColours } from './file-colours.ts';
import { typeColour } from './link-colours.ts';
import type { PlacedGraph, PlacedLink } from './place-graph.ts';

/** Thicker where it is seen from afar, or it would be lost. */
const LINK_PX: Record<Detail, number> = { all: 2.5, titles: 4, none: 9 };

/** Groups, and all links of a type as one path: moving the picture costs the same for ten links and a thousand. */
export const Backdrop = memo(function Backdrop({ groups, links }: Pick<PlacedGraph, 'groups' | 'links'>) {
  const detail = useDetail();
  return (
    <ViewportPortal>
      {groups.map((group, at) => (
        <div
          key={at}
          style={{
            ...groupColours(group.color),
            transform: `translate(${group.x}px, ${group.y}px)`,
            width: group.width,
            height: group.height,
          }}
          className="absolute top-0 left-0 -z-20 rounded-lg border-2 px-3 py-1 font-semibold text-ink/80"
        >
          {detail !== 'none' && <p className="truncate text-[24px] leading-8">{group.title}</p>}
        </div>
      ))}
      <svg width={1} height={1} className="absolute top-0 left-0 -z-10 overflow-visible">
        {[...byType(links)].map(([type, path]) => (
          <path
            key={type}
            d={path}
            style={{ stroke: typeColour(type), strokeWidth: LINK_PX[detail] }}
            className="fill-none"
          />
        ))}
      </svg>
    </ViewportPortal>
  );
});

function byType(links: readonly PlacedLink[]): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const { type, path } of links) paths.set(type, (paths.get(type) ?? '') + path);
  return paths;
}
