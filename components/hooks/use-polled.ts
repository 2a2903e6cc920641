'use client';
import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { ApiClient } from '../../lib/api-client.ts';
import { browserApi } from './browser-api.ts';
import { useLive } from './live-store.tsx';

const EVERY_MS = 10_000;
/** Soon after the connection came back, when the server may have just begun to tidy up. */
const AFTER_RETURN_MS = 2000;

/**
 * What the server rendered, read anew every ten seconds (`everyMs`) while the page is seen, and at once when it is seen
 * again or its connection came back. A read that fails leaves what was known. `soon` reads it once more after a while,
 * once however often it is called meanwhile.
 */
export function usePolled<T>(first: T, read: (api: ApiClient) => Promise<T>, everyMs?: (value: T) => number) {
  const { session } = useLive();
  const [held, setHeld] = useState({ first, value: first });
  if (held.first !== first) setHeld({ first, value: first });
  const seenSession = useRef(session);
  /** Counts what was set by hand: a read that began before must not undo it. */
  const changes = useRef(0);
  const soon = useRef<(afterMs: number) => void>(undefined);
  const set = (value: T) => {
    changes.current += 1;
    setHeld((now) => ({ ...now, value }));
  };
  const look = useEffectEvent(async () => {
    const before = changes.current;
    const value = await read(await browserApi());
    if (changes.current === before) setHeld((now) => ({ ...now, value }));
  });
  const pause = useEffectEvent(() => everyMs?.(held.value) ?? EVERY_MS);
  useEffect(() => {
    const returned = seenSession.current > 0 && session > seenSession.current;
    seenSession.current = session;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    let looking = false;
    const isSeen = () => document.visibilityState === 'visible';
    async function turn(nextMs?: number) {
      clearTimeout(timer);
      if (looking) return;
      looking = true;
      if (isSeen()) await look().catch(() => undefined);
      looking = false;
      if (!stopped) timer = setTimeout(() => void turn(), nextMs ?? pause());
    }
    let early: ReturnType<typeof setTimeout> | undefined;
    soon.current = (afterMs) => {
      early ??= setTimeout(() => {
        early = undefined;
        void turn();
      }, afterMs);
    };
    const onVisible = () => isSeen() && void turn();
    document.addEventListener('visibilitychange', onVisible);
    if (returned) void turn(AFTER_RETURN_MS);
    else timer = setTimeout(() => void turn(), pause());
    return () => {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(early);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [session]);
  const readSoon = useCallback((afterMs: number) => soon.current?.(afterMs), []);
  return { value: held.value, set, soon: readSoon };
}
