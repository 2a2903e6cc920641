import { z } from 'zod';
import { nodeName, type Prompt } from '../workflow/prompt.ts';
import { nodeStatesSchema, writeNodeStates } from './node-states.ts';
import { promptOf, type PodEvent } from './pod-event.ts';
import {
  barOf,
  heardAtEnd,
  heardOf,
  markCached,
  markDone,
  markNodes,
  marksFrom,
  ownerOf,
  usedBy,
  type Marks,
} from './progress-marks.ts';
import { planProgress, type ProgressPlan } from './progress-plan.ts';

/** What a person is told about the present moment of a running job. */
export const PHASES = ['queued', 'loading', 'sampling', 'saving'] as const;
export const phaseSchema = z.enum(PHASES);
export type Phase = z.infer<typeof phaseSchema>;

/** The live picture of one attempt, small enough to be sent ten times a second. */
export const jobProgressSchema = z.object({
  promptId: z.string(),
  /** 0–100, never falling within an attempt, 100 only when the pod reported success. */
  percent: z.number().min(0).max(100),
  phase: phaseSchema,
  /** The node that runs now. `value`/`max` are its own steps. */
  node: z.object({ id: z.string(), name: z.string(), value: z.number(), max: z.number() }).optional(),
  /** How far every node is; absent while nothing was heard of any. Lists go without. */
  nodes: nodeStatesSchema.optional(),
  /** ISO 8601: since when nothing was heard of it, once that is longer than is usual. */
  silentSince: z.string().optional(),
  /** Milliseconds without a sign of life when this was written: how the count goes on after a restart. */
  quietMs: z.number().nonnegative().optional(),
  /** Place in the pod's queue, 1 = next, while `phase` is `queued`. */
  queuePosition: z.number().int().positive().optional(),
});
export type JobProgress = z.infer<typeof jobProgressSchema>;

/** The picture for a list, which shows no graph. */
export function withoutNodes({ nodes: _unseen, ...progress }: JobProgress): JobProgress {
  return progress;
}

/** What the fold below keeps of one attempt. Opaque to callers. */
export interface ProgressFold {
  readonly promptId: string;
  readonly prompt: Prompt;
  readonly progress: JobProgress;
  readonly plan: ProgressPlan;
  readonly marks: Marks;
  /** The node id the pod last named as running: of the prompt, or of an expansion. */
  readonly current?: string;
  /** Whether `progress_state` arrives; pods that send it need no guess about what has finished. */
  readonly statesSeen: boolean;
  /** Whether its start was heard, here or by an earlier process: what comes from the pod's cache is told then. */
  readonly startHeard: boolean;
  /** Whether everything since its start was heard: no gap in which a node may have had its turn. */
  readonly whole: boolean;
}

/** The most a bar shows before the pod reported success. */
const MAX_UNFINISHED = 99;

/** The fold of a prompt just accepted, or, with `from`, of one followed again. */
export function startProgress(promptId: string, prompt: Prompt, from?: JobProgress): ProgressFold {
  const plan = planProgress(prompt);
  const progress: JobProgress = from?.promptId === promptId ? from : { promptId, percent: 0, phase: 'queued' };
  const heard = { statesSeen: false, startHeard: progress.nodes !== undefined, whole: false };
  return { promptId, prompt, progress, plan, marks: marksFrom(plan, progress.nodes), ...heard };
}

/** What REST says about a prompt that has not ended. */
export type ProgressLook = { type: 'pending'; position: number } | { type: 'running' };

/** The fold after one event or look; the same object where nothing changed. Events of other prompts change nothing. */
export function foldProgress(fold: ProgressFold, event: PodEvent | ProgressLook): ProgressFold {
  if (fold.progress.percent === 100) return fold;
  if (event.type === 'pending') return pending(fold, event.position);
  if (event.type === 'running') return started(fold);
  const promptId = promptOf(event);
  if (promptId === undefined) return event.type === 'executing' ? hinted(fold, event.data.node) : fold;
  if (promptId !== fold.promptId) return fold;
  switch (event.type) {
    case 'status':
    case 'execution_interrupted':
      return fold;
    case 'execution_start':
      return begun(fold);
    case 'execution_cached':
      return advanced(started(fold), { marks: markCached(fold.marks, fold.prompt, event.data.nodes) });
    case 'executing': {
      const { node, display_node: display } = event.data;
      return node === null ? fold : entered(started(fold), node, display ?? undefined);
    }
    case 'progress': {
      const { node, value, max } = event.data;
      if (node === null || node === undefined) return started(fold);
      const marks = markNodes(fold.marks, fold.prompt, { [node]: { state: 'running', value, max } });
      return advanced(started(fold), { marks, current: node });
    }
    case 'progress_state': {
      const marks = markNodes(fold.marks, fold.prompt, event.data.nodes);
      const running = Object.keys(event.data.nodes).filter((id) => event.data.nodes[id]?.state === 'running');
      const current = fold.current !== undefined && running.includes(fold.current) ? fold.current : running.at(-1);
      return advanced(started(fold), { marks, statesSeen: true, ...(current !== undefined && { current }) });
    }
    case 'executed':
      return advanced(started(fold), { marks: markDone(fold.marks, fold.prompt, event.data.node) });
    case 'execution_error': {
      // A blocked node has had its turn and the prompt goes on; any other error leaves the bar where it stands.
      const { node_id: node, exception_type: type } = event.data;
      if (type !== 'ExecutionBlocked' || !node) return fold;
      return advanced(fold, { marks: markDone(fold.marks, fold.prompt, node) });
    }
    case 'execution_success':
      return succeeded(fold);
  }
}

