import type { EditorGraph, EditorWorkflow } from '../editor/editor-workflow.ts';
import type { Prompt } from '../prompt.ts';
import { quotedList } from './wording.ts';

/** Group nodes, which came before subgraphs: their type names an entry of `extra.groupNodes`. Source: files saved by ComfyUI. */
const GROUP_NODE = /^workflow[/>]/;

/**
 * A note where a prompt has nodes that the editor's workflow beside it does not have under the same id and class, so that
 * they were not saved together; `null` where they agree. What the editor leaves out of a prompt is no disagreement.
 */
export function disagreement(editor: EditorWorkflow, prompt: Prompt): string | null {
  const agrees = agreementWith(editor);
  const foreign = Object.entries(prompt).filter(([id, node]) => !agrees(id, node.class_type));
  if (foreign.length === 0) return null;
  const names = foreign.map(([id, node]) => `${id} ${node.class_type}`);
  const nodes = foreign.length === 1 ? 'a node' : `${foreign.length} nodes`;
  return (
    `The prompt beside the workflow has ${nodes} that the workflow does not have (${quotedList(names)}): ` +
    'they were not saved together. What you see is the workflow.'
  );
}

/** A node's id in a prompt says where it is: `12:34` is node 34 inside of the subgraph that node 12 stands for. */
function agreementWith(editor: EditorWorkflow): (id: string, classType: string) => boolean {
  const types = new Map<EditorGraph, ReadonlyMap<string, string>>();
  const typesOf = (graph: EditorGraph) => {
    const known = types.get(graph) ?? new Map(graph.nodes.map((node) => [node.id, node.type]));
    types.set(graph, known);
    return known;
  };
  return (id, classType) => {
    let graph: EditorGraph = editor;
    const path = id.split(':');
    for (const [depth, part] of path.entries()) {
      const type = typesOf(graph).get(part);
      if (type === undefined) return false;
      if (depth === path.length - 1) return type === classType;
      const inner = editor.subgraphs.get(type);
      if (inner === undefined) return GROUP_NODE.test(type);
      graph = inner;
    }
    return false;
  };
}
