'use client';
import clsx from 'clsx';
import { useEffect, useRef } from 'react';
import type { PlacedNode, WorkflowGraph } from './graph-layout.ts';

const WIDTH = 124;
const HEIGHT = 32;
const GAP_X = 24;
const GAP_Y = 12;
const EDGE = 4;
const MAX_LETTERS = 17;

export interface GraphMarks {
  /** The node that runs, with its own progress 0–1. */
  running?: { id: string; part: number };
  failed?: readonly string[];
  /** The node a person wants to see; a new object each time it is asked for. */
  shown?: { id: string };
}

/** The workflow as people know it, from left to right; the node that runs and those that failed are marked. */
export function GraphView({ graph, marks = {} }: { graph: WorkflowGraph; marks?: GraphMarks }) {
  const places = new Map(graph.nodes.map((node) => [node.id, placeOf(node)]));
  const width = graph.columns * (WIDTH + GAP_X) - GAP_X + 2 * EDGE;
  const height = graph.rows * (HEIGHT + GAP_Y) - GAP_Y + 2 * EDGE;
  const frame = useRef<HTMLDivElement>(null);
  const { shown } = marks;
  useEffect(() => {
    if (!shown || !frame.current) return;
    frame.current.focus({ preventScroll: true });
    frame.current.querySelector('[data-shown]')?.scrollIntoView({ block: 'center', inline: 'center' });
  }, [shown]);
  return (
    <div ref={frame} tabIndex={0} role="group" aria-label="Graph" className="overflow-x-auto">
      <svg
        role="img"
        aria-label={`${graph.nodes.length} nodes: ${graph.nodes.map((node) => node.name).join(', ')}`}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        className="mx-auto block text-[11px]"
      >
        {graph.links.map(({ from, to }) => (
          <path key={`${from} ${to}`} d={curve(places.get(from), places.get(to))} className="fill-none stroke-edge" />
        ))}
        {graph.nodes.map((node) => (
          <Box key={node.id} node={node} marks={marks} />
        ))}
      </svg>
    </div>
  );
}

function Box({ node, marks }: { node: PlacedNode; marks: GraphMarks }) {
  const { x, y } = placeOf(node);
  // Nodes that a node or a subgraph made carry its id before a colon.
  const isOf = (id: string) => id.split(':', 1)[0] === node.id;
  const runs = marks.running && isOf(marks.running.id) ? marks.running : undefined;
  const failed = marks.failed?.some(isOf);
  const shown = marks.shown && isOf(marks.shown.id);
  return (
    <g transform={`translate(${x} ${y})`} {...(shown && { 'data-shown': true })}>
      <title>{`${node.name} (${node.classType}, node ${node.id})${runs ? ', running' : failed ? ', failed' : ''}`}</title>
      <rect
        width={WIDTH}
        height={HEIGHT}
        rx={6}
        strokeWidth={runs || failed ? 2 : 1}
        className={clsx(
          runs ? 'fill-accent-soft stroke-accent' : failed ? 'fill-bad-soft stroke-bad' : 'fill-raised stroke-line',
        )}
      />
      {shown && (
        <rect
          x={-3}
          y={-3}
          width={WIDTH + 6}
          height={HEIGHT + 6}
          rx={8}
          strokeWidth={2}
          className="fill-none stroke-accent"
        />
      )}
      <text x={9} y={20} className="fill-ink">
        {failed ? `✕ ${shortened(node.name, MAX_LETTERS - 2)}` : shortened(node.name, MAX_LETTERS)}
      </text>
      {runs && <rect x={1} y={HEIGHT - 4} width={(WIDTH - 2) * runs.part} height={3} className="fill-accent" />}
    </g>
  );
}

function shortened(name: string, letters: number): string {
  return name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
}

function placeOf(node: PlacedNode): { x: number; y: number } {
  return { x: EDGE + node.column * (WIDTH + GAP_X), y: EDGE + node.row * (HEIGHT + GAP_Y) };
}

type Place = { x: number; y: number } | undefined;
function curve(from: Place, to: Place): string {
  if (!from || !to) return '';
  const [x1, y1, x2, y2] = [from.x + WIDTH, from.y + HEIGHT / 2, to.x, to.y + HEIGHT / 2];
  const bend = Math.max(GAP_X / 2, Math.abs(x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
