import type { PodView } from '../../lib/protocol/pods.ts';
import { failsToAnswer } from './pod-sentence.ts';

/** `needs_you`: a person has to act; `watch`: it is not at work as usual; `calm`: all is well. */
export type PodConcern = 'needs_you' | 'watch' | 'calm';

type Judged = Pick<PodView, 'state' | 'breaker' | 'checkedAt'>;

const BY_STATE: Record<PodView['state'], PodConcern> = {
  unauthorized: 'needs_you',
  quarantined: 'needs_you',
  stuck: 'needs_you',
  gone: 'needs_you',
  connecting: 'watch',
  degraded: 'watch',
  booting: 'watch',
  draining: 'watch',
  up: 'calm',
};
const PLACES: Record<PodConcern, number> = { needs_you: 0, watch: 1, calm: 2 };

/** How much a pod is a person's concern. One that boots or was drained may fail to answer without needing anybody. */
export function concernOf(pod: Judged): PodConcern {
  const concern = BY_STATE[pod.state];
  const expected = pod.state === 'booting' || pod.state === 'draining';
  if (failsToAnswer(pod) && !expected) return 'needs_you';
  return concern === 'calm' && pod.breaker !== 'closed' ? 'watch' : concern;
}

/** By pod, how it was when a person gave an order about it: it stays where and as it was seen. */
export type HeldConcerns = Readonly<Record<string, PodConcern>>;

/** Pods in trouble first; else in the order given. */
export function troubleFirst<T extends Judged & { id: string }>(pods: readonly T[], held: HeldConcerns): T[] {
  const place = (pod: T) => PLACES[held[pod.id] ?? concernOf(pod)];
  return pods.toSorted((a, b) => place(a) - place(b));
}

/** `2 of 30 pods need you`. Undefined for a single pod, whose card tells it. */
export function troubleLine(pods: readonly Judged[]): string | undefined {
  if (pods.length < 2) return undefined;
  const count = pods.filter((pod) => concernOf(pod) === 'needs_you').length;
  if (count > 0) return `${count} of ${pods.length} pods ${count === 1 ? 'needs' : 'need'} you`;
  return pods.every((pod) => concernOf(pod) === 'calm') ? `All ${pods.length} pods are well` : 'No pod needs you';
}

const FEW = 6;

/** Whether there are so many pods that those which need nobody take a line each. */
export function isMany(count: number): boolean {
  return count > FEW;
}

/** Whether a pod takes a line only, of `count` pods. */
export function isCompact(pod: Judged & { id: string }, count: number, held: HeldConcerns): boolean {
  return isMany(count) && (held[pod.id] ?? concernOf(pod)) !== 'needs_you';
}
