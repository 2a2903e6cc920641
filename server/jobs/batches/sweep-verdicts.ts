import type { PodVerdict } from '../../../lib/protocol/workflows.ts';
import type { BatchAxis, BatchMember, BatchPlan } from '../../../lib/workflow/batch/batch-plan.ts';
import { memberPrompt } from '../../../lib/workflow/batch/member-prompt.ts';
import type { WorkflowProblem } from '../../../lib/workflow/preflight/problem.ts';
import type { Judged, PodJudge } from '../preflight/pod-judge.ts';
import { verdictSentence } from '../preflight/verdict-words.ts';

/** Most values of one axis that are judged. Longer lists are of texts and seeds, which no pod refuses. */
const MOST_JUDGED = 100;

type Verdicts = readonly PodVerdict[];

/**
 * Says which pods would run each job of a batch. What is wrong with a value does not hang on the other axes, so each value is
 * judged once, not each combination; of numbers, which have ranges, only the ends where these are as good as each other.
 */
export class SweepVerdicts {
  private readonly combined = new Map<string, Verdicts>();

  private constructor(private readonly byAxis: readonly (readonly Verdicts[])[]) {}

  static async of(judge: Pick<PodJudge, 'verdicts'>, judged: Judged, plan: BatchPlan, podId?: string) {
    const of = (prompt: Judged['prompt']) => judge.verdicts({ ...judged, prompt }, podId);
    if (plan.axes.length === 0) return new SweepVerdicts([[await of(judged.prompt)]]);
    const byAxis: Verdicts[][] = [];
    for (const axis of plan.axes) {
      const others = plan.axes.filter((one) => one !== axis);
      byAxis.push(
        await valueVerdicts(axis.values, async (value) => {
          const { nodeId, input } = axis;
          const verdicts = await of(memberPrompt(judged.prompt, { values: [{ nodeId, input, value }] }));
          return verdicts.map((verdict) => withoutPlaces(verdict, others));
        }),
      );
    }
    return new SweepVerdicts(byAxis);
  }

  /** The verdict of each pod on one job: what any of its values meets there. */
  of({ at }: Pick<BatchMember, 'at'>): Verdicts {
    const parts = this.byAxis.map((values, axis) => values[at[axis] ?? 0] ?? []);
    const key = at.join(' ');
    const known = this.combined.get(key);
    if (known) return known;
    const [first = [], ...rest] = parts;
    const verdicts = first.map((verdict, pod) => rest.reduce((sum, part) => worse(sum, part[pod]), verdict));
    this.combined.set(key, verdicts);
    return verdicts;
  }
}

/** One list of verdicts for each value. */
async function valueVerdicts(
  values: BatchAxis['values'],
  judge: (value: BatchAxis['values'][number]) => Promise<Verdicts>,
) {
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === values.length && numbers.length > 2) {
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
    const [atLeast, atMost] = [await judge(least), await judge(most)];
    if (wordsOf(atLeast) === wordsOf(atMost)) return values.map(() => atLeast);
  }
  const known = new Map<BatchAxis['values'][number], Verdicts>();
  for (const value of new Set(values)) {
    if (known.size === MOST_JUDGED) break;
    known.set(value, await judge(value));
  }
  const [first = []] = known.values();
  return values.map((value) => known.get(value) ?? first);
}

function wordsOf(verdicts: Verdicts): string {
  return verdicts.map(({ podId, verdict, problems }) => `${podId} ${verdict} ${problems.length}`).join('\n');
}

/** The verdict but for what is wrong at places that other axes give values to. */
function withoutPlaces(verdict: PodVerdict, axes: readonly BatchAxis[]): PodVerdict {
  const isSwept = ({ nodeId, input }: WorkflowProblem) =>
    axes.some((axis) => axis.nodeId === nodeId && axis.input === input);
  const problems = verdict.problems.filter((problem) => !isSwept(problem));
  if (problems.length === verdict.problems.length) return verdict;
  return verdictOf(verdict, problems.length === 0 ? 'runs' : verdict.verdict, problems);
}

function worse(one: PodVerdict, other: PodVerdict | undefined): PodVerdict {
  if (other?.verdict !== 'cannot') return one;
  if (one.verdict !== 'cannot') return other;
  const more = other.problems.filter(({ message }) => !one.problems.some((problem) => problem.message === message));
  return verdictOf(one, 'cannot', [...one.problems, ...more]);
}

function verdictOf(pod: PodVerdict, verdict: PodVerdict['verdict'], problems: WorkflowProblem[]): PodVerdict {
  return { ...pod, verdict, problems, sentence: verdictSentence(pod.podName, verdict, problems) };
}
