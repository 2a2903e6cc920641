'use client';
import { createContext, useContext, useSyncExternalStore } from 'react';
import { createMarkStore, type MarkStore } from './mark-store.ts';
import type { NodeMark } from './node-marks.ts';

export const MarkContext = createContext<MarkStore>(createMarkStore());

export function useMark(id: string): NodeMark | undefined {
  const store = useContext(MarkContext);
  return useSyncExternalStore(
    (listener) => store.subscribe(id, listener),
    () => store.markOf(id),
  );
}

/** Whether it is the node that a person wants to see. */
export function useIsShown(id: string): boolean {
  const store = useContext(MarkContext);
  return useSyncExternalStore(
    (listener) => store.subscribe(id, listener),
    () => store.isShown(id),
  );
}
