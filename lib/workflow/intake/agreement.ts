import type { EditorGraph, EditorWorkflow } from '../editor/editor-workflow.ts';
import type { Prompt } from '../prompt.ts';
import { quotedList } from './wording.ts';

/**
 * A note where a prompt has nodes that the editor's workflow beside it does not have under the same id and class, so that
 * they were not saved together; `null` where they agree. What the editor leaves out of a prompt is no disagreement.
 */
export function disagreement(editor: EditorWorkflow, prompt: Prompt): string | null {
  const classOf = classFinder(editor);
  const foreign = Object.entries(prompt).filter(([id, node]) => classOf(id) !== node.class_type);
  if (foreign.length === 0) return null;
  const names = foreign.map(([id, node]) => `${id} ${node.class_type}`);
  const nodes = foreign.length === 1 ? 'a node' : `${foreign.length} nodes`;
  return (
    `The prompt beside the workflow has ${nodes} that the workflow does not have (${quotedList(names)}): ` +
    'they are not of the same moment. The workflow is what you see.'
  );
}

/** Finds a node's class by its id in a prompt: `12:34` is node 34 inside of the subgraph that node 12 stands for. */
function classFinder(editor: EditorWorkflow): (id: string) => string | undefined {
  const types = new Map<EditorGraph, ReadonlyMap<string, string>>();
  const typesOf = (graph: EditorGraph) => {
    const known = types.get(graph) ?? new Map(graph.nodes.map((node) => [node.id, node.type]));
    types.set(graph, known);
    return known;
  };
  return (id) => {
    let graph: EditorGraph | undefined = editor;
    let type: string | undefined;
    for (const part of id.split(':')) {
      if (graph === undefined) return undefined;
      type = typesOf(graph).get(part);
      graph = type === undefined ? undefined : editor.subgraphs.get(type);
    }
    return type;
  };
}
