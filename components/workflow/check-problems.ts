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
  const problems = new Map<string, WorkflowProblem>();
  for (const problem of asked.flatMap((one) => one.problems)) {
    if (problem.nodeId === undefined || problem.input === undefined) continue;
    const key = fieldKey(problem.nodeId, problem.input);
    if (!problems.has(key)) problems.set(key, problem);
  }
  const all = asked.length > 0 && asked.every(({ verdict }) => verdict === 'cannot');
  return { pods, runs: all ? 'cannot' : 'unknown', problems };
}
