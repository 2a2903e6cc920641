/** What became of a node: of one that waits, runs or ran, or one that a check before the run found a fault with. */
export type NodeState = 'waiting' | 'cached' | 'running' | 'done' | 'failed' | 'stopped' | 'not_run' | 'problem';

export interface NodeMark {
  state: NodeState;
  /** How much of its own steps is done, 0–1, while it runs. */
  part?: number;
}

/** By the id a node has in the prompt (`12`, `12:34`); a node without a mark is drawn plain. */
export type NodeMarks = ReadonlyMap<string, NodeMark>;

/** Which of the drawn nodes stands for a node of the prompt: itself, or what it is inside of. */
export function drawnNodeOf(id: string, isDrawn: (id: string) => boolean): string | undefined {
  let held = id;
  while (!isDrawn(held)) {
    const end = Math.max(held.lastIndexOf(':'), held.lastIndexOf('.'));
    if (end <= 0) return undefined;
    held = held.slice(0, end);
  }
  return held;
}

/** The marks of what is drawn: one that stands for several nodes comes to what they come to together. */
export function marksOfDrawn(drawn: ReadonlySet<string>, marks: NodeMarks): NodeMarks {
  const parts = new Map<string, NodeMark[]>();
  for (const [id, mark] of marks) {
    const at = drawnNodeOf(id, (held) => drawn.has(held));
    if (at === undefined) continue;
    const before = parts.get(at);
    if (before) before.push(mark);
    else parts.set(at, [mark]);
  }
  return new Map([...parts].map(([id, several]) => [id, together(several)]));
}

/** The first of these that any part is in is what the whole is in. */
const BY_WEIGHT: readonly NodeState[] = [
  'failed',
  'problem',
  'running',
  'stopped',
  'waiting',
  'done',
  'cached',
  'not_run',
];

function together(marks: readonly NodeMark[]): NodeMark {
  const [first] = marks;
  if (first && marks.length === 1) return first;
  const state = BY_WEIGHT.find((one) => marks.some((mark) => mark.state === one)) ?? 'waiting';
  if (state !== 'running') return { state };
  const reached = marks.reduce((sum, mark) => sum + (isOver(mark.state) ? 1 : (mark.part ?? 0)), 0);
  return { state, part: reached / marks.length };
}

function isOver(state: NodeState): boolean {
  return state === 'done' || state === 'cached';
}
