import { describe, expect, it } from 'vitest';
import type { FieldControl, FormField } from '../../lib/workflow/form/form-field.ts';
import { NO_BATCH, planOf, seedModeOf, type BatchWish } from './batch-wish.ts';

const prompt = {
  '1': { class_type: 'KSampler', inputs: { seed: 1, steps: 20, sampler_name: 'euler', scale: 2 } },
};
const field = (input: string, control: FieldControl, role: FormField['role'] = 'other'): FormField => ({
  key: `1/${input}`,
  nodeId: '1',
  classType: 'KSampler',
  input,
  label: input,
  nodeLabel: 'KSampler',
  role,
  shown: true,
  control,
  value: prompt['1'].inputs[input as 'seed'],
});
const fields = [
  field('seed', { kind: 'number', integer: true, min: 0 }, 'seed'),
  field('steps', { kind: 'number', integer: true, min: 1, max: 100 }),
  field('sampler_name', { kind: 'choice', choices: ['euler', 'dpm'] }),
  field('scale', { kind: 'choice', choices: ['2', '4'] }),
];
const plan = (wish: Partial<BatchWish>) =>
  planOf({ ...NO_BATCH, ...wish }, fields, prompt, ({ label }) => `The ${label}`);
const sweep = (key: string, text: string, id = 1) => ({ id, key: `1/${key}`, text });

describe('jobs that a person asks for', () => {
  it('B427 are one with the seed it has, or several with a new seed each, unless seeds are chosen', () => {
    expect(plan({})).toMatchObject({ jobs: 1, plan: { seeds: 'fixed', seedFields: [{ nodeId: '1', input: 'seed' }] } });
    expect(plan({ runs: 3 })).toMatchObject({ jobs: 3, plan: { count: 3, seeds: 'random' } });
    expect(seedModeOf({ ...NO_BATCH, runs: 3, seeds: 'increment' })).toBe('increment');
  });

  it('B427 are as many as the swept values make, in every combination or side by side', () => {
    const sweeps = [sweep('steps', '10..30 step 10'), sweep('sampler_name', 'euler, dpm', 2)];
    expect(plan({ sweeps })).toMatchObject({
      jobs: 6,
      plan: {
        axes: [
          { nodeId: '1', input: 'steps', label: 'The steps', values: [10, 20, 30] },
          { input: 'sampler_name', values: ['euler', 'dpm'] },
        ],
      },
    });
    expect(plan({ sweeps, mode: 'zip' }).fault).toContain('The steps');
    expect(plan({ sweeps: [sweep('scale', '2, 4')] }).plan.axes[0]?.values).toEqual([2, 4]);
  });

  it('B427 say what is wrong with a value before they are sent', () => {
    const fault = (key: string, text: string) => plan({ sweeps: [sweep(key, text)] }).faults.get(1);
    expect(fault('steps', '')).toContain('at least one');
    expect(fault('steps', '50..150 step 50')).toBe('150 is out of the range of steps, 1 to 100.');
    expect(fault('sampler_name', 'euler, nobody')).toBe('“nobody” is none of the choices of sampler_name.');
    expect(fault('steps', '1, 2')).toBeUndefined();
    expect(plan({ runs: 600, sweeps: [sweep('steps', '1, 2')] }).fault).toContain('1,200 jobs');
  });
});
