'use client';
import { useEffect, useState } from 'react';
import type { PodView } from '../../lib/protocol/pods.ts';
import type { PodChangedEvent } from '../../lib/protocol/socket.ts';
import { createLiveFeed } from './live-feed.ts';
import { useLive } from './live-store.tsx';

/** The pods, first from the server's render, then from the socket. */
export function useLivePods(first: PodView[]): PodView[] {
  const { socket, session } = useLive();
  const [pods, setPods] = useState(first);
  useEffect(() => {
    if (!socket || session === 0) return;
    const feed = createLiveFeed();
    let watching = true;
    const changed = (event: PodChangedEvent) =>
      feed.event(event, () => setPods((held) => held.map((pod) => (pod.id === event.pod.id ? event.pod : pod))));
    socket.on('pod:changed', changed);
    socket.emit('pods:watch', {}, (answer) => {
      if (watching && !('error' in answer)) feed.snapshot(answer, () => setPods(answer.pods));
    });
    return () => {
      watching = false;
      socket.off('pod:changed', changed);
    };
  }, [socket, session]);
  return pods;
}
