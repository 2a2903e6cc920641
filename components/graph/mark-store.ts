import type { NodeMark, NodeMarks } from './node-marks.ts';

/** What a drawn node listens to: its own mark, and whether it is the one to be seen. */
export interface MarkStore {
  markOf(id: string): NodeMark | undefined;
  isShown(id: string): boolean;
  subscribe(id: string, listener: () => void): () => void;
  /** Tells only those nodes of which something has changed. */
  set(marks: NodeMarks, shown: string | undefined): void;
}

export function createMarkStore(): MarkStore {
  let marks: NodeMarks = new Map();
  let shown: string | undefined;
  const listeners = new Map<string, Set<() => void>>();
  const tell = (id: string) => {
    for (const listener of listeners.get(id) ?? []) listener();
  };
  return {
    markOf: (id) => marks.get(id),
    isShown: (id) => id === shown,
    subscribe(id, listener) {
      const known = listeners.get(id) ?? new Set();
      listeners.set(id, known.add(listener));
      return () => {
        known.delete(listener);
        if (known.size === 0) listeners.delete(id);
      };
    },
    set(given, next) {
      const before = marks;
      const seenBefore = shown;
      marks = new Map([...given].map(([id, mark]) => [id, kept(before.get(id), mark)]));
      shown = next;
      const ids = new Set([...before.keys(), ...marks.keys()]);
      for (const id of ids) if (before.get(id) !== marks.get(id)) tell(id);
      if (seenBefore === shown) return;
      for (const id of [seenBefore, shown]) if (id !== undefined) tell(id);
    },
  };
}

/** The mark held already where the new one says the same: a node draws itself again only for another. */
function kept(held: NodeMark | undefined, given: NodeMark): NodeMark {
  return held?.state === given.state && held.part === given.part ? held : given;
}
