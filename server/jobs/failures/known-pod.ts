import type { MissingThing } from '../../../lib/jobs/job-error.ts';
import type { PodState, PodView } from '../../../lib/protocol/pods.ts';
import type { JobFacts, KnownPod } from './decision.ts';

const REACH: Readonly<Record<PodState, KnownPod['reach']>> = {
  connecting: 'coming',
  booting: 'coming',
  up: 'ready',
  degraded: 'ready',
  stuck: 'away',
  quarantined: 'away',
  unauthorized: 'away',
  gone: 'away',
  draining: 'away',
};

/** A pod as the policy sees it. */
export function knownPod(view: PodView, lacks?: readonly MissingThing[]): KnownPod {
  const vram = view.devices.map(({ vramTotal }) => vramTotal);
  return {
    id: view.id,
    name: view.name,
    reach: view.drained ? 'away' : REACH[view.state],
    ...(vram.length > 0 && { vramTotal: Math.max(...vram) }),
    ...(lacks && { lacks }),
  };
}

/** Pods but the one that failed which the job may still be given to. */
export function otherPods(job: Pick<JobFacts, 'excludedPods'>, podId: string, pods: readonly KnownPod[]): KnownPod[] {
  return pods.filter(({ id }) => id !== podId && !job.excludedPods.some((one) => one.podId === id));
}
