import type { Prompt } from '../../lib/workflow/prompt.ts';

const SEED_INPUTS = new Set(['seed', 'noise_seed']);
const SEED_RANGE = 2 ** 48;

/** The prompt with another seed in every node that has one as a number. `random` is in [0, 1). */
export function withNewSeeds(prompt: Prompt, random: () => number): Prompt {
  const renewed = Object.entries(prompt).map(([id, node]) => {
    const inputs = Object.entries(node.inputs).map(([name, value]) =>
      SEED_INPUTS.has(name) && typeof value === 'number' ? [name, Math.floor(random() * SEED_RANGE)] : [name, value],
    );
    return [id, { ...node, inputs: Object.fromEntries(inputs) }];
  });
  return Object.fromEntries(renewed);
}

/** Whether any node has a seed as a number: without one, several runs would be the same run. */
export function hasSeeds(prompt: Prompt): boolean {
  return Object.values(prompt).some((node) =>
    Object.entries(node.inputs).some(([name, value]) => SEED_INPUTS.has(name) && typeof value === 'number'),
  );
}
