import type { PodView } from '../../../lib/protocol/pods.ts';
import { withoutSecrets } from './pod-url.ts';

/** A pod of the configuration of which nobody has told anything yet. */
export function undrivenPod(
  pod: { id: string; name: string; url: string },
  { demo, slots }: { demo: boolean; slots: number },
): PodView {
  return {
    id: pod.id,
    name: pod.name,
    url: withoutSecrets(pod.url),
    demo,
    state: 'connecting',
    reason: 'No instance of Podium looks after it at the moment.',
    link: 'connecting',
    version: null,
    checkpoint: null,
    ram: null,
    devices: [],
    queue: { running: 0, pending: 0, foreign: 0, jobIds: [], slots },
    breaker: 'open',
    drained: false,
    lastErrors: [],
  };
}