function begun(fold: ProgressFold): ProgressFold {
  if (fold.startHeard || fold.marks.size > 0) return started(fold);
  return { ...started(fold), startHeard: true, whole: true };
}

function succeeded(fold: ProgressFold): ProgressFold {
  const heardAll = fold.statesSeen || fold.whole;
  const nodes = writeNodeStates(fold.plan.ids, (id) => heardAtEnd(fold.marks, heardAll, id));
  return { ...fold, progress: { promptId: fold.promptId, percent: 100, phase: 'saving', ...(nodes && { nodes }) } };
}

function pending(fold: ProgressFold, position: number): ProgressFold {
  const { phase, queuePosition } = fold.progress;
  if (phase !== 'queued' || position === queuePosition || !Number.isSafeInteger(position) || position < 1) return fold;
  return { ...fold, progress: { ...fold.progress, queuePosition: position } };
}

function started(fold: ProgressFold): ProgressFold {
  if (fold.progress.phase !== 'queued') return fold;
  const { queuePosition: _over, ...progress } = fold.progress;
  return { ...fold, progress: { ...progress, phase: 'loading' } };
}

/** What a pod says on a reconnect names no prompt: it can be believed only for a node of ours while ours runs. */
function hinted(fold: ProgressFold, node: string | null): ProgressFold {
  if (node === null || fold.progress.phase === 'queued') return fold;
  const heard = fold.whole ? { ...fold, whole: false } : fold;
  const ours = Object.hasOwn(fold.prompt, node) && node !== fold.current;
  return ours ? advanced(heard, { current: node }) : heard;
}

function entered(fold: ProgressFold, node: string, display: string | undefined): ProgressFold {
  const before = fold.current;
  let marks = fold.marks;
  if (!fold.statesSeen && before !== undefined && before !== node) {
    // Older pods do not report what has finished: the next node's turn tells, unless the one before waits for an input.
    const owner = ownerOf(fold.prompt, before);
    const ready = (fold.plan.sources.get(before) ?? []).every((source) => marks.get(source)?.done);
    if (ready && owner !== ownerOf(fold.prompt, node, display)) marks = markDone(marks, fold.prompt, before);
  }
  const turn = { [node]: { state: 'running', display_node_id: display } };
  return advanced(fold, { marks: markNodes(marks, fold.prompt, turn), current: node });
}

type Advance = Partial<Pick<ProgressFold, 'marks' | 'current' | 'statesSeen'>>;

function advanced(fold: ProgressFold, change: Advance): ProgressFold {
  const next = { ...fold, ...change };
  const same = next.marks === fold.marks && next.current === fold.current && next.statesSeen === fold.statesSeen;
  if (same) return fold;
  const reached = Math.floor(barOf(next.plan, next.marks) * 1000) / 10;
  const percent = Math.max(fold.progress.percent, Math.min(MAX_UNFINISHED, reached));
  const node = nodeOf(next);
  const nodes = heardNodes(next, node?.id);
  const progress = { promptId: fold.promptId, percent, phase: phaseOf(next) };
  return { ...next, progress: { ...progress, ...(node && { node }), ...(nodes && { nodes }) } };
}

function heardNodes({ plan, marks, startHeard }: ProgressFold, current: string | undefined): string | undefined {
  // Where the start was missed, what is used has been taken from the cache or has had its turn.
  const used = startHeard ? new Set() : usedBy(plan, marks, current);
  return writeNodeStates(plan.ids, (id) => {
    const heard = heardOf(plan, marks, current, id);
    return heard === 'waiting' && used.has(id) ? 'done' : heard;
  });
}

function nodeOf(fold: ProgressFold): JobProgress['node'] {
  if (fold.current === undefined) return undefined;
  const mark = fold.marks.get(fold.current);
  const id = mark?.owner ?? ownerOf(fold.prompt, fold.current);
  if (id === undefined) return undefined;
  return { id, name: nodeName(fold.prompt, id), value: mark?.value ?? 0, max: mark?.max ?? 1 };
}

const SAVING = /^(Save|Preview)|Save(r|Image|Video|Audio)?$|VAEDecode|VideoCombine/;
const LOADING = /load/i;

function phaseOf(fold: ProgressFold): Phase {
  const before = fold.progress.phase;
  const mark = fold.current === undefined ? undefined : fold.marks.get(fold.current);
  const owner = fold.current === undefined ? undefined : (mark?.owner ?? ownerOf(fold.prompt, fold.current));
  const classType = (owner !== undefined && fold.prompt[owner]?.class_type) || '';
  if (SAVING.test(classType)) return 'saving';
  if (LOADING.test(classType)) return 'loading';
  if (mark && mark.max > 1 && mark.value > 0) return 'sampling';
  return before === 'queued' || before === 'saving' ? 'loading' : before;
}
