'use client';
import { createContext, useContext, useState, useSyncExternalStore, type ReactNode } from 'react';
import { createStore, type ExternalStore } from './external-store.ts';

interface Clock {
  serverNow: number;
  store: ExternalStore<number>;
}
const ClockContext = createContext<Clock | null>(null);
/** A browser's clock within this of the server's is taken as it is. */
const SKEW_ALLOWED_MS = 3000;

/** Milliseconds that the server's clock is ahead, where the difference is more than the page's own way here. */
function skewOf(serverNow: number): number {
  const early = performance.timeOrigin - SKEW_ALLOWED_MS;
  const late = Date.now() + SKEW_ALLOWED_MS;
  return serverNow < early || serverNow > late ? serverNow - Date.now() : 0;
}

/** One clock for the page: the server's time at first, so that both renders agree, then a tick each second. */
export function NowProvider({ serverNow, children }: { serverNow: number; children: ReactNode }) {
  const [clock] = useState<Clock>(() => ({
    serverNow,
    store: createStore(serverNow, (store) => {
      const skew = skewOf(serverNow);
      const tick = () => store.set(Date.now() + skew);
      const soon = setTimeout(tick);
      const timer = setInterval(tick, 1000);
      return () => {
        clearTimeout(soon);
        clearInterval(timer);
      };
    }),
  }));
  return <ClockContext value={clock}>{children}</ClockContext>;
}

/** Milliseconds of the epoch by the server's clock, renewed each second. */
export function useNow(): number {
  const clock = useContext(ClockContext);
  if (!clock) throw new Error('useNow needs a NowProvider above it');
  return useSyncExternalStore(clock.store.subscribe, clock.store.get, () => clock.serverNow);
}

const never = () => () => undefined;
/** `utc` while server and browser must agree, `local` afterwards. */
export function useZone(): 'utc' | 'local' {
  return useSyncExternalStore(
    never,
    () => 'local' as const,
    () => 'utc' as const,
  );
}
