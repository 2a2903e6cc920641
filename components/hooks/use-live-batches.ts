'use client';
import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { BatchList, BatchView } from '../../lib/protocol/batches.ts';
import type { BatchChangedEvent } from '../../lib/protocol/socket.ts';
import { browserApi } from './browser-api.ts';
import { useLive } from './live-store.tsx';

/** Batches of a page of the list. */
const PAGE = 20;

const NONE: BatchList = { batches: [], nextCursor: null };

/**
 * The batches that stand in the job list: first from the server's render, then each read anew when the socket tells that it
 * changed. Undefined: there are none to show, and nothing is watched.
 */
export function useLiveBatches(first: BatchList | undefined) {
  const { socket, session } = useLive();
  const [held, setHeld] = useState({ first, list: first ?? NONE });
  if (held.first !== first) setHeld({ first, list: first ?? NONE });
  const { list } = held;
  const setList = (change: (list: BatchList) => BatchList) => setHeld((now) => ({ ...now, list: change(now.list) }));
  const shown = first !== undefined;
  const reading = useRef(new Set<string>());

  const offer = useCallback((batch: BatchView) => {
    setHeld((now) => ({ ...now, list: { ...now.list, batches: withBatch(now.list.batches, batch) } }));
  }, []);
  const onChanged = useEffectEvent(({ batchId }: BatchChangedEvent) => {
    if (reading.current.has(batchId)) return;
    reading.current.add(batchId);
    void browserApi()
      .then((api) => api.batch(batchId))
      .then(offer)
      .catch(() => undefined)
      .finally(() => reading.current.delete(batchId));
  });
  const readAnew = useEffectEvent(async () => {
    const limit = Math.min(50, Math.max(PAGE, list.batches.length));
    const anew = await (await browserApi()).batches({ limit });
    setList(() => anew);
  });
  const seen = useRef(session);
  useEffect(() => {
    if (!socket || session === 0 || !shown) return;
    const changed = (event: BatchChangedEvent) => onChanged(event);
    socket.on('batch:changed', changed);
    // What happened before this connection was told to nobody here.
    if (session !== seen.current) void readAnew().catch(() => undefined);
    seen.current = session;
    return () => void socket.off('batch:changed', changed);
  }, [socket, session, shown]);

  return {
    list,
    /** Takes in a batch that the API answered with. */
    offer,
    /** Reads the next page. Rejects with `ApiError`. */
    more: async () => {
      if (list.nextCursor === null) return;
      const page = await (await browserApi()).batches({ limit: PAGE, cursor: list.nextCursor });
      setList((now) => ({
        nextCursor: page.nextCursor,
        batches: page.batches.reduce(withBatch, now.batches),
      }));
    },
  };
}

/** Newest first. */
function withBatch(batches: BatchView[], batch: BatchView): BatchView[] {
  const rest = batches.filter(({ id }) => id !== batch.id);
  return [...rest, batch].toSorted((a, b) =>
    a.createdAt === b.createdAt ? (a.id < b.id ? 1 : -1) : a.createdAt < b.createdAt ? 1 : -1,
  );
}
