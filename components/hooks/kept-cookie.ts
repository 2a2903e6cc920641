'use client';
import { useSyncExternalStore } from 'react';

const YEAR_S = 365 * 24 * 3600;

/** A choice that this browser keeps in a cookie, so that the server renders by it and nothing on the page jumps. */
export interface KeptCookie {
  read(): string;
  /** `value` of letters, digits and `.@-_` alone. */
  write(value: string): void;
  subscribe(listener: () => void): () => void;
}

/** Empty until something is written. */
export function createKeptCookie(name: string): KeptCookie {
  const listeners = new Set<() => void>();
  let written: string | undefined;
  return {
    /** A browser that takes no cookies forgets it with this page. */
    read: () => written ?? valueIn(document.cookie, name),
    write(value) {
      written = value;
      document.cookie = `${name}=${value}; path=/; max-age=${YEAR_S}; samesite=strict`;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function valueIn(cookies: string, name: string): string {
  const found = cookies.split('; ').find((one) => one.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? '';
}

/** What is kept; `given` is what the server read. */
export function useKeptCookie(kept: KeptCookie, given: string): string {
  return useSyncExternalStore(kept.subscribe, kept.read, () => given);
}
