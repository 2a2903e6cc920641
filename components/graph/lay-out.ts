import dagre from '@dagrejs/dagre';
import type { DisplayGraph, DisplayNode } from '../../lib/workflow/graph/display-graph.ts';
import { sizeOf, type PlacedNode, type PlacedSize } from './node-box.ts';

const BETWEEN_COLUMNS_PX = 70;
const BETWEEN_NODES_PX = 30;
/** Dagre takes seconds for more, and far more overflow its stack. */
const MAX_FOR_DAGRE = 400;
/** A column of the plain layout goes on beside itself beyond this height. */
const MAX_COLUMN_PX = 4000;

type Sized = DisplayNode & PlacedSize;
type Ends = Pick<DisplayGraph['links'][number], 'from' | 'to'>;

/** Places for a graph without any: from left to right, each node to the right of what it takes; no two on each other. */
export function layOut({ nodes, links }: DisplayGraph): PlacedNode[] {
  const sized = nodes.map((node) => ({ ...node, ...sizeOf(node) }));
  const ids = new Set(nodes.map(({ id }) => id));
  const known = links.filter(({ from, to }) => from !== to && ids.has(from) && ids.has(to));
  return sized.length > MAX_FOR_DAGRE ? byColumns(sized, known) : byDagre(sized, known);
}

function byDagre(nodes: readonly Sized[], links: readonly Ends[]): PlacedNode[] {
  const plan = new dagre.graphlib.Graph();
  plan.setGraph({ rankdir: 'LR', ranksep: BETWEEN_COLUMNS_PX, nodesep: BETWEEN_NODES_PX });
  for (const { id, width, height } of nodes) plan.setNode(id, { width, height });
  for (const { from, to } of links) plan.setEdge(from, to, {});
  dagre.layout(plan);
  return nodes.map((node) => {
    const { x, y } = plan.node(node.id);
    return { ...node, x: Math.round(x - node.width / 2), y: Math.round(y - node.height / 2) };
  });
}

/** Columns by the longest way from a node without sources; quick whatever the size. */
function byColumns(nodes: readonly Sized[], links: readonly Ends[]): PlacedNode[] {
  const columnOf = columnsOf(nodes, links);
  const columns: Sized[][] = [];
  for (const node of nodes) (columns[columnOf.get(node.id) ?? 0] ??= []).push(node);
  const placed: PlacedNode[] = [];
  let x = 0;
  for (const column of columns) {
    let y = 0;
    let right = x;
    for (const node of column ?? []) {
      if (y > MAX_COLUMN_PX) [x, y] = [right + BETWEEN_NODES_PX, 0];
      placed.push({ ...node, x, y });
      y += node.height + BETWEEN_NODES_PX;
      right = Math.max(right, x + node.width);
    }
    x = right + BETWEEN_COLUMNS_PX;
  }
  return placed;
}

/** Nodes in a circle come into the column that the others on their way reach. */
function columnsOf(nodes: readonly Sized[], links: readonly Ends[]): ReadonlyMap<string, number> {
  const column = new Map(nodes.map(({ id }) => [id, 0]));
  const targets = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  const open = new Map(nodes.map(({ id }) => [id, 0]));
  for (const { from, to } of links) {
    targets.get(from)?.push(to);
    open.set(to, (open.get(to) ?? 0) + 1);
  }
  const ready = nodes.filter(({ id }) => open.get(id) === 0).map(({ id }) => id);
  for (let at = 0; at < ready.length; at += 1) {
    const id = ready[at] ?? '';
    for (const to of targets.get(id) ?? []) {
      column.set(to, Math.max(column.get(to) ?? 0, (column.get(id) ?? 0) + 1));
      const left = (open.get(to) ?? 0) - 1;
      open.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  return column;
}
