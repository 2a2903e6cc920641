import type { Prompt } from '../prompt.ts';
import type { BatchMember } from './batch-plan.ts';

/** The prompt of one job of a batch. What it does not change is shared with the prompt given; that one stays as it is. */
export function memberPrompt(prompt: Prompt, { values }: Pick<BatchMember, 'values'>): Prompt {
  const changed: Prompt = { ...prompt };
  for (const { nodeId, input, value } of values) {
    const node = Object.hasOwn(changed, nodeId) ? changed[nodeId] : undefined;
    if (node) changed[nodeId] = { ...node, inputs: { ...node.inputs, [input]: value } };
  }
  return changed;
}
