import { IMAGE_NODES } from './image-nodes.ts';
import type { NodeDefinitions } from './node-definition.ts';
import type { PodVersion } from './pod-types.ts';
import { PROBE_NODES } from './probe-nodes.ts';
import { samplingNodes } from './sampling-nodes.ts';

/** Every class that the pod offers, by name, as the ComfyUI of that version describes it. */
export function nodeDefinitions(version: PodVersion): NodeDefinitions {
  const all = [...samplingNodes(version), ...IMAGE_NODES, ...PROBE_NODES];
  const named = all.map((definition) => [definition.name, definition] as const);
  // Without a prototype no class is called `constructor`.
  return Object.assign(Object.create(null) as NodeDefinitions, Object.fromEntries(named));
}

/** The checkpoints that a pod with these classes says it has. */
export function checkpointsOf({ CheckpointLoaderSimple: loader }: NodeDefinitions): readonly string[] {
  const [names] = loader?.input.required['ckpt_name'] ?? [];
  return Array.isArray(names) ? names : [];
}

/** From now on it says that it has these. */
export function offerCheckpoints({ CheckpointLoaderSimple: loader }: NodeDefinitions, names: readonly string[]): void {
  if (loader) loader.input.required['ckpt_name'] = [names, loader.input.required['ckpt_name']?.[1] ?? {}];
}
