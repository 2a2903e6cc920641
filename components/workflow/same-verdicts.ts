import type { PodVerdict } from '../../lib/protocol/workflows.ts';
import type { WorkflowProblem } from '../../lib/workflow/preflight/problem.ts';

/** Pods of which the same is to be said. */
export interface SameVerdict {
  podIds: string[];
  verdict: PodVerdict['verdict'];
  /** Of all of them, in the words that one has. */
  sentence: string;
  /** Each once; `on`: the names of the pods it is about, where those are not all of them. */
  problems: { problem: WorkflowProblem; on: string[] }[];
}

const LIST = new Intl.ListFormat('en-GB');

/** The verdicts with those that say the same made one, in the order of the first of each. */
export function sameVerdicts(pods: readonly PodVerdict[]): SameVerdict[] {
  const groups = new Map<string, PodVerdict[]>();
  for (const pod of pods) {
    const key = `${pod.verdict} ${reasonOf(pod)}`;
    groups.set(key, [...(groups.get(key) ?? []), pod]);
  }
  return [...groups.values()].map((group) => ({
    podIds: group.map(({ podId }) => podId),
    verdict: group[0]?.verdict ?? 'unknown',
    sentence: sentenceOf(group),
    problems: problemsOf(group),
  }));
}

/** What a pod's sentence says without its name; a sentence of another form is one pod's own. */
function reasonOf({ podId, podName, verdict, sentence }: PodVerdict): string {
  if (verdict !== 'cannot') return '';
  const start = `On ${podName} `;
  return sentence.startsWith(start) ? sentence.slice(start.length) : `${podId} ${sentence}`;
}

function sentenceOf(group: readonly PodVerdict[]): string {
  const [first, ...others] = group;
  if (!first || others.length === 0) return first?.sentence ?? '';
  const names = LIST.format(group.map(({ podName }) => podName));
  if (first.verdict === 'runs') return `Runs on ${names}.`;
  if (first.verdict === 'unknown') return `What ${names} have is not known: they cannot be asked at the moment.`;
  return `On ${names} ${reasonOf(first)}`;
}

function problemsOf(group: readonly PodVerdict[]): SameVerdict['problems'] {
  const found = new Map<string, { problem: WorkflowProblem; on: Set<string> }>();
  for (const { podName, problems } of group)
    for (const problem of problems) {
      const { code, nodeId, input, message } = problem;
      const key = JSON.stringify([code, nodeId, input, message]);
      const known = found.get(key);
      if (known) known.on.add(podName);
      else found.set(key, { problem, on: new Set([podName]) });
    }
  return [...found.values()].map(({ problem, on }) => ({ problem, on: on.size === group.length ? [] : [...on] }));
}
