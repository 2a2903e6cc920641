/** What is wrong with a node by itself is said when it is looked at; this says what it is linked to. */
export interface LookedAt {
  sound: boolean;
  sources: readonly string[];
}

export interface Walked {
  /** Whether the node and all it depends on are sound, for each node that was come to. */
  sound: ReadonlyMap<string, boolean>;
  /** Nodes that depend on themselves. */
  inCycles: ReadonlySet<string>;
}

/** From these nodes back along their links, every node once, whatever the depth. */
export function walkBack(starts: readonly string[], look: (nodeId: string) => LookedAt): Walked {
  const sound = new Map<string, boolean>();
  const seen = new Map<string, readonly string[]>();
  let closesLoop = false;
  const enter = (nodeId: string) => {
    const looked = look(nodeId);
    seen.set(nodeId, looked.sources);
    return { nodeId, ...looked, next: 0 };
  };
  for (const start of starts) {
    if (seen.has(start)) continue;
    const path = [enter(start)];
    for (let node = path.at(-1); node; node = path.at(-1)) {
      const source = node.sources[node.next];
      if (source === undefined) {
        sound.set(node.nodeId, node.sound && node.sources.every((id) => sound.get(id) === true));
        path.pop();
        continue;
      }
      node.next += 1;
      if (!seen.has(source)) path.push(enter(source));
      // On the path and not done with.
      else if (!sound.has(source)) closesLoop = true;
    }
  }
  return { sound, inCycles: closesLoop ? nodesInCycles(seen) : new Set() };
}

/** What remains when nodes without a source, and then those that nothing depends on, are taken away again and again. */
function nodesInCycles(sourcesOf: ReadonlyMap<string, readonly string[]>): Set<string> {
  const nodes = new Set(sourcesOf.keys());
  const dependents = new Map<string, string[]>();
  for (const id of nodes) dependents.set(id, []);
  for (const [id, sources] of sourcesOf) for (const source of sources) dependents.get(source)?.push(id);
  peel(nodes, sourcesOf, dependents);
  peel(nodes, dependents, sourcesOf);
  return nodes;
}

type Neighbours = ReadonlyMap<string, readonly string[]>;

/** Takes away, again and again, what has no neighbour left on one side. */
function peel(nodes: Set<string>, before: Neighbours, after: Neighbours): void {
  const remaining = (id: string) => (before.get(id) ?? []).filter((one) => nodes.has(one)).length;
  const left = new Map([...nodes].map((id) => [id, remaining(id)]));
  const free = [...nodes].filter((id) => left.get(id) === 0);
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    nodes.delete(id);
    for (const next of after.get(id) ?? []) {
      const count = (left.get(next) ?? 0) - 1;
      left.set(next, count);
      if (count === 0 && nodes.has(next)) free.push(next);
    }
  }
}
