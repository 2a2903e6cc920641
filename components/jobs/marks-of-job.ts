import { isTerminal } from '../../lib/jobs/job-state.ts';
import { readNodeStates, type HeardState } from '../../lib/jobs/node-states.ts';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import { drawnNodeOf, type NodeMark, type NodeMarks, type NodeState } from '../graph/node-marks.ts';
import { nodesOfFailure } from './remedies-of.ts';

type Marked = Pick<JobDetail, 'state' | 'live' | 'attempts' | 'error'>;

/** What became of each node of the prompt: now while it runs, else in the attempt that ended. `ids`: as `nodeIdsOf`. */
export function marksOfJob(job: Marked, ids: readonly string[]): NodeMarks {
  const last = job.attempts.at(-1);
  const isOver = isTerminal(job.state) || job.state === 'retry_wait';
  const heard = readNodeStates(ids, isOver ? last?.nodes : job.live?.nodes);
  const running = isOver ? undefined : job.live?.node;
  const marks = new Map<string, NodeMark>();
  for (const id of ids) {
    const state = isOver ? endOf(heard.get(id), job.state === 'succeeded') : (heard.get(id) ?? 'waiting');
    marks.set(id, { state });
  }
  if (running && marks.has(running.id)) marks.set(running.id, { state: 'running', ...partOf(running) });
  for (const id of nodesOfFailure(job)) {
    // A node that a node made carries its id before a dot.
    const owner = drawnNodeOf(id, (held) => marks.has(held));
    if (isOver && owner !== undefined) marks.set(owner, { state: 'failed' });
  }
  return marks;
}

/** What nothing was heard of has run where the job succeeded: it is said of those that did not. */
function endOf(heard: HeardState | undefined, succeeded: boolean): NodeState {
  if (heard === 'cached' || heard === 'done' || heard === 'not_run') return heard;
  if (succeeded) return 'done';
  return heard === 'running' ? 'stopped' : 'not_run';
}

function partOf({ value, max }: { value: number; max: number }): { part?: number } {
  return max > 1 ? { part: Math.min(value / max, 1) } : {};
}
