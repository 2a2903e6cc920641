import { expect, it } from 'vitest';
import type { PodVerdict } from '../../../lib/protocol/workflows.ts';
import { batchPlanSchema, type BatchPlan } from '../../../lib/workflow/batch/batch-plan.ts';
import { expandPlan } from '../../../lib/workflow/batch/expand-plan.ts';
import type { WorkflowProblem } from '../../../lib/workflow/preflight/problem.ts';
import type { Prompt } from '../../../lib/workflow/prompt.ts';
import type { Judged } from '../preflight/pod-judge.ts';
import { SweepVerdicts } from './sweep-verdicts.ts';

const PROMPT: Prompt = { '1': { class_type: 'X', inputs: { model: 'missing', cfg: 1, text: 'a' } } };
const axis = (input: string, ...values: (string | number)[]) => ({ nodeId: '1', input, label: input, values });
const planOf = (...axes: BatchPlan['axes']) => batchPlanSchema.parse({ axes, seeds: 'fixed' });

/** Pod `small` has model a alone, pod `large` a and b; both take a cfg of 1 to 10. Counts what it is asked. */
function judge() {
  const has: Record<string, string[]> = { small: ['a'], large: ['a', 'b'] };
  let asked = 0;
  return {
    get asked() {
      return asked;
    },
    async verdicts({ prompt }: Judged): Promise<PodVerdict[]> {
      asked += 1;
      const { model, cfg } = prompt['1']?.inputs ?? {};
      return Object.entries(has).map(([podId, models]) => {
        const problem = (input: string): WorkflowProblem => ({
          code: 'value_not_in_list',
          message: `${input} ${String(prompt['1']?.inputs[input])} is wrong.`,
          nodeId: '1',
          input,
        });
        const problems = [
          ...(models.includes(String(model)) ? [] : [problem('model')]),
          ...(Number(cfg) >= 1 && Number(cfg) <= 10 ? [] : [problem('cfg')]),
        ];
        const verdict = problems.length === 0 ? 'runs' : 'cannot';
        return { podId, podName: podId, verdict, sentence: '', problems };
      });
    },
  };
}

async function runsOn(judging: ReturnType<typeof judge>, plan: BatchPlan): Promise<string[]> {
  const verdicts = await SweepVerdicts.of(judging, { prompt: PROMPT }, plan);
  return expandPlan(plan, PROMPT, () => 0).map((member) =>
    verdicts
      .of(member)
      .filter(({ verdict }) => verdict === 'runs')
      .map(({ podId }) => podId)
      .join('+'),
  );
}

it('B414 each job is judged by all its values, and not by those of the workflow that it replaces', async () => {
  const plan = planOf(axis('model', 'a', 'b', 'c'), axis('cfg', 1, 11));
  expect(await runsOn(judge(), plan)).toEqual(['small+large', '', 'large', '', '', '']);
  const [verdicts] = [await SweepVerdicts.of(judge(), { prompt: PROMPT }, plan)];
  const last = verdicts.of({ at: [2, 1] });
  expect(last.map(({ podName, problems }) => [podName, problems.map(({ message }) => message)])).toEqual([
    ['small', ['model c is wrong.', 'cfg 11 is wrong.']],
    ['large', ['model c is wrong.', 'cfg 11 is wrong.']],
  ]);
});

it('B414 a thousand jobs are not judged a thousand times', async () => {
  const many = (count: number) => Array.from({ length: count }, (_, at) => 1 + (at * 9) / count);
  const ranges = judge();
  expect(await runsOn(ranges, planOf(axis('cfg', ...many(1000))))).toEqual(Array.from({ length: 1000 }, () => ''));
  expect(ranges.asked).toBe(2);
  const texts = judge();
  await runsOn(texts, planOf(axis('model', 'a'), axis('text', ...many(900).map(String))));
  expect(texts.asked).toBeLessThan(110);
  const none = judge();
  expect(await runsOn(none, planOf())).toEqual(['']);
  expect(none.asked).toBe(1);
});
