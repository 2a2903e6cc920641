'use client';
import { useSyncExternalStore } from 'react';

/** A text that this browser keeps under a name; where it keeps nothing, this page does. */
export interface KeptText {
  read(): string;
  write(text: string): void;
  subscribe(listener: () => void): () => void;
}

/** Empty until something is written. */
export function createKeptText(name: string): KeptText {
  const listeners = new Set<() => void>();
  let written: string | undefined;
  return {
    read() {
      if (written !== undefined) return written;
      try {
        return localStorage.getItem(name) ?? '';
      } catch {
        return '';
      }
    },
    write(text) {
      written = text;
      try {
        localStorage.setItem(name, text);
      } catch {
        // A browser that keeps nothing has forgotten it on its next visit.
      }
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What is kept; null until the browser is asked. */
export function useKeptText(kept: KeptText): string | null {
  return useSyncExternalStore<string | null>(kept.subscribe, kept.read, () => null);
}
