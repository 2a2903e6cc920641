import type { DisplayGraph, DisplayGroup } from '../../lib/workflow/graph/display-graph.ts';
import { layOut } from './lay-out.ts';
import { typeOf } from './link-colours.ts';
import { boxInFile, slotPlace, type PlacedNode } from './node-box.ts';

export interface PlacedLink {
  id: string;
  type: string;
  /** An SVG path. */
  path: string;
}
/** A workflow with a place for everything, ready to be drawn. */
export interface PlacedGraph {
  nodes: PlacedNode[];
  links: PlacedLink[];
  groups: DisplayGroup[];
}

/** Places as the file has them; where it lacks that of any node, all are laid out. */
export function placeGraph(graph: DisplayGraph): PlacedGraph {
  const isPlaced = graph.nodes.every(({ x, y }) => x !== undefined && y !== undefined);
  const nodes = isPlaced ? graph.nodes.map(boxInFile) : layOut(graph);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const links = graph.links.flatMap(({ id, type, from, fromSlot, to, toSlot }) => {
    const [source, target] = [byId.get(from), byId.get(to)];
    if (!source || !target) return [];
    const known = typeOf(type, target.inputs[toSlot]?.name);
    return [
      { id, type: known, path: curve(slotPlace(source, 'output', fromSlot), slotPlace(target, 'input', toSlot)) },
    ];
  });
  return { nodes, links, groups: isPlaced ? graph.groups : [] };
}

interface Point {
  x: number;
  y: number;
}
/** The editor's spline: it leaves and arrives level, bent by a quarter of the way. */
function curve(from: Point, to: Point): string {
  const bend = Math.round(Math.hypot(to.x - from.x, to.y - from.y) / 4);
  return `M${from.x} ${from.y}C${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`;
}
