import { z } from 'zod';
import { MAX_PROMPT_NODES, type Prompt } from '../workflow/prompt.ts';

/** What was heard of a node of the prompt. `not_run`: the prompt succeeded without it. */
export type HeardState = 'waiting' | 'running' | 'cached' | 'done' | 'not_run';
const LETTERS: Record<HeardState, string> = { waiting: '-', running: 'r', cached: 'c', done: 'd', not_run: 'n' };
const STATES: Record<string, HeardState> = { r: 'running', c: 'cached', d: 'done', n: 'not_run' };

/**
 * How far each node of a prompt is: a letter a node, by their ids in ascending order of UTF-16 code units. `-` not heard
 * of, `r` runs, `c` taken from the pod's cache, `d` done, `n` certainly not run. It goes out ten times a second, so a node
 * costs a letter.
 */
export const nodeStatesSchema = z
  .string()
  .max(MAX_PROMPT_NODES)
  .regex(/^[-rcdn]*$/);

/** The ids of a prompt's nodes in the order that `nodeStatesSchema` names. */
export function nodeIdsOf(prompt: Prompt): string[] {
  return Object.keys(prompt).sort();
}

/** The letters of these nodes; undefined where nothing was heard of any, or they are more than is told of. */
export function writeNodeStates(ids: readonly string[], stateOf: (id: string) => HeardState): string | undefined {
  if (ids.length > MAX_PROMPT_NODES) return undefined;
  const letters = ids.map((id) => LETTERS[stateOf(id)]).join('');
  return /[^-]/.test(letters) ? letters : undefined;
}

/** The nodes of which something was heard; none where the letters are of another prompt. */
export function readNodeStates(ids: readonly string[], letters: string | undefined): ReadonlyMap<string, HeardState> {
  const heard = new Map<string, HeardState>();
  if (letters?.length !== ids.length) return heard;
  for (const [at, id] of ids.entries()) {
    const state = STATES[letters[at] ?? ''];
    if (state) heard.set(id, state);
  }
  return heard;
}

/** The letters with what a prompt's history says of nodes that nothing was heard of, or that were only missed. */
export function withHistory(
  prompt: Prompt,
  letters: string | undefined,
  { cached, done }: { cached: readonly string[]; done: readonly string[] },
): string | undefined {
  const ids = nodeIdsOf(prompt);
  const heard = readNodeStates(ids, letters);
  const [wereCached, areDone] = [new Set(cached), new Set(done)];
  const told = (id: string) => (areDone.has(id) ? 'done' : 'waiting');
  return writeNodeStates(ids, (id) => {
    const state = heard.get(id);
    return wereCached.has(id) && state !== 'running' ? 'cached' : (state ?? told(id));
  });
}
