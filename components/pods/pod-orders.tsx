'use client';
import { CirclePause, MemoryStick, Play, RotateCcw, type LucideIcon } from 'lucide-react';
import type { PodView } from '../../lib/protocol/pods.ts';
import { usePodOrder } from '../hooks/use-pod-order.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';
import { orderedSentence, ordersFor, type PodOrder } from './pod-order.ts';

/** What a person can order of the pod; what was ordered is said beside it. */
export function PodOrders({ pod, onOrder }: { pod: PodView; onOrder: () => void }) {
  const { order, busy, said, problem } = usePodOrder(pod.id);
  function give({ action }: PodOrder) {
    if (busy) return;
    onOrder();
    void order(action, orderedSentence(action, pod));
  }
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap gap-2">
        {ordersFor(pod).map((one) => {
          const Icon = iconOf(one);
          return (
            <Button
              key={one.slot}
              size="small"
              tone={one.slot === 'reopen' ? 'primary' : 'plain'}
              aria-label={`${one.word}: ${pod.name}`}
              aria-disabled={busy}
              className={busy ? 'opacity-60' : undefined}
              onClick={() => give(one)}
            >
              <Icon size={14} aria-hidden /> {one.word}
            </Button>
          );
        })}
      </div>
      <p role="status" className={said ? undefined : 'sr-only'}>
        {said}
      </p>
      <Problem text={problem} className="break-words" />
    </div>
  );
}

function iconOf({ slot, action }: PodOrder): LucideIcon {
  if (slot === 'memory') return MemoryStick;
  if (slot === 'reopen') return RotateCcw;
  return action === 'drain' ? CirclePause : Play;
}
