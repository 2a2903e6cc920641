import { expect, it } from 'vitest';
import { ModelChoice } from './model-choice.ts';

const job = (id: string, model: string, priority = 0) => ({ id, priority, models: model === '' ? [] : [model] });
const holds = ({ models = [] }: { models?: string[] | undefined }) => models.includes('loaded');

/** What a pod that has “loaded” in memory takes, time after time, while the line stays as it is. */
function taken(choice: ModelChoice, line: [ReturnType<typeof job>, ...ReturnType<typeof job>[]]): string {
  return (choice.mayPass(line[0], holds) ? choice.pick(line, holds) : line[0]).id;
}

it('B392 a pod takes a job whose models it has loaded first, but passes none over more than three times', () => {
  const choice = new ModelChoice();
  const line = [job('old', 'other'), job('new', 'another'), job('same', 'loaded')] as const;
  expect(Array.from({ length: 5 }, () => taken(choice, [...line]))).toEqual(['same', 'same', 'same', 'old', 'old']);
});

it('B392 neither a more urgent job nor one that loads no model is passed over', () => {
  const choice = new ModelChoice();
  expect(taken(choice, [job('urgent', 'other', 1), job('same', 'loaded')])).toBe('urgent');
  expect(taken(choice, [job('none', ''), job('same', 'loaded')])).toBe('none');
  expect(taken(choice, [job('first', 'loaded'), job('same', 'loaded')])).toBe('first');
});
