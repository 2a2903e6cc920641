import type { Prompt } from '../prompt.ts';
import { isLink } from '../prompt.ts';
import { MAX_BATCH_JOBS, type BatchAxis, type BatchMember, type BatchPlan } from './batch-plan.ts';

/** Seeds are kept below this, so that no number of JavaScript loses a digit of one. */
const SEED_LIMIT = 2 ** 53;

/** Most characters that swept texts come to, over all jobs: they are kept with every one. */
const MAX_SWEPT_TEXT = 1_000_000;

/** What is wrong with a plan: a field of the body and a sentence for a person. */
export interface PlanProblem {
  field: string;
  message: string;
}

/** How many jobs a plan makes, none of them built. An uneven `zip` counts its longest axis. */
export function planSize(plan: BatchPlan): number {
  return combinationCount(plan) * plan.count;
}

/** Why a plan cannot be made into jobs of this prompt; undefined where it can. */
export function planProblem(plan: BatchPlan, prompt: Prompt): PlanProblem | undefined {
  return unevenAxes(plan) ?? tooManyJobs(plan) ?? tooMuchText(plan) ?? sameAxes(plan) ?? strangePlaces(plan, prompt);
}

/**
 * The jobs of a plan, in the order of the sheet: the last axis changes fastest, and runs of one combination stand together.
 * @param random as `Math.random`
 * @throws RangeError with the sentence of `planProblem`
 */
export function expandPlan(plan: BatchPlan, prompt: Prompt, random: () => number): BatchMember[] {
  const problem = planProblem(plan, prompt);
  if (problem) throw new RangeError(problem.message);
  return Array.from({ length: planSize(plan) }, (_, index) => {
    const at = placesOf(plan, Math.floor(index / plan.count));
    const swept = plan.axes.flatMap((axis, number) => {
      const value = axis.values[at[number] ?? 0];
      return value === undefined ? [] : [{ nodeId: axis.nodeId, input: axis.input, value }];
    });
    return { index, at, run: index % plan.count, values: [...swept, ...seedValues(plan, prompt, index, random)] };
  });
}

function combinationCount({ axes, mode }: BatchPlan): number {
  const lengths = axes.map((axis) => axis.values.length);
  if (mode === 'zip') return Math.max(1, ...lengths);
  return lengths.reduce((product, length) => product * length, 1);
}

/** Index into each axis of one combination. */
function placesOf({ axes, mode }: BatchPlan, combination: number): number[] {
  if (mode === 'zip') return axes.map(() => combination);
  let rest = combination;
  return axes
    .toReversed()
    .map((axis) => {
      const place = rest % axis.values.length;
      rest = Math.floor(rest / axis.values.length);
      return place;
    })
    .toReversed();
}

/** A swept seed is the axis' own. `increment` counts through all jobs, from the seed that the prompt has. */
function seedValues(plan: BatchPlan, prompt: Prompt, index: number, random: () => number): BatchMember['values'] {
  if (plan.seeds === 'fixed') return [];
  return plan.seedFields
    .filter((place) => !plan.axes.some((axis) => isSame(axis, place)))
    .map(({ nodeId, input }) => {
      const first = Number(prompt[nodeId]?.inputs[input]);
      const from = Number.isSafeInteger(first) && first >= 0 ? first : 0;
      const value = plan.seeds === 'random' ? Math.floor(random() * SEED_LIMIT) : (from + index) % SEED_LIMIT;
      return { nodeId, input, value };
    });
}

function unevenAxes({ axes, mode }: BatchPlan): PlanProblem | undefined {
  const [first] = axes;
  const other = axes.find((axis) => axis.values.length !== first?.values.length);
  if (mode !== 'zip' || !first || !other) return undefined;
  return {
    field: 'plan.axes',
    message: `Side by side, “${first.label}” has ${amount(first)} and “${other.label}” has ${amount(other)}: give both as many, or take every combination.`,
  };
}

function tooManyJobs(plan: BatchPlan): PlanProblem | undefined {
  const size = planSize(plan);
  if (size <= MAX_BATCH_JOBS) return undefined;
  const message = `That makes ${size.toLocaleString('en')} jobs, and at most ${MAX_BATCH_JOBS.toLocaleString('en')} are taken at once: shorten a list or lower the count.`;
  return { field: 'plan', message };
}

function tooMuchText(plan: BatchPlan): PlanProblem | undefined {
  const size = planSize(plan);
  const characters = plan.axes.reduce((sum, { values }) => {
    const text = values.reduce((length: number, value) => length + String(value).length, 0);
    return sum + (text * size) / values.length;
  }, 0);
  if (characters <= MAX_SWEPT_TEXT) return undefined;
  const most = MAX_SWEPT_TEXT.toLocaleString('en');
  return {
    field: 'plan.axes',
    message: `The swept texts come to more than ${most} characters over all jobs: shorten them or take fewer.`,
  };
}

function sameAxes({ axes }: BatchPlan): PlanProblem | undefined {
  const again = axes.find((axis, at) => axes.slice(0, at).some((earlier) => isSame(axis, earlier)));
  return again && { field: 'plan.axes', message: `“${again.label}” is swept twice: leave one of the two out.` };
}

function strangePlaces({ axes, seedFields }: BatchPlan, prompt: Prompt): PlanProblem | undefined {
  const places = [
    ...axes.map((axis, at) => ({ ...axis, field: `plan.axes.${at}`, name: `“${axis.label}”` })),
    ...seedFields.map((seed, at) => ({ ...seed, field: `plan.seedFields.${at}`, name: `The seed “${seed.input}”` })),
  ];
  for (const { nodeId, input, field, name } of places) {
    const node = Object.hasOwn(prompt, nodeId) ? prompt[nodeId] : undefined;
    if (!node)
      return { field, message: `${name} names node ${nodeId}, which the workflow does not have: leave it out.` };
    if (isLink(node.inputs[input]))
      return { field, message: `${name} comes from another node (${node.class_type} ${nodeId}): sweep it there.` };
  }
  return undefined;
}

function isSame(a: { nodeId: string; input: string }, b: { nodeId: string; input: string }): boolean {
  return a.nodeId === b.nodeId && a.input === b.input;
}

function amount({ values }: BatchAxis): string {
  return values.length === 1 ? '1 value' : `${values.length} values`;
}
