'use client';
import dynamic from 'next/dynamic';
import type { DisplayGraph } from '../../lib/workflow/graph/display-graph.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import type { NodeMarks } from './node-marks.ts';

export interface WorkflowGraphProps {
  graph: DisplayGraph;
  /** What became of the nodes; a mark of `12:34` also counts for the node `12` that it is inside of. */
  marks?: NodeMarks;
  /** The node a person wants to see; a new object each time it is asked for. */
  shown?: { id: string };
  /** Called with the id of a node that a person picks; without it nodes cannot be picked. */
  onPick?: (id: string) => void;
  /** What it is called for people who do not see it. */
  label: string;
}

const Canvas = dynamic(() => import('./graph-canvas.tsx').then((loaded) => loaded.GraphCanvas), {
  ssr: false,
  loading: () => <Skeleton className="h-full" />,
});

/** A workflow as people know it from ComfyUI, to look at: it is moved and zoomed, never changed. */
export function WorkflowGraph(props: WorkflowGraphProps) {
  return (
    <div className="h-96 overflow-hidden rounded-md border bg-page">
      <Canvas {...props} />
    </div>
  );
}
