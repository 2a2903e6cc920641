'use client';
import type { WorkflowGraphProps } from './workflow-graph.tsx';

export function GraphCanvas({ graph, label }: WorkflowGraphProps) {
  return (
    <div role="group" aria-label={label}>
      {graph.nodes.length} nodes
    </div>
  );
}
