import { describe, expect, it } from 'vitest';
import { createStore } from './external-store.ts';

describe('a value that components subscribe to', () => {
  it('B161 tells subscribers of every change and works only while there are any', () => {
    const seen: string[] = [];
    const store = createStore(1, (self) => {
      seen.push(`begins with ${self.get()}`);
      return () => seen.push('ends');
    });
    const leave = [store.subscribe(() => seen.push(`a ${store.get()}`)), store.subscribe(() => seen.push('b'))];
    store.set(2);
    leave[0]?.();
    store.set(3);
    leave[1]?.();
    store.set(4);
    expect(seen).toEqual(['begins with 1', 'a 2', 'b', 'b', 'ends']);
    expect(store.get()).toBe(4);
  });
});
