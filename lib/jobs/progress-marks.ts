import type { Prompt } from '../workflow/prompt.ts';
import { readNodeStates, type HeardState } from './node-states.ts';
import { MIN_STEPPING_WEIGHT, type ProgressPlan } from './progress-plan.ts';

/** How far one node has come. The key in `Marks` is the pod's node id: of the prompt, or of an expansion. */
interface Mark {
  /** The node of the prompt it belongs to. */
  readonly owner: string;
  /** Its own steps as last reported. */
  readonly value: number;
  readonly max: number;
  /** The furthest it has come, 0–1. */
  readonly fraction: number;
  readonly done: boolean;
  /** Whether its result was there before. */
  readonly cached: boolean;
}
export type Marks = ReadonlyMap<string, Mark>;

/** Bound against a pod that invents nodes without end. */
const MAX_MARKS = 20_000;

interface NodeReport {
  state: string;
  value?: number | null | undefined;
  max?: number | null | undefined;
  display_node_id?: string | null | undefined;
}

/** The prompt's node that stands for a pod's node id; `4.0.0.1` is a node that node 4 expanded into. */
export function ownerOf(prompt: Prompt, nodeId: string, display?: string | null): string | undefined {
  const candidates = [nodeId, display ?? nodeId, nodeId.split('.', 1)[0] ?? nodeId];
  return candidates.find((id) => Object.hasOwn(prompt, id));
}

/** The marks after reports of the pod; the same object where they say nothing new. */
export function markNodes(marks: Marks, prompt: Prompt, reports: Readonly<Record<string, NodeReport>>): Marks {
  let next: Map<string, Mark> | undefined;
  for (const [nodeId, report] of Object.entries(reports)) {
    const held = (next ?? marks).get(nodeId);
    const mark = markAfter(held, held?.owner ?? ownerOf(prompt, nodeId, report.display_node_id), report);
    if (!mark || mark === held) continue;
    next ??= new Map(marks);
    if (held || next.size < MAX_MARKS) next.set(nodeId, mark);
  }
  return next ?? marks;
}

export function markDone(marks: Marks, prompt: Prompt, nodeId: string): Marks {
  return markNodes(marks, prompt, { [nodeId]: { state: 'finished' } });
}

export function markCached(marks: Marks, prompt: Prompt, nodeIds: readonly string[]): Marks {
  return markNodes(marks, prompt, Object.fromEntries(nodeIds.map((nodeId) => [nodeId, { state: 'cached' }])));
}

/** What an earlier process had heard has ended; what ran then is reported anew. */
export function marksFrom(plan: ProgressPlan, letters: string | undefined): Marks {
  const ended = [...readNodeStates(plan.ids, letters)].filter(([, state]) => state === 'done' || state === 'cached');
  return new Map(
    ended.map(([owner, state]) => [
      owner,
      { owner, value: 1, max: 1, fraction: 1, done: true, cached: state === 'cached' },
    ]),
  );
}

/**
 * What was heard of a node of the prompt; `current` is the one whose turn it is. One that had its turn and waits for an
 * input it found out it needs does not run.
 */
export function heardOf(plan: ProgressPlan, marks: Marks, current: string | undefined, id: string): HeardState {
  const mark = marks.get(id);
  if (mark?.done) return mark.cached ? 'cached' : 'done';
  const hasInputs = () => (plan.sources.get(id) ?? []).every((source) => marks.get(source)?.done);
  return id === current || (mark && hasInputs()) ? 'running' : 'waiting';
}

/** Nodes whose result has been used, by those that were heard of. */
export function usedBy(plan: ProgressPlan, marks: Marks, current: string | undefined): ReadonlySet<string> {
  const used = new Set<string>();
  for (const id of plan.order)
    if (id === current || marks.has(id) || used.has(id))
      for (const source of plan.sources.get(id) ?? []) used.add(source);
  return used;
}

/** What became of a node in a prompt that succeeded; `heardAll`: nothing of it can have been missed. */
export function heardAtEnd(marks: Marks, heardAll: boolean, id: string): HeardState {
  const mark = marks.get(id);
  if (mark) return mark.cached ? 'cached' : 'done';
  return heardAll ? 'not_run' : 'waiting';
}

function markAfter(held: Mark | undefined, owner: string | undefined, report: NodeReport): Mark | undefined {
  const ends = report.state === 'finished' || report.state === 'cached';
  if (owner === undefined || (report.state !== 'running' && !ends)) return held;
  const max = usable(report.max) && report.max > 0 ? report.max : (held?.max ?? 1);
  const value = usable(report.value) ? Math.min(max, Math.max(0, report.value)) : (held?.value ?? 0);
  const done = held?.done === true || ends;
  // A pod also reports what it took from its cache as finished.
  const cached = held?.done ? held.cached && report.state !== 'running' : report.state === 'cached';
  const fraction = done ? 1 : Math.max(held?.fraction ?? 0, value / max);
  const next: Mark = { owner, value, max, fraction, done, cached };
  return held && MARK_FIELDS.every((field) => held[field] === next[field]) ? held : next;
}

const MARK_FIELDS = ['value', 'max', 'fraction', 'done', 'cached'] as const;

function usable(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/**
 * The whole bar, 0–1. A node is done when the pod said so, or when all that use its result are done: a cached branch and
 * a lazy one that is never taken count like one that ran. A node that expands shows how many parts it has behind it;
 * how many follow nobody knows, so its share comes closer to whole without reaching it.
 */
export function barOf(plan: ProgressPlan, marks: Marks): number {
  const parts = new Map<string, number>();
  const stepping = new Set<string>();
  for (const [nodeId, mark] of marks) {
    if (mark.max > 1) stepping.add(mark.owner);
    if (nodeId !== mark.owner) parts.set(mark.owner, (parts.get(mark.owner) ?? 0) + mark.fraction);
  }
  const done = new Set<string>();
  let total = 0;
  let reached = 0;
  for (const id of plan.order) {
    const users = plan.consumers.get(id) ?? [];
    const mark = marks.get(id);
    if (mark?.done === true || (users.length > 0 && users.every((user) => done.has(user)))) done.add(id);
    const weight = Math.max(plan.weights.get(id) ?? 1, stepping.has(id) ? MIN_STEPPING_WEIGHT : 0);
    const partly = Math.max(mark?.fraction ?? 0, 1 - 1 / (1 + (parts.get(id) ?? 0)));
    total += weight;
    reached += weight * (done.has(id) ? 1 : partly);
  }
  return total === 0 ? 0 : reached / total;
}
