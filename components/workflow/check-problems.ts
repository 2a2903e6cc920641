import type { WorkflowCheck } from '../../lib/protocol/workflows.ts';
import { fieldKey } from '../../lib/workflow/form/form-field.ts';
import type { WorkflowProblem } from '../../lib/workflow/preflight/problem.ts';

/** What a check says about running on one pod, or on any. */
export interface Verdict {
  /** `cannot`: certainly, and the job would be refused unless it may wait. */
  runs: 'now' | 'cannot' | 'unknown';
  /** How many pods would run it. */
  pods: number;
  /** What keeps it from running, by field; empty where some pod runs it. */
  problems: ReadonlyMap<string, WorkflowProblem>;
}

/** `pod`: the only one that may take it; empty where any may. */
export function verdictOf(check: WorkflowCheck | undefined, pod: string): Verdict {
  const asked = check?.pods.filter(({ podId }) => pod === '' || podId === pod) ?? [];
  const pods = asked.filter(({ verdict }) => verdict === 'runs').length;
  if (pods > 0) return { runs: 'now', pods, problems: new Map() };
  const found = new Map<string, { problem: WorkflowProblem; on: string[] }>();
  for (const { podName, problems } of asked)
    for (const problem of problems) {
      if (problem.nodeId === undefined || problem.input === undefined) continue;
      const key = fieldKey(problem.nodeId, problem.input);
      const known = found.get(key);
      if (!known) found.set(key, { problem, on: [podName] });
      else if (!known.on.includes(podName)) known.on.push(podName);
    }
  const problems = new Map(
    [...found].map(([key, { problem, on }]) => [key, { ...problem, message: told(problem, on, asked.length) }]),
  );
  const all = asked.length > 0 && asked.every(({ verdict }) => verdict === 'cannot');
  return { pods, runs: all ? 'cannot' : 'unknown', problems };
}

const NAMED = 3;
/** What is wrong at a field; where several pods were asked, it names those it is about. */
function told({ message, missing }: WorkflowProblem, on: readonly string[], asked: number): string {
  if (asked === 1) return message;
  const more = on.length > NAMED ? ` and ${on.length - NAMED} more` : '';
  const where = on.length === asked ? 'every pod' : `${on.slice(0, NAMED).join(', ')}${more}`;
  if (!missing) return `On ${where}: ${message}`;
  const remedy = missing.kind === 'file' ? 'upload it' : `put it into ${missing.folder ?? 'its folder'}`;
  return `Missing on ${where}; ${remedy}.`;
}
