import type { JobErrorCode } from '../../lib/jobs/failure-rules.ts';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import type { PodView } from '../../lib/protocol/pods.ts';
import { capital } from '../../lib/jobs/words.ts';
import { leftOutSentences } from './what-podium-did.ts';
import { enumeration, type NameOf } from './story-words.ts';

type WaitingJob = Pick<JobDetail, 'state' | 'wantedPodId' | 'next' | 'excludedPods' | 'unfitPods' | 'waitsFor'>;
type WaitedPod = Pick<PodView, 'id' | 'state' | 'breaker' | 'queue'>;

/** What a job waits for and what happens then, in sentences. Empty `pods`: nothing is known of them. */
export function whyWaiting(job: WaitingJob, pods: readonly WaitedPod[], nameOf: NameOf): string[] {
  if (job.waitsFor !== undefined) return [...planSentence(job, nameOf), job.waitsFor];
  return [
    ...planSentence(job, nameOf),
    ...leftOutSentences('Podium', job.excludedPods, nameOf),
    ...unfitSentence(job, nameOf),
    ...podsSentence(job, pods, nameOf),
  ];
}

/** Pods that lack something it needs. */
function unfitSentence({ unfitPods }: WaitingJob, nameOf: NameOf): string[] {
  const names = unfitPods.map(({ podId }) => nameOf(podId));
  const [one] = unfitPods;
  if (!one) return [];
  if (unfitPods.length === 1) return [`${capital(nameOf(one.podId))} cannot run it: ${one.reason}`];
  return [`${capital(enumeration(names))} cannot run it, because they lack something it needs.`];
}

/** What the next attempt needs. */
function planSentence({ next, wantedPodId }: WaitingJob, nameOf: NameOf): string[] {
  const podId = next?.podId ?? wantedPodId ?? undefined;
  const pod = podId === undefined ? undefined : nameOf(podId);
  if (next?.freeMemory)
    return [pod ? `The memory of ${pod} is freed first; then it runs there.` : 'The memory of its pod is freed first.'];
  if (next?.podId !== undefined) return [`It runs on ${nameOf(next.podId)} then.`];
  return pod === undefined ? [] : [`Only ${pod} may take it, since that pod was asked for.`];
}

function podsSentence(job: WaitingJob, pods: readonly WaitedPod[], nameOf: NameOf): string[] {
  if (pods.length === 0) return [];
  const pinned = job.next?.podId ?? job.wantedPodId;
  const left = new Map<string, JobErrorCode>(job.excludedPods.map(({ podId, code }) => [podId, code]));
  const unfit = new Set(job.unfitPods.map(({ podId }) => podId));
  const isWanted = ({ id }: WaitedPod) => pinned === null || pinned === undefined || id === pinned;
  const may = pods.filter((pod) => isWanted(pod) && !left.has(pod.id) && !unfit.has(pod.id));
  if (may.length === 0)
    return [
      pinned && !left.has(pinned) && !unfit.has(pinned)
        ? `Podium does not know the pod ${nameOf(pinned)}.`
        : 'No other pod is left.',
    ];
  if (may.some(canTake)) return [];
  const whys = may.map((pod) => `${nameOf(pod.id)} ${cannotBecause(pod)}`);
  if (whys.length > 3)
    return [`None of the ${may.length} pods that may take it can do so now; the page Pods says why.`];
  return [`${capital(enumeration(whys))}.`];
}

function canTake(pod: WaitedPod): boolean {
  return (pod.state === 'up' || pod.state === 'degraded') && pod.breaker === 'closed' && pod.queue.slots > 0;
}

/** Why a pod takes nothing now, after its name. */
function cannotBecause(pod: WaitedPod): string {
  switch (pod.state) {
    case 'connecting':
      return 'is not connected yet';
    case 'booting':
      return 'is starting';
    case 'stuck':
      return 'stands still with what it has';
    case 'quarantined':
      return 'is quarantined, because its GPU stopped working';
    case 'unauthorized':
      return 'refuses Podium’s credentials';
    case 'gone':
      return 'does not answer';
    case 'draining':
      return 'is drained and takes nothing new';
    case 'up':
    case 'degraded':
      return pod.breaker === 'closed' ? 'takes nothing now' : 'failed again and again and is left alone for a while';
  }
}
