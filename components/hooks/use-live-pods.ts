'use client';
import { useEffect, useState } from 'react';
import { isNewer, type Stamp } from '../../lib/jobs/live-view.ts';
import type { PodView } from '../../lib/protocol/pods.ts';
import type { PodChangedEvent, PodsSnapshot, Refusal } from '../../lib/protocol/socket.ts';
import { useConnection } from './live-store.tsx';

/** The pods, first from the server's render, then from the socket. */
export function useLivePods(first: PodView[]): PodView[] {
  const { socket, connection } = useConnection();
  const [pods, setPods] = useState(first);
  useEffect(() => {
    if (!socket || connection !== 'connected') return;
    let stamp: Stamp | undefined;
    let watching = true;
    const changed = (event: PodChangedEvent) => {
      if (!isNewer(stamp, event)) return;
      stamp = event;
      setPods((held) => held.map((pod) => (pod.id === event.pod.id ? event.pod : pod)));
    };
    socket.on('pod:changed', changed);
    socket.emit('pods:watch', {}, (answer: PodsSnapshot | Refusal) => {
      if (!watching || 'error' in answer) return;
      stamp = answer;
      setPods(answer.pods);
    });
    return () => {
      watching = false;
      socket.off('pod:changed', changed);
    };
  }, [socket, connection]);
  return pods;
}
