import { jobError, type JobError } from '../../../lib/jobs/job-error.ts';
import type { Decision, JobFacts, KnownPod, PolicySettings, SeenFailure } from './decision.ts';
import { enumerated, podName, sentences } from './sentences.ts';
import { tryLater } from './waiting.ts';

/**
 * Breakdowns of pods that the job had no part in, because it only waited there. Each needs another reason, so that more
 * than this says that the pods are beyond help.
 */
export const MAX_UNCOUNTED = 50;

type Past = Pick<JobFacts['attempts'][number], 'outcome' | 'error' | 'ran'>;

/** Whether a pod broke down in this attempt. */
function isBreakdown({ outcome, error }: Past): boolean {
  return outcome === 'pod_died' || error?.code === 'gpu_broken';
}
/** Whether it broke down while it worked on the job; a death counts only where that is known. */
function isUnderWork({ outcome, ran }: Past): boolean {
  return outcome === 'pod_died' ? ran === true : ran !== false;
}

/** The pod is kept from work by its quarantine, which ends with its restart: no pod is left out for good. */
export function leaveBrokenGpu(
  job: JobFacts,
  seen: SeenFailure,
  pods: readonly KnownPod[],
  settings: PolicySettings,
): Decision {
  const { error } = seen;
  const end = breakdownsEnd(job, seen, pods, settings);
  if (end ?? job.alone) return { kind: 'give_up', error: end ?? error };
  const here = podName(seen.podId, pods);
  const plan =
    job.wantedPodId === undefined
      ? `Podium keeps pod ${here} from work and gives the job to another one, or to it once it has restarted`
      : `Podium keeps pod ${here} from work and gives the job to it once it has restarted`;
  return { kind: 'again', delayMs: 0, charged: false, exclude: [], plan: sentences(error.message, plan) };
}

/** What a pod took with it when it died is run again, unless pods die of it. Without a queue that is a retry like others. */
export function reworkOrSetAside(
  job: JobFacts,
  seen: SeenFailure,
  pods: readonly KnownPod[],
  settings: PolicySettings,
  random: () => number,
): Decision {
  const end = breakdownsEnd(job, seen, pods, settings);
  if (end) return { kind: 'give_up', error: end };
  return job.alone ? tryLater(job, seen, settings, random) : { kind: 'rework', plan: seen.error.message };
}

function breakdownsEnd(
  job: JobFacts,
  seen: SeenFailure,
  pods: readonly KnownPod[],
  settings: PolicySettings,
): JobError | undefined {
  const all = [...job.attempts, seen].filter(isBreakdown);
  const underWork = all.filter(isUnderWork);
  if (isUnderWork(seen) && underWork.length >= settings.poisonAfter) return poisonError(underWork, seen.error, pods);
  return all.length - underWork.length > MAX_UNCOUNTED ? seen.error : undefined;
}

/** What the last pod said goes with it: of a death it is nothing, of a broken GPU its traceback. */
function poisonError(underWork: readonly { podId: string }[], last: JobError, pods: readonly KnownPod[]): JobError {
  const { nodes, exceptionType, traceback } = last;
  const said = { ...(nodes && { nodes }), ...(exceptionType && { exceptionType }), ...(traceback && { traceback }) };
  return jobError('poison', poisonSentence(underWork, pods), said);
}

function poisonSentence(underWork: readonly { podId: string }[], pods: readonly KnownPod[]): string {
  const ids = [...new Set(underWork.map(({ podId }) => podId))];
  const often = (count: number) => (count === 2 ? 'twice' : `${count} times`);
  const countOf = (id: string) => underWork.filter(({ podId }) => podId === id).length;
  const [only] = ids;
  if (ids.length === 1 && only !== undefined) {
    const count = countOf(only);
    const times = count === 1 ? '' : ` ${often(count)}`;
    return `Pod ${podName(only, pods)} broke down${times} while it worked on this job. It is given to no further one.`;
  }
  const names = ids.map((id) => `${podName(id, pods)}${countOf(id) > 1 ? ` (${often(countOf(id))})` : ''}`);
  const times = often(underWork.length);
  return `Pods broke down ${times} while they worked on this job: ${enumerated(names)}. It is given to no further one.`;
}
