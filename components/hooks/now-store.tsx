'use client';
import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';

const NowContext = createContext(0);
/** A browser's clock within this of the server's is taken as it is. */
const SKEW_ALLOWED_MS = 3000;

/** One clock for the page: the server's time at first, so that both renders agree, then a tick each second. */
export function NowProvider({ serverNow, children }: { serverNow: number; children: ReactNode }) {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const early = performance.timeOrigin - SKEW_ALLOWED_MS;
    const late = Date.now() + SKEW_ALLOWED_MS;
    const skew = serverNow < early || serverNow > late ? serverNow - Date.now() : 0;
    const tick = () => setNow(Date.now() + skew);
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [serverNow]);
  return <NowContext value={now}>{children}</NowContext>;
}

/** Milliseconds of the epoch by the server's clock, renewed each second. */
export function useNow(): number {
  return useContext(NowContext);
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
