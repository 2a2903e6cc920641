import type { NodeCatalog } from '../catalog/node-catalog.ts';
import { isLink, nodeName, type Prompt } from '../prompt.ts';
import type { DisplayGraph } from './display-graph.ts';

/** A prompt as a graph without places; the view lays it out. */
export function graphOfPrompt(prompt: Prompt, catalog?: NodeCatalog): DisplayGraph {
  const nodes = Object.entries(prompt).map(([id, node]) => ({
    id,
    title: nodeName(prompt, id),
    classType: node.class_type,
    mode: 'normal' as const,
    collapsed: false,
    kind: 'node' as const,
    inputs: [],
    outputs: (catalog?.get(node.class_type)?.outputs ?? []).map(({ name, type }) => ({ name, type, linked: false })),
    widgets: [],
  }));
  const links = Object.entries(prompt).flatMap(([to, node]) =>
    Object.values(node.inputs).flatMap((value, toSlot) =>
      isLink(value) ? [{ id: `${to}/${toSlot}`, from: value[0], fromSlot: value[1], to, toSlot, type: '*' }] : [],
    ),
  );
  return { nodes, links, groups: [] };
}
