import { liveInputs } from '../catalog/live-inputs.ts';
import type { NodeCatalog, NodeDef } from '../catalog/node-catalog.ts';
import { nodeLabel, short } from '../node-label.ts';
import type { Prompt } from '../prompt.ts';
import { judgeLink } from './judge-link.ts';
import { judgeValue } from './judge-value.ts';
import type { WorkflowProblem } from './problem.ts';

/** What is wrong with a node by itself, and the nodes it is linked to that are to be judged with it. */
export interface JudgedNode {
  problems: WorkflowProblem[];
  sources: string[];
}

/** What a node is judged by. */
export interface Circumstances {
  prompt: Prompt;
  catalog: NodeCatalog;
  uploads: ReadonlySet<string>;
}

/**
 * One node as `validate_inputs` of ComfyUI judges it. Inputs that the class does not know are nobody's concern; behind a
 * link of the wrong type nothing is looked at.
 */
export function judgeNode(nodeId: string, def: NodeDef, { prompt, catalog, uploads }: Circumstances): JudgedNode {
  const node = prompt[nodeId];
  const judged: JudgedNode = { problems: [], sources: [] };
  if (!node) return judged;
  const label = nodeLabel(nodeId, prompt, def.classType);
  for (const input of liveInputs(def, node.inputs)) {
    if (!Object.hasOwn(node.inputs, input.name)) {
      if (input.required) judged.problems.push(lacks(nodeId, label, def, input.name));
      continue;
    }
    const about = { nodeId, label, def, input, uploads };
    const value = node.inputs[input.name];
    if (!Array.isArray(value)) {
      const found = judgeValue(about, value);
      if (found) judged.problems.push(found);
      continue;
    }
    const link = judgeLink(about, value, prompt, catalog);
    if ('from' in link) judged.sources.push(link.from);
    else judged.problems.push(link.problem);
  }
  return judged;
}

/** Every node that this one is linked to, where its class is not known. */
export function sourcesOf(nodeId: string, prompt: Prompt): string[] {
  const ids = Object.values(prompt[nodeId]?.inputs ?? {}).map((value) => (Array.isArray(value) ? value[0] : undefined));
  return ids.filter((id): id is string => typeof id === 'string' && Object.hasOwn(prompt, id));
}

function lacks(nodeId: string, label: string, def: NodeDef, input: string): WorkflowProblem {
  const message = `The required input ${short(input, 80)} of ${label} is missing; give it a value or link it to a node.`;
  return { code: 'required_input_missing', message, nodeId, classType: def.classType, input };
}
