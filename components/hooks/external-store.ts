/**
 * A value that components subscribe to one by one. A context that changed would make React throw away what the server
 * rendered of a page that is still arriving.
 */
export interface ExternalStore<T> {
  get(): T;
  set(next: T): void;
  /** `onFirst` of `createStore` runs with the first subscriber, what it returns when the last one is gone. */
  subscribe(listener: () => void): () => void;
}

export function createStore<T>(first: T, onFirst?: (store: ExternalStore<T>) => () => void): ExternalStore<T> {
  let value = first;
  let onLast: (() => void) | undefined;
  const listeners = new Set<() => void>();
  const store: ExternalStore<T> = {
    get: () => value,
    set(next) {
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) onLast = onFirst?.(store);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) onLast?.();
      };
    },
  };
  return store;
}
