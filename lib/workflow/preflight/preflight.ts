import type { NodeCatalog } from '../catalog/node-catalog.ts';
import type { Prompt } from '../prompt.ts';
import type { Preflight } from './problem.ts';

export interface PreflightOptions {
  /** The node pack of a class, where the workflow's own metadata says it; see `packsOf`. */
  packs?: ReadonlyMap<string, string>;
  /** Names of files that Podium puts on the pod itself: never missing. */
  uploads?: ReadonlySet<string>;
}

/** Whether a pod with these node classes would run the prompt, judged as ComfyUI's own validation does. Never throws. */
export function preflight(prompt: Prompt, catalog: NodeCatalog, options: PreflightOptions = {}): Preflight {
  const problems = Object.entries(prompt)
    .filter(([, node]) => !catalog.has(node.class_type))
    .slice(0, 200)
    .map(([nodeId, { class_type }]) => ({
      code: 'missing_node_type' as const,
      message: `This pod does not have the node “${class_type}”; install its node pack on the pod.`,
      nodeId,
      classType: class_type,
      ...(options.packs?.has(class_type) ? { pack: options.packs.get(class_type) } : {}),
    }));
  return { runs: problems.length === 0, problems, partly: false };
}
