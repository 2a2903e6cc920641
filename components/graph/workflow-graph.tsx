'use client';
import clsx from 'clsx';
import dynamic from 'next/dynamic';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { FormValues } from '../../lib/workflow/form/form-field.ts';
import type { DisplayGraph } from '../../lib/workflow/graph/display-graph.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { NodeList } from './node-list.tsx';
import { marksOfDrawn, type NodeMarks } from './node-marks.ts';

export interface WorkflowGraphProps {
  graph: DisplayGraph;
  /** What became of the nodes; a mark of `12:34` also counts for the node `12` that it is inside of. */
  marks?: NodeMarks;
  /** Values that are drawn in the place of the workflow's own, by `FormField.key`. */
  edits?: FormValues;
  /**
   * The node a person wants to see; a new object each time it is asked for. `quiet`: it is marked and comes into sight,
   * while the page stays where it is and the focus with what has it.
   */
  shown?: { id: string; quiet?: true };
  /** Called with the id of a node that a person picks; without it nodes cannot be picked. */
  onPick?: (id: string) => void;
  /** What it is called for people who do not see it. */
  label: string;
}

/** More nodes than this are no picture any more. */
const MAX_DRAWN_NODES = 3000;
const NO_MARKS: NodeMarks = new Map();

const Canvas = dynamic(() => import('./graph-canvas.tsx').then((loaded) => loaded.GraphCanvas), {
  ssr: false,
  loading: () => <Skeleton className="size-full" />,
});

/** A workflow as people know it from ComfyUI, to look at: it is moved and zoomed, never changed. */
export function WorkflowGraph(props: WorkflowGraphProps) {
  const { graph, marks = NO_MARKS, shown, label } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [isLarge, setIsLarge] = useState(false);
  const drawn = useMemo(() => marksOfDrawn(new Set(graph.nodes.map(({ id }) => id)), marks), [graph, marks]);
  useEffect(() => {
    if (!shown || shown.quiet || !frame.current) return;
    frame.current.focus({ preventScroll: true });
    frame.current.scrollIntoView({ block: 'center' });
  }, [shown]);
  const isDrawn = graph.nodes.length <= MAX_DRAWN_NODES;
  return (
    <div className="grid grid-cols-1 gap-1.5">
      <div
        ref={frame}
        role="group"
        aria-label={label}
        tabIndex={0}
        className={clsx(
          'relative overflow-hidden rounded-md border bg-page',
          isDrawn ? (isLarge ? 'h-[80dvh]' : 'h-80 sm:h-96') : 'p-3',
        )}
      >
        <NodeList graph={graph} marks={drawn} />
        {isDrawn ? (
          <Canvas {...props} marks={drawn} frame={frame} isLarge={isLarge} onLarge={setIsLarge} />
        ) : (
          <p>It has {graph.nodes.length.toLocaleString('en')} nodes, too many for a picture.</p>
        )}
      </div>
      {isDrawn && (
        <p className="text-xs text-muted">
          <span className="pointer-coarse:hidden">Drag to move, Ctrl and wheel to zoom.</span>
          <span className="hidden pointer-coarse:inline">Two fingers move and zoom it.</span>
        </p>
      )}
    </div>
  );
}
