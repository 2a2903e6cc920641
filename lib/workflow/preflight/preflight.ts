import type { NodeCatalog } from '../catalog/node-catalog.ts';
import { nodeLabel, short } from '../node-label.ts';
import type { Prompt } from '../prompt.ts';
import { judgeNode, sourcesOf } from './judge-node.ts';
import type { Preflight, WorkflowProblem } from './problem.ts';
import { walkBack } from './walk.ts';

/** More are counted and not kept. */
const MAX_PROBLEMS = 200;

export interface PreflightOptions {
  /** The node pack of a class, where the workflow's own metadata says it; see `packsOf`. */
  packs?: ReadonlyMap<string, string>;
  /** Names of files that Podium puts on the pod itself: never missing. */
  uploads?: ReadonlySet<string>;
}

/**
 * Whether a pod with these node classes would run the prompt, judged as ComfyUI's `validate_prompt` does: from the nodes
 * that save something back along their links, so that what nothing depends on is not looked at; a class that is missing
 * anywhere refuses the whole. What only the class itself can judge counts as right. Never throws; takes steps in
 * proportion to the nodes and links.
 */
export function preflight(prompt: Prompt, catalog: NodeCatalog, options: PreflightOptions = {}): Preflight {
  const ids = Object.keys(prompt);
  const classOf = (id: string) => prompt[id]?.class_type ?? '';
  const missing = ids.filter((id) => !catalog.has(classOf(id)));
  // A class that the pod has and describes in no way we read may save something.
  const outputs = ids.filter((id) => catalog.has(classOf(id)) && (catalog.get(classOf(id))?.outputNode ?? true));
  const problems = missing.slice(0, MAX_PROBLEMS).map((id) => missingClass(id, prompt, options.packs));
  if (outputs.length === 0 && missing.length === 0) problems.push(NO_OUTPUTS);

  const circumstances = { prompt, catalog, uploads: options.uploads ?? new Set<string>() };
  const { sound, inCycles } = walkBack([...outputs, ...missing], (id) => {
    const def = catalog.get(classOf(id));
    if (!def) return { sound: catalog.has(classOf(id)), sources: sourcesOf(id, prompt) };
    const judged = judgeNode(id, def, circumstances);
    problems.push(...judged.problems.slice(0, MAX_PROBLEMS - problems.length));
    return { sound: judged.problems.length === 0, sources: judged.sources };
  });
  const looped = ids.filter((id) => inCycles.has(id)).slice(0, MAX_PROBLEMS - problems.length);
  problems.push(...looped.map((id) => inCycle(id, prompt)));

  const good = outputs.filter((id) => sound.get(id) === true).length;
  const runs = missing.length === 0 && outputs.length > 0 && good === outputs.length;
  return { runs, problems, partly: missing.length === 0 && good > 0 && !runs };
}

const NO_OUTPUTS: WorkflowProblem = {
  code: 'prompt_no_outputs',
  message: 'The workflow has no node that saves or shows anything; add one, such as Save Image.',
};

function missingClass(nodeId: string, prompt: Prompt, packs: PreflightOptions['packs']): WorkflowProblem {
  const classType = prompt[nodeId]?.class_type ?? '';
  const pack = packs?.get(classType)?.slice(0, 200);
  const title = prompt[nodeId]?._meta?.title ?? '';
  const of = title === '' || title === classType ? `(node ${short(nodeId, 50)})` : `of ${nodeLabel(nodeId, prompt)}`;
  const remedy = pack === undefined ? 'install the node pack that it comes from' : `install the node pack “${pack}”`;
  return {
    code: 'missing_node_type',
    message: `This pod does not have the node class “${short(classType, 100)}” ${of}; ${remedy}.`,
    nodeId,
    classType: classType.slice(0, 200),
    ...(pack !== undefined && { pack }),
    missing: {
      kind: 'node_type',
      name: classType.slice(0, 500),
      nodeId: nodeId.slice(0, 200),
      classType: classType.slice(0, 200),
      folder: 'custom_nodes',
    },
  };
}

function inCycle(nodeId: string, prompt: Prompt): WorkflowProblem {
  const classType = prompt[nodeId]?.class_type ?? '';
  const label = nodeLabel(nodeId, prompt, classType);
  const message = `${label} depends on itself through its links; take one of the links of that loop away.`;
  return { code: 'dependency_cycle', message: message.replace(/^node/u, 'Node'), nodeId, classType };
}
