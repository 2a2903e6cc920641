import type { EditorWorkflow } from '../editor/editor-workflow.ts';

/** The node pack of each class of a workflow that names one, by class type. Core nodes are left out. */
export function packsOf(workflow: EditorWorkflow): Map<string, string> {
  const packs = new Map<string, string>();
  for (const { nodes } of [workflow, ...workflow.subgraphs.values()])
    for (const { type, properties } of nodes) {
      const pack = properties['cnr_id'] ?? properties['aux_id'];
      if (typeof pack === 'string' && pack !== '' && pack !== 'comfy-core') packs.set(type, pack.slice(0, 200));
    }
  return packs;
}
