import { describe, expect, it } from 'vitest';
import type { Prompt } from '../workflow/prompt.ts';
import { planProgress } from './progress-plan.ts';

function node(class_type: string, inputs: Record<string, unknown>): Prompt[string] {
  return { class_type, inputs };
}

describe('what a node weighs', () => {
  it.each<[string, Prompt, number]>([
    ['its steps', { a: node('KSampler', { steps: 20 }) }, 20],
    ['ten, where it has fewer steps', { a: node('KSampler', { steps: 4 }) }, 10],
    [
      'the part of the steps it takes',
      { a: node('KSamplerAdvanced', { steps: 40, start_at_step: 10, end_at_step: 10_000 }) },
      30,
    ],
    ['ten, where it begins after its end', { a: node('KSamplerAdvanced', { steps: 40, start_at_step: 50 }) }, 10],
    [
      'the steps a link gives',
      { a: node('KSampler', { steps: ['n', 0] }), n: node('PrimitiveInt', { value: 25 }) },
      25,
    ],
    ['one, where it only computes a schedule', { a: node('BasicScheduler', { steps: 50 }) }, 1],
    [
      'the steps of its schedule',
      {
        a: node('SamplerCustomAdvanced', { sigmas: ['s', 0] }),
        s: node('SplitSigmas', { sigmas: ['b', 0] }),
        b: node('BasicScheduler', { steps: 30 }),
      },
      30,
    ],
    [
      'ten, where schedules go in a circle',
      { a: node('SamplerCustom', { sigmas: ['b', 0] }), b: node('X', { sigmas: ['a', 0] }) },
      10,
    ],
    ['one, where its steps are no number', { a: node('KSampler', { steps: 'many' }) }, 1],
    ['one, where its steps come from nowhere', { a: node('KSampler', { steps: ['gone', 0] }) }, 1],
    ['a bounded amount', { a: node('KSampler', { steps: 1e9 }) }, 10_000],
    ['one, where it has no steps', { a: node('VAEDecode', { samples: ['gone', 0] }) }, 1],
  ])('B33 %s', (_title, prompt, weight) => {
    expect(planProgress(prompt).weights.get('a')).toBe(weight);
  });
});

describe('the order', () => {
  it('B30 puts every node after all that use its result, and loses none in a loop', () => {
    const prompt: Prompt = {
      a: node('A', {}),
      b: node('B', { x: ['a', 0], y: ['a', 1] }),
      c: node('C', { x: ['a', 0], y: ['b', 0] }),
      p: node('P', { x: ['q', 0] }),
      q: node('Q', { x: ['p', 0] }),
    };
    const { order } = planProgress(prompt);
    expect([...order].sort()).toEqual(['a', 'b', 'c', 'p', 'q']);
    expect(order.indexOf('c')).toBeLessThan(order.indexOf('b'));
    expect(order.indexOf('b')).toBeLessThan(order.indexOf('a'));
  });
});
