import type { PodAction, PodView } from '../../lib/protocol/pods.ts';
import { failsToAnswer } from './pod-sentence.ts';

type Ordered = Pick<PodView, 'state' | 'breaker' | 'checkedAt' | 'drained' | 'queue'>;

/** A button of a pod. One `slot` is one place: the drain and its undoing take turns there. */
export interface PodOrder {
  slot: 'reopen' | 'work' | 'memory';
  action: PodAction;
  word: string;
}

/** The orders to which a pod's state gives sense. */
export function ordersFor(pod: Ordered): PodOrder[] {
  const orders: PodOrder[] = [];
  if (canReopen(pod)) orders.push({ slot: 'reopen', action: 'reopen', word: 'Reopen' });
  else if (pod.drained) orders.push({ slot: 'work', action: 'reopen', word: 'Take work again' });
  if (!pod.drained) orders.push({ slot: 'work', action: 'drain', word: 'Drain' });
  if (canFree(pod)) orders.push({ slot: 'memory', action: 'free-memory', word: 'Free memory' });
  return orders;
}

function canReopen(pod: Ordered): boolean {
  const { state } = pod;
  if (state === 'quarantined' || state === 'unauthorized' || state === 'gone') return true;
  return state !== 'booting' && failsToAnswer(pod);
}

/** A pod frees its memory between two prompts: one whose worker or GPU is dead never does. */
function canFree({ state, breaker }: Ordered): boolean {
  return (state === 'up' || state === 'degraded' || state === 'draining') && breaker !== 'open';
}

/** What an order that was taken does, in a sentence. `pod` as it was when it was given. */
export function orderedSentence(action: PodAction, pod: Ordered): string {
  const jobs = pod.queue.jobIds.length;
  if (action === 'drain') {
    if (jobs === 0) return 'It gets nothing new from now on.';
    return jobs === 1
      ? 'It finishes the job it has and gets nothing new.'
      : `It finishes the ${jobs} jobs it has and gets nothing new.`;
  }
  if (action === 'reopen')
    return canReopen(pod) ? 'Podium asks it now; if it is well, it gets work again.' : 'It takes work again.';
  return jobs === 0
    ? 'Its memory is freed now.'
    : 'Its memory is freed as soon as nothing of Podium’s is left on it; it goes on with what it has.';
}
