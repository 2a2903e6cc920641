/** What a look at a node by itself tells: whether it is sound, and which nodes it is linked to. */
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

interface Step extends LookedAt {
  nodeId: string;
  /** The source to go to next. */
  next: number;
  /** The when-th node that was come to. */
  order: number;
  /** The earliest node that can be reached from it and is not done with. */
  earliest: number;
}

/**
 * From these nodes back along their links, every node once, whatever the depth. Nodes that reach each other are found as
 * Tarjan's algorithm finds them.
 */
export function walkBack(starts: readonly string[], look: (nodeId: string) => LookedAt): Walked {
  const orders = new Map<string, number>();
  const sound = new Map<string, boolean>();
  const inCycles = new Set<string>();
  const path: Step[] = [];
  /** Nodes that were come to and may still turn out to reach each other. */
  const open: string[] = [];
  const isOpen = new Set<string>();

  const enter = (nodeId: string) => {
    const order = orders.size;
    orders.set(nodeId, order);
    open.push(nodeId);
    isOpen.add(nodeId);
    path.push({ nodeId, ...look(nodeId), next: 0, order, earliest: order });
  };
  const leave = (step: Step) => {
    path.pop();
    sound.set(step.nodeId, step.sound && step.sources.every((id) => sound.get(id) === true));
    const before = path.at(-1);
    if (before) before.earliest = Math.min(before.earliest, step.earliest);
    if (step.earliest < step.order) return;
    const together = open.splice(open.lastIndexOf(step.nodeId));
    for (const id of together) isOpen.delete(id);
    if (together.length > 1 || step.sources.includes(step.nodeId)) for (const id of together) inCycles.add(id);
  };

  for (const start of starts) {
    if (!orders.has(start)) enter(start);
    for (let step = path.at(-1); step; step = path.at(-1)) {
      const source = step.sources[step.next];
      step.next += 1;
      if (source === undefined) leave(step);
      else if (!orders.has(source)) enter(source);
      else if (isOpen.has(source)) step.earliest = Math.min(step.earliest, orders.get(source) ?? step.order);
    }
  }
  return { sound, inCycles };
}
