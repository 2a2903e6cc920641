import type { RunOutcome } from '../../server/demo-pod/pod-types.ts';

export interface JudgedRun {
  podId: string;
  promptId: string;
  jobId: string;
  /** Milliseconds of the epoch, by the pod. */
  startedAt: number;
  endedAt: number | undefined;
  outcome: RunOutcome | undefined;
}

export interface Evidence {
  /** Jobs whose acceptance was answered, with the key they were sent with. */
  accepted: readonly { jobId: string; key?: string }[];
  /** What the runner says of each accepted job when all is quiet; a job it does not know is missing. */
  finals: ReadonlyMap<string, { state: string; error?: string }>;
  /** When each job was first seen to have ended, in milliseconds of the epoch. */
  endedAt: ReadonlyMap<string, number>;
  runs: readonly JudgedRun[];
  /** Deaths of pods. */
  deaths: readonly { podId: string; at: number }[];
  /** Jobs that a person asked to cancel. */
  cancelled: ReadonlySet<string>;
  /** Which click each job came from, as its prompt tells; one that was answered 503 may be sent again. */
  clicks: ReadonlyMap<string, number>;
  /** Prompts that a stranger took out of a pod's queue or history. */
  removed: ReadonlySet<string>;
}

export interface Verdict {
  jobs: number;
  lost: string[];
  duplicate: string[];
  /** Jobs' runs that were needed because a pod died. */
  rework: number;
}

/** Judges a run of the proof by what was seen at the pods, not by what a runner thinks it did. */
export function judge(evidence: Evidence): Verdict {
  const { accepted, runs } = evidence;
  const ids = new Set(accepted.map(({ jobId }) => jobId));
  const byJob = groupBy(runs, ({ jobId }) => jobId);
  const lost = [...ids].flatMap((jobId) => {
    const reason = whyLost(jobId, byJob.get(jobId) ?? [], evidence);
    return reason === undefined ? [] : [`${jobId}: ${reason}`];
  });
  const duplicate: string[] = [];
  let rework = 0;
  for (const [jobId, own] of byJob) {
    const found = countWork(own, evidence);
    rework += found.rework;
    if (found.duplicates > 0) duplicate.push(`${jobId}: ${found.duplicates} too many of ${own.length} runs`);
  }
  for (const [key, sent] of groupBy(accepted, (sending) => sending.key)) {
    const made = new Set(sent.map(({ jobId }) => jobId)).size;
    if (key !== undefined && made > 1) duplicate.push(`${key}: one key made ${made} jobs`);
  }
  for (const [click, ran] of groupBy([...byJob.keys()], (jobId) => evidence.clicks.get(jobId)))
    if (click !== undefined && ran.length > 1) duplicate.push(`click ${click}: ran as the jobs ${ran.join(', ')}`);
  return { jobs: ids.size, lost, duplicate, rework };
}

/** Deaths of pods after which a job may be set aside instead of being given to a further pod. */
const POISONED_BY = 2;

/**
 * Every prompt of the proof can run, so that a failure is a loss, unless a stranger took the prompt away, or a pod died
 * with the result of a run that was done: that may be told to the person, with a retry at hand, or be run again. Nor is
 * it a loss that a job under which pods died again and again is set aside.
 */
function whyLost(jobId: string, runs: readonly JudgedRun[], evidence: Evidence): string | undefined {
  const wished = evidence.cancelled.has(jobId);
  const final = evidence.finals.get(jobId);
  if (!final) return wished ? undefined : 'the runner does not know it';
  switch (final.state) {
    case 'succeeded':
      return runs.some(({ outcome }) => outcome === 'success')
        ? undefined
        : 'it is said to have succeeded and never ran';
    case 'cancelled':
      return wished ? undefined : 'it was cancelled and nobody asked for that';
    case 'failed':
      if (wished || runs.some(({ promptId }) => evidence.removed.has(promptId))) return undefined;
      if (final.error === 'poison' && deathsThatHit(runs, evidence) >= POISONED_BY) return undefined;
      if (runs.some((run) => run.outcome === 'success' && diedWith(run, evidence))) return undefined;
      return evidence.removed.has(jobId) ? undefined : `it failed: ${final.error ?? 'without a reason'}`;
    default:
      return `it is still ${final.state}`;
  }
}

/**
 * A run is excused when its pod died during it, or after it and before its job had ended: its result may have gone
 * with the pod. What is left must be one run, and no two runs may overlap.
 */
function countWork(runs: readonly JudgedRun[], evidence: Evidence): { duplicates: number; rework: number } {
  const inOrder = runs.toSorted((a, b) => a.startedAt - b.startedAt);
  const overlaps = inOrder.filter((run, index) =>
    inOrder.slice(0, index).some((earlier) => (earlier.endedAt ?? Infinity) > run.startedAt),
  ).length;
  const excused = inOrder.filter((run) => diedWith(run, evidence)).length;
  const unexcused = inOrder.filter((run) => run.outcome !== 'interrupted' && !diedWith(run, evidence)).length;
  return {
    duplicates: Math.max(overlaps, unexcused - 1),
    rework: Math.min(excused, Math.max(0, inOrder.length - 1)),
  };
}

/** Whether the run's pod died during it, or after it and before its job was seen to have ended. */
function diedWith(run: JudgedRun, evidence: Evidence): boolean {
  return deathOf(run, evidence) !== undefined;
}

/** The first death of the run's pod that can have taken it. */
function deathOf(run: JudgedRun, { endedAt, deaths }: Evidence): Evidence['deaths'][number] | undefined {
  const until = endedAt.get(run.jobId) ?? Infinity;
  return deaths
    .filter(({ podId, at }) => podId === run.podId && at >= run.startedAt && at <= until)
    .toSorted((a, b) => a.at - b.at)[0];
}

/** How many deaths of pods hit a job: each takes one run of it, the one it came first after. */
function deathsThatHit(runs: readonly JudgedRun[], evidence: Evidence): number {
  return new Set(runs.map((run) => deathOf(run, evidence)).filter((death) => death !== undefined)).size;
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
