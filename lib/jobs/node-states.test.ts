import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Prompt } from '../workflow/prompt.ts';
import {
  nodeIdsOf,
  nodeStatesSchema,
  readNodeStates,
  withHistory,
  writeNodeStates,
  type HeardState,
} from './node-states.ts';
import type { PodEvent } from './pod-event.ts';
import { foldProgress, startProgress, type JobProgress } from './progress.ts';

const ours = 'aaaaaaaa-0000-4000-8000-000000000001';
const node = (class_type: string, ...from: string[]) => ({
  class_type,
  inputs: Object.fromEntries(from.map((id, at) => [`in${at}`, [id, 0]])),
});
/** Sorted: 1 loads, 2 samples, 3 saves, 4 is a branch that 5 may leave out, 5 chooses. */
const prompt: Prompt = {
  '1': node('LoadImage'),
  '2': node('KSampler', '1'),
  '3': node('SaveImage', '5'),
  '4': node('KSampler', '1'),
  '5': node('Switch', '2', '4'),
};
const start: PodEvent = { type: 'execution_start', data: { prompt_id: ours } };
const success: PodEvent = { type: 'execution_success', data: { prompt_id: ours } };
const executing = (id: string): PodEvent => ({ type: 'executing', data: { node: id, prompt_id: ours } });
const hint = (id: string): PodEvent => ({ type: 'executing', data: { node: id } });
const cached = (...nodes: string[]): PodEvent => ({ type: 'execution_cached', data: { prompt_id: ours, nodes } });
const states = (ended: string[], running: string[] = []): PodEvent => ({
  type: 'progress_state',
  data: {
    prompt_id: ours,
    nodes: Object.fromEntries([
      ...ended.map((id) => [id, { state: 'finished', value: 1, max: 1 }] as const),
      ...running.map((id) => [id, { state: 'running', value: 0, max: 1 }] as const),
    ]),
  },
});
function letters(events: readonly PodEvent[], from?: JobProgress): (string | undefined)[] {
  let fold = startProgress(ours, prompt, from);
  return events.map((event) => (fold = foldProgress(fold, event)).progress.nodes);
}
const last = (events: readonly PodEvent[], from?: JobProgress) => letters(events, from).at(-1);

describe('the states of nodes', () => {
  it('B433 are a letter a node, in the order of their ids', () => {
    const heard = fc.constantFrom<HeardState>('waiting', 'running', 'cached', 'done', 'not_run');
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1, maxLength: 12 }), heard), (given) => {
        const ids = nodeIdsOf(Object.fromEntries(Object.keys(given).map((id) => [id, node('A')])));
        const written = writeNodeStates(ids, (id) => given[id] ?? 'waiting');
        expect(nodeStatesSchema.safeParse(written ?? '').success).toBe(true);
        const expected = Object.entries(given).filter(([, state]) => state !== 'waiting');
        expect(new Map(readNodeStates(ids, written))).toEqual(new Map(expected));
      }),
    );
  });

  it('B433 are none where nothing was heard, or where they are of another prompt', () => {
    expect(writeNodeStates(['1', '2'], () => 'waiting')).toBeUndefined();
    expect(readNodeStates(['1', '2'], 'ddd').size).toBe(0);
    expect(readNodeStates(['1', '2'], undefined).size).toBe(0);
    expect(nodeStatesSchema.safeParse('dx').success).toBe(false);
  });

  it('B433 tell waiting, running, cached and done apart while it runs', () => {
    expect(letters([start, cached('1'), states(['1'], ['2']), executing('2'), states(['1', '2'], ['5'])])).toEqual([
      undefined,
      'c----',
      'cr---',
      'cr---',
      'cd--r',
    ]);
  });

  it('B433 do not show a node as running that waits for an input it found out it needs', () => {
    expect(last([start, states([], ['5']), executing('5'), states([], ['5', '1']), executing('1')])).toBe('r----');
    expect(last([start, executing('5'), executing('1'), executing('2')])).toBe('dr---');
  });

  it('B434 go on where an earlier process had left them', () => {
    const from: JobProgress = { promptId: ours, percent: 40, phase: 'sampling', nodes: 'cr---' };
    expect(last([executing('2')], from)).toBe('cr---');
    expect(last([states(['2'], ['5']), executing('5')], from)).toBe('cd--r');
  });

  it('B434 never say of a node that it was not run where news of it may have been missed', () => {
    const from: JobProgress = { promptId: ours, percent: 40, phase: 'sampling', nodes: 'cr---' };
    expect(last([executing('5'), executing('3'), success], from)).toBe('c-d-d');
    expect(last([start, executing('1'), executing('2'), hint('3'), success])).toBe('dd---');
    // A pod that reports every node tells afterwards what was missed.
    expect(last([states(['1', '2', '5'], ['3']), executing('3'), success], from)).toBe('cddnd');
  });

  it('B434 take what is used for done where the start was missed, until history tells of the cache', () => {
    expect(letters([states([], ['5']), executing('5')])).toEqual(['dd-dr', 'dd-dr']);
    const end = last([states([], ['5']), executing('5'), states(['5'], ['3']), success]);
    expect(end).toBe('nndnd');
    expect(withHistory(prompt, end, { cached: ['1', '2'], done: [] })).toBe('ccdnd');
    // The pod is seen to run it before its first event arrives.
    let fold = startProgress(ours, prompt);
    for (const event of [{ type: 'running' } as const, start, cached('1')]) fold = foldProgress(fold, event);
    expect(fold.progress.nodes).toBe('c----');
    expect(foldProgress(fold, executing('5')).progress.nodes).toBe('c---r');
  });

  it('B435 say after success which nodes it did without', () => {
    expect(last([start, states(['1', '2', '5'], ['3']), executing('3'), success])).toBe('dddnd');
    expect(last([start, ...['5', '1', '2', '5', '3'].map(executing), success])).toBe('dddnd');
  });

  it('B435 count a node as run that was reported as running after it was cached', () => {
    expect(last([start, cached('1', '2'), executing('2'), success])).toBe('cdnnn');
  });

  it('B435 take from history what was not heard, and nothing else', () => {
    expect(withHistory(prompt, undefined, { cached: ['1', '2', 'gone'], done: ['5'] })).toBe('cc--d');
    expect(withHistory(prompt, 'dr--n', { cached: ['1', '2'], done: ['4', '5'] })).toBe('cr-dn');
    expect(withHistory(prompt, undefined, { cached: [], done: [] })).toBeUndefined();
  });
});
