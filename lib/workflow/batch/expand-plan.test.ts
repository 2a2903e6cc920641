import { describe, expect, it } from 'vitest';
import { batchPlanSchema, type BatchPlan } from './batch-plan.ts';
import { expandPlan, planProblem, planSize } from './expand-plan.ts';
import { memberPrompt } from './member-prompt.ts';

const PROMPT = {
  '3': { class_type: 'KSampler', inputs: { seed: 7, cfg: 8, sampler_name: 'euler', model: ['4', 0] } },
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'a.safetensors' } },
};
const cfg = { nodeId: '3', input: 'cfg', label: 'CFG', values: [5, 6, 7] };
const sampler = { nodeId: '3', input: 'sampler_name', label: 'Sampler', values: ['euler', 'ddim'] };
const seed = { nodeId: '3', input: 'seed' };
const plan = (given: Partial<BatchPlan>): BatchPlan => batchPlanSchema.parse({ seeds: 'fixed', ...given });
const never = (): number => {
  throw new Error('nothing is random here');
};
const expand = (given: Partial<BatchPlan>, random = never) => expandPlan(plan(given), PROMPT, random);

describe('a plan', () => {
  it('B405 takes every combination, the last axis changing fastest, runs of one together', () => {
    const members = expand({ axes: [cfg, sampler], count: 2 });
    expect(members).toHaveLength(12);
    expect(planSize(plan({ axes: [cfg, sampler], count: 2 }))).toBe(12);
    expect(members.map(({ at, run }) => [...at, run].join(''))).toEqual([
      '000',
      '001',
      '010',
      '011',
      '100',
      '101',
      '110',
      '111',
      '200',
      '201',
      '210',
      '211',
    ]);
    expect(members[7]).toEqual({
      index: 7,
      at: [1, 1],
      run: 1,
      values: [
        { nodeId: '3', input: 'cfg', value: 6 },
        { nodeId: '3', input: 'sampler_name', value: 'ddim' },
      ],
    });
  });

  it('B405 takes axes side by side where they are as long, and says which are not', () => {
    const steps = { nodeId: '3', input: 'steps', label: 'Steps', values: [10, 20, 30] };
    const members = expand({ axes: [cfg, steps], mode: 'zip' });
    expect(members.map(({ values }) => values.map(({ value }) => value))).toEqual([
      [5, 10],
      [6, 20],
      [7, 30],
    ]);
    const uneven = plan({ axes: [cfg, sampler], mode: 'zip' });
    expect(planProblem(uneven, PROMPT)?.message).toBe(
      'Side by side, “CFG” has 3 values and “Sampler” has 2 values: give both as many, or take every combination.',
    );
    expect(() => expandPlan(uneven, PROMPT, never)).toThrow('Side by side');
  });

  it('B405 says what is wrong with it in a sentence', () => {
    const many = { ...cfg, values: Array.from({ length: 1000 }, (_, at) => at) };
    const long = { ...sampler, values: Array.from({ length: 600 }, () => 'x'.repeat(2000)) };
    const problem = (axes: BatchPlan['axes'], more: Partial<BatchPlan> = {}) =>
      planProblem(plan({ axes, ...more }), PROMPT)?.message;
    expect(problem([many, { ...sampler, values: ['a', 'b'] }])).toMatch(/^That makes 2,000 jobs, and at most 1,000/);
    expect(problem([long])).toMatch(/more than 1,000,000 characters/);
    expect(problem([cfg, cfg])).toMatch(/“CFG” is swept twice/);
    expect(problem([{ ...cfg, nodeId: '99' }])).toMatch(/“CFG” names node 99, which the workflow does not have/);
    expect(problem([{ ...cfg, nodeId: '__proto__' }])).toMatch(/does not have/);
    expect(problem([{ ...cfg, input: 'model' }])).toMatch(/comes from another node \(KSampler 3\)/);
    expect(problem([], { seedFields: [{ nodeId: '5', input: 'seed' }] })).toMatch(/^The seed “seed” names node 5/);
    expect(problem([many])).toBeUndefined();
  });

  it('B405 changes only what differs, and leaves the prompt as it is', () => {
    const before = structuredClone(PROMPT);
    const [, second] = expand({ axes: [cfg] });
    const changed = memberPrompt(PROMPT, second ?? { values: [] });
    expect(changed).toEqual({ ...PROMPT, '3': { ...PROMPT['3'], inputs: { ...PROMPT['3'].inputs, cfg: 6 } } });
    expect(PROMPT).toEqual(before);
  });
});

describe('seeds of a plan', () => {
  const seedsOf = (given: Partial<BatchPlan>, random = never) =>
    expand({ seedFields: [seed], ...given }, random).map(
      ({ values }) => values.find(({ input }) => input === 'seed')?.value,
    );

  it('B406 stay, count up through all jobs, or are drawn anew for each below 2^53', () => {
    expect(seedsOf({ count: 2 })).toEqual([undefined, undefined]);
    expect(seedsOf({ seeds: 'increment', axes: [sampler], count: 2 })).toEqual([7, 8, 9, 10]);
    const draws = [0, 0.5, 1 - 2 ** -53];
    expect(seedsOf({ seeds: 'random', count: 3 }, () => draws.shift() ?? 0)).toEqual([0, 2 ** 52, 2 ** 53 - 1]);
  });

  it('B406 are the axis’ own where one is swept, and begin at 0 where the prompt has no usable one', () => {
    const swept = { ...seed, label: 'Seed', values: [1, 2] };
    expect(seedsOf({ seeds: 'increment', axes: [swept] })).toEqual([1, 2]);
    const odd = { ...PROMPT, '3': { ...PROMPT['3'], inputs: { seed: 1e300 } } };
    const members = expandPlan(plan({ seeds: 'increment', count: 2, seedFields: [seed] }), odd, never);
    expect(members.map(({ values }) => values[0]?.value)).toEqual([0, 1]);
  });
});
