'use client';
import { useSyncExternalStore } from 'react';

const KEY = 'podium-dismissed-recovery';
const listeners = new Set<() => void>();
/** Holds the choice for this page where the browser keeps nothing. */
let chosen: string | undefined;

function read(): string {
  if (chosen !== undefined) return chosen;
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function dismiss(id: string): void {
  chosen = id;
  try {
    localStorage.setItem(KEY, id);
  } catch {
    // A browser that keeps nothing shows it again on its next visit.
  }
  for (const listener of listeners) listener();
}

/** The id of the recovery that this browser wants to hear no more of, and how to set it. Null until the browser is asked. */
export function useDismissedRecovery() {
  const dismissed = useSyncExternalStore<string | null>(subscribe, read, () => null);
  return { dismissed, dismiss };
}
