import type { DisplayGraph } from '../../lib/workflow/graph/display-graph.ts';
import { marksOfDrawn, type NodeMarks } from './node-marks.ts';
import { STATE_FACES } from './state-faces.ts';

/** The graph in words, for those who do not see it. */
export function NodeList({ graph, marks }: { graph: DisplayGraph; marks: NodeMarks }) {
  const drawn = marksOfDrawn(new Set(graph.nodes.map(({ id }) => id)), marks);
  return (
    <ul aria-label="Nodes" className="sr-only">
      {graph.nodes.map(({ id, kind, title, classType, mode, text }) => {
        const mark = drawn.get(id);
        const words = [mode === 'normal' ? [] : [mode], mark ? [STATE_FACES[mark.state].word] : []].flat();
        return (
          <li key={id}>
            {kind === 'note' ? `${title}: ${text ?? ''}` : `${title} (${classType}, node ${id})`}
            {words.map((word) => `, ${word}`)}
          </li>
        );
      })}
    </ul>
  );
}
