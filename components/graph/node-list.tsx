import { memo } from 'react';
import type { DisplayGraph, DisplayNode } from '../../lib/workflow/graph/display-graph.ts';
import type { NodeMarks, NodeState } from './node-marks.ts';
import { STATE_FACES } from './state-faces.ts';

interface NodeListProps {
  graph: DisplayGraph;
  /** By the ids of the graph's nodes. */
  marks: NodeMarks;
}

/** The graph in words, for those who do not see it. A bar that moves on changes nothing here. */
export const NodeList = memo(function NodeList({ graph, marks }: NodeListProps) {
  return (
    <ul aria-label="Nodes" className="sr-only">
      {graph.nodes.map((node) => (
        <li key={node.id}>{inWords(node, marks.get(node.id)?.state)}</li>
      ))}
    </ul>
  );
}, saySame);

function saySame(before: NodeListProps, after: NodeListProps): boolean {
  return (
    before.graph === after.graph &&
    after.graph.nodes.every(({ id }) => before.marks.get(id)?.state === after.marks.get(id)?.state)
  );
}

function inWords({ id, kind, title, classType, mode, text }: DisplayNode, state: NodeState | undefined): string {
  const name = kind === 'note' ? `${title}: ${text ?? ''}` : `${title} (${classType}, node ${id})`;
  return [name, ...(mode === 'normal' ? [] : [mode]), ...(state ? [STATE_FACES[state].word] : [])].join(', ');
}
