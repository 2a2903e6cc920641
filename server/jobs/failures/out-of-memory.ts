import type { JobError } from '../../../lib/jobs/job-error.ts';
import { pauseMs } from './backoff.ts';
import type { Decision, JobFacts, KnownPod, PolicySettings, SeenFailure } from './decision.ts';
import { gigabytes, podName, podNames, nowhereElse, sentences } from './sentences.ts';
import { otherPods } from './known-pod.ts';

/** The pod's memory is freed and it is tried there once more; then only a pod with more of it helps. */
export function findMemory(
  job: JobFacts,
  seen: SeenFailure,
  pods: readonly KnownPod[],
  settings: PolicySettings,
  random: () => number,
): Decision {
  const { podId, error } = seen;
  const here = podName(podId, pods);
  const freed = job.attempts.some((one) => one.podId === podId && one.error?.code === 'out_of_memory');
  const giveUp = (why?: string): Decision => ({ kind: 'give_up', error: withNumbers(seen, pods, freed, why) });
  if (job.retriesUsed >= settings.maxRetries) return giveUp();
  if (!freed)
    return {
      kind: 'again',
      delayMs: pauseMs(job.retriesUsed, settings.backoffBaseMs, random),
      charged: true,
      exclude: [],
      next: { podId, freeMemory: true },
      plan: sentences(error.message, `Podium frees the memory of pod ${here} and tries it there once more`),
    };
  if (job.wantedPodId !== undefined) return giveUp(nowhereElse(podId, pods));
  const own = vramOf(seen, pods);
  const others = otherPods(job, podId, pods);
  const bigger = others.filter(({ vramTotal = 0, reach }) => own !== undefined && vramTotal > own && reach !== 'away');
  if (own === undefined || bigger.length === 0) return giveUp();
  const notMore = others.filter(({ vramTotal = Infinity }) => vramTotal <= own);
  const where = podNames(
    bigger.map(({ id }) => id),
    pods,
  );
  return {
    kind: 'again',
    delayMs: 0,
    charged: true,
    exclude: [podId, ...notMore.map(({ id }) => id)].map((id) => ({ podId: id, code: error.code })),
    plan: sentences(
      error.message,
      `Its freed memory was not enough either, so Podium looks for a pod with more than ${gigabytes(own)}: ${where}`,
    ),
  };
}

function vramOf({ podId, error }: SeenFailure, pods: readonly KnownPod[]): number | undefined {
  return pods.find(({ id }) => id === podId)?.vramTotal ?? error.memory?.total;
}

/** The failure with what it wanted, what there was, and the largest pod that Podium knows. */
function withNumbers(seen: SeenFailure, pods: readonly KnownPod[], freed: boolean, why?: string): JobError {
  const { error } = seen;
  const total = vramOf(seen, pods);
  const { wanted, free } = error.memory ?? {};
  const largest = pods
    .filter(({ vramTotal }) => vramTotal !== undefined)
    .toSorted((a, b) => (b.vramTotal ?? 0) - (a.vramTotal ?? 0))[0];
  const there =
    total === undefined
      ? undefined
      : `It needs more than the ${gigabytes(total)} of pod ${podName(seen.podId, pods)}` +
        (free === undefined ? '' : `, of which ${gigabytes(free)} were free`) +
        (wanted === undefined ? '' : `, when it asked for ${gigabytes(wanted)} more`);
  return {
    ...error,
    message: sentences(
      error.message,
      freed ? 'Freeing the pod’s memory first did not help.' : undefined,
      there,
      largest?.vramTotal === undefined
        ? undefined
        : `The largest pod that Podium knows, “${largest.name}”, has ${gigabytes(largest.vramTotal)}`,
      why,
    ),
    ...(total !== undefined && { memory: { ...error.memory, total } }),
  };
}
