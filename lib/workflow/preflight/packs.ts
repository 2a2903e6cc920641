import type { NodeCatalog } from '../catalog/node-catalog.ts';
import type { EditorWorkflow } from '../editor/editor-workflow.ts';
import type { Prompt } from '../prompt.ts';

const MAX_NAME = 200;
/** What the editor writes for classes that come with ComfyUI. */
const CORE = 'comfy-core';
const CUSTOM_MODULE = /^custom_nodes\.(.+)$/u;

/**
 * The node pack of each class of a workflow that names one, by class type: its name in ComfyUI's registry, or the
 * repository it comes from. Classes that come with ComfyUI are left out. Source: `properties` as the editor saves them.
 */
export function packsOf(workflow: Pick<EditorWorkflow, 'nodes' | 'subgraphs'>): Map<string, string> {
  const packs = new Map<string, string>();
  for (const { nodes } of [workflow, ...workflow.subgraphs.values()])
    for (const { type, properties } of nodes) {
      const pack = [properties['cnr_id'], properties['aux_id']].find((id) => typeof id === 'string' && id !== '');
      if (typeof pack === 'string' && pack !== CORE) packs.set(type, pack.slice(0, MAX_NAME));
    }
  return packs;
}

/** The node pack of each class of a prompt, by the folder that a pod which has the class loaded it from. */
export function packsOnPods(prompt: Prompt, catalogs: Iterable<NodeCatalog>): Map<string, string> {
  const packs = new Map<string, string>();
  const classTypes = new Set(Object.values(prompt).map(({ class_type }) => class_type));
  for (const catalog of catalogs)
    for (const classType of classTypes) {
      const pack = CUSTOM_MODULE.exec(catalog.get(classType)?.pythonModule ?? '')?.[1];
      if (pack !== undefined && !packs.has(classType)) packs.set(classType, pack.slice(0, MAX_NAME));
    }
  return packs;
}
