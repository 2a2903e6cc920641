import type { NodeCatalog } from '../catalog/node-catalog.ts';
import type { EditorWorkflow } from '../editor/editor-workflow.ts';
import type { Converted } from './converted.ts';

/** What ComfyUI's own editor would export as API form, by the node classes of one pod. Pure; never throws. */
export function convertWorkflow(workflow: EditorWorkflow, catalog: NodeCatalog): Converted {
  const unknown = workflow.nodes
    .filter((node) => !catalog.has(node.type))
    .map((node) => ({ nodeId: node.id, classType: node.type }));
  return { prompt: {}, unknown, notes: [] };
}
