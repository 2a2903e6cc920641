import { describe, expect, it } from 'vitest';
import { hasSeeds, withNewSeeds } from './new-seeds.ts';

const prompt = {
  '1': { class_type: 'KSampler', inputs: { seed: 1, steps: 20, model: ['4', 0] } },
  '2': { class_type: 'RandomNoise', inputs: { noise_seed: 2 } },
  '3': { class_type: 'KSampler', inputs: { seed: ['2', 0] } },
};

describe('new seeds', () => {
  it('B165 changes every seed that is a number and nothing else', () => {
    expect(withNewSeeds(prompt, () => 0.5)).toEqual({
      '1': { class_type: 'KSampler', inputs: { seed: 2 ** 47, steps: 20, model: ['4', 0] } },
      '2': { class_type: 'RandomNoise', inputs: { noise_seed: 2 ** 47 } },
      '3': { class_type: 'KSampler', inputs: { seed: ['2', 0] } },
    });
  });

  it('B165 knows whether there is a seed to change', () => {
    expect(hasSeeds(prompt)).toBe(true);
    expect(hasSeeds({ '3': prompt['3'] })).toBe(false);
  });
});
