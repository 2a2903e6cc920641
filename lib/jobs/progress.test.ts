import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Prompt } from '../workflow/prompt.ts';
import type { PodEvent } from './pod-event.ts';
import { foldProgress, jobProgressSchema, startProgress, type JobProgress, type ProgressLook } from './progress.ts';

const ours = 'aaaaaaaa-0000-4000-8000-000000000001';
const prompt: Prompt = {
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'x' }, _meta: { title: 'Load the model' } },
  '6': { class_type: 'CLIPTextEncode', inputs: { text: 'a', clip: ['4', 1] } },
  '3': { class_type: 'KSampler', inputs: { steps: 20, model: ['4', 0], positive: ['6', 0] }, _meta: { title: 'Draw' } },
  '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
  '9': { class_type: 'SaveImage', inputs: { images: ['8', 0] } },
};
type Input = PodEvent | ProgressLook;

const start: PodEvent = { type: 'execution_start', data: { prompt_id: ours } };
const success: PodEvent = { type: 'execution_success', data: { prompt_id: ours } };
const executing = (node: string | null, display?: string): PodEvent => ({
  type: 'executing',
  data: { node, prompt_id: ours, ...(display !== undefined && { display_node: display }) },
});
const step = (node: string, value: number | null, max: number | null): PodEvent => ({
  type: 'progress',
  data: { node, value, max, prompt_id: ours },
});
const cached = (...nodes: string[]): PodEvent => ({ type: 'execution_cached', data: { prompt_id: ours, nodes } });
const executed = (node: string): PodEvent => ({ type: 'executed', data: { node, prompt_id: ours, output: null } });
type States = Extract<PodEvent, { type: 'progress_state' }>['data']['nodes'];
const states = (nodes: States): PodEvent => ({ type: 'progress_state', data: { prompt_id: ours, nodes } });
const finished = (...ids: string[]): PodEvent =>
  states(Object.fromEntries(ids.map((id) => [id, { state: 'finished', value: 1, max: 1 }])));

function run(inputs: readonly Input[], of: Prompt = prompt, from?: JobProgress): JobProgress[] {
  let fold = startProgress(ours, of, from);
  return [fold.progress, ...inputs.map((input) => (fold = foldProgress(fold, input)).progress)];
}
function last(inputs: readonly Input[], of: Prompt = prompt, from?: JobProgress): JobProgress {
  return run(inputs, of, from).at(-1) ?? { promptId: '', percent: -1, phase: 'queued' };
}

describe('percent', () => {
  it('B33 a sampler weighs its steps, all else one', () => {
    // 20 for the sampler, 1 for each of the other four.
    expect(last([start, finished('4', '6')]).percent).toBe(8.3);
    expect(last([start, finished('4', '6'), step('3', 10, 20)]).percent).toBe(50);
    expect(last([start, finished('4', '6', '3')]).percent).toBe(91.6);
  });

  it('B28 cached nodes count as done, and so does what only they would have used', () => {
    expect(last([start, cached('4', '6', '3')]).percent).toBe(91.6);
    expect(last([start, cached('3')]).percent).toBe(last([start, cached('3', '6')]).percent);
  });

  it('B30 a branch that is never taken counts once its user is done', () => {
    const lazy: Prompt = {
      a: ofClass('KSampler', { steps: 20 }),
      b: ofClass('KSampler', { steps: 20 }),
      c: ofClass('Switch', { a: ['a', 0], b: ['b', 0] }),
      d: ofClass('SaveImage', { images: ['c', 0] }),
    };
    expect(last([start, finished('a')], lazy).percent).toBeLessThan(50);
    expect(last([start, finished('a', 'c')], lazy).percent).toBeGreaterThan(90);
  });

  it('B31 is 99 at most before success and 100 then, for good', () => {
    const all = [start, finished('4', '6', '3', '8', '9')];
    expect(last(all).percent).toBe(99);
    expect(last([...all, executing(null)]).percent).toBe(99);
    expect(last([...all, success])).toMatchObject({ promptId: ours, percent: 100, phase: 'saving' });
    expect(last([success, start, executing('3'), step('3', 1, 20)]).percent).toBe(100);
  });

  it('B31 stays where it is when a node begins its steps anew or the pod repeats itself', () => {
    const percents = run([start, step('3', 20, 20), step('3', 1, 20), step('3', 1, 20), start]).map(
      (bar) => bar.percent,
    );
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
  });

  it('B31 an older pod tells only by the next node that one has finished', () => {
    const bars = run([start, executing('4'), executing('6'), executing('3'), step('3', 20, 20), executing('8')]);
    expect(bars.map((bar) => bar.percent)).toEqual([0, 0, 0, 4.1, 8.3, 91.6, 91.6]);
    const waits = {
      l: ofClass('Lazy', { a: ['x', 0] }),
      x: ofClass('KSampler', { steps: 20 }),
      s: ofClass('SaveImage', { i: ['l', 0] }),
    };
    expect(last([start, executing('l'), executing('x')], waits).percent).toBe(0);
  });

  it('B31 a node whose output arrives is done, whatever the output', () => {
    expect(last([start, executed('3')]).percent).toBe(last([start, finished('3')]).percent);
  });

  it('B36 numbers that are none are left out', () => {
    expect(last([start, step('3', null, 20)]).percent).toBe(0);
    expect(last([start, step('3', 10, 0)]).percent).toBe(last([start, step('3', 1, 1)]).percent);
    expect(last([start, step('3', 10, 20), step('3', null, null)]).node).toMatchObject({ value: 10, max: 20 });
    expect(last([start, step('3', -5, 20)]).percent).toBe(0);
  });

  it('B26 a blocked node has had its turn; any other error leaves the bar where it stands', () => {
    const error = (exception_type: string): PodEvent => ({
      type: 'execution_error',
      data: { prompt_id: ours, node_id: '9', exception_type },
    });
    expect(last([start, error('ExecutionBlocked')]).percent).toBeGreaterThan(0);
    expect(last([start, error('ValueError')]).percent).toBe(0);
  });
});

describe('the node and the phase', () => {
  it('B29 names the node a person placed, with its own steps', () => {
    expect(last([start, executing('3'), step('3', 7, 20)]).node).toEqual({ id: '3', name: 'Draw', value: 7, max: 20 });
    expect(last([start, executing('9')]).node?.name).toBe('SaveImage');
  });

  it('B29 parts of an expansion go by the name of their maker, nodes of a subgraph by their own', () => {
    const nested: Prompt = { '406': ofClass('Loop', {}), '12:34': ofClass('KSampler', { steps: 8 }) };
    const state = { state: 'running', value: 2, max: 8 };
    expect(last([start, states({ '406.0.0.428': { ...state, display_node_id: '406' } })], nested).node).toMatchObject({
      id: '406',
      name: 'Loop',
      value: 2,
    });
    expect(last([start, step('406.0.0.9', 1, 8)], nested).node?.id).toBe('406');
    expect(last([start, step('12:34', 4, 8)], nested)).toMatchObject({ node: { id: '12:34', name: 'KSampler' } });
    expect(last([start, step('12:34.0.0.1', 4, 8)], nested).node?.id).toBe('12:34');
    expect(last([start, step('nobody', 4, 8)], nested)).toMatchObject({ percent: 0 });
  });

  it('B34 is queued with its place, loading, sampling and saving', () => {
    const bars = run([
      { type: 'pending', position: 3 },
      { type: 'pending', position: 1 },
      { type: 'running' },
      { type: 'pending', position: 2 },
      executing('4'),
      executing('3'),
      step('3', 1, 20),
      executing('8'),
      executing('9'),
    ]);
    expect(bars.map((bar) => [bar.phase, bar.queuePosition])).toEqual([
      ['queued', undefined],
      ['queued', 3],
      ['queued', 1],
      ['loading', undefined],
      ['loading', undefined],
      ['loading', undefined],
      ['loading', undefined],
      ['sampling', undefined],
      ['saving', undefined],
      ['saving', undefined],
    ]);
  });
});

describe('what belongs to it', () => {
  const theirs = 'bbbbbbbb-0000-4000-8000-000000000002';

  it('B32 news of another prompt changes nothing', () => {
    const fold = startProgress(ours, prompt);
    expect(foldProgress(fold, { type: 'execution_success', data: { prompt_id: theirs } })).toBe(fold);
    expect(foldProgress(fold, { type: 'status', data: {} })).toBe(fold);
    expect(foldProgress(fold, { type: 'progress', data: { value: 3, max: 4, node: '3' } })).toBe(fold);
  });

  it('B32 a node named without a prompt is believed only for a node of ours while ours runs', () => {
    const hint = (node: string): PodEvent => ({ type: 'executing', data: { node } });
    expect(last([hint('3')])).toEqual({ promptId: ours, percent: 0, phase: 'queued' });
    expect(last([start, hint('3')]).node?.name).toBe('Draw');
    expect(last([start, hint('77')]).node).toBeUndefined();
  });

  it('B35 goes on from where it was', () => {
    const from: JobProgress = { promptId: ours, percent: 60, phase: 'sampling' };
    expect(last([], prompt, from)).toEqual(from);
    expect(last([{ type: 'pending', position: 1 }, start, step('3', 1, 20)], prompt, from).percent).toBe(60);
    expect(last([finished('4', '6'), step('3', 19, 20)], prompt, from).percent).toBe(87.5);
    expect(last([], prompt, { ...from, promptId: theirs }).percent).toBe(0);
  });

  it('B31 says nothing new for what it knows', () => {
    const fold = [start, finished('4'), executing('3'), step('3', 2, 20)].reduce<ReturnType<typeof startProgress>>(
      foldProgress,
      startProgress(ours, prompt),
    );
    expect(foldProgress(fold, step('3', 2, 20))).toBe(fold);
    expect(foldProgress(fold, start)).toBe(fold);
    expect(foldProgress(fold, cached('4'))).toBe(fold);
  });
});

describe('any sequence of news', () => {
  const theirs = 'bbbbbbbb-0000-4000-8000-000000000002';
  const id = fc.constantFrom('3', '4', '6', '8', '9', '3.0.0.1', '3.0.0.2', '12:1', 'x', '__proto__', 'constructor');
  const amount = fc.oneof(fc.integer({ min: -2, max: 30 }), fc.double(), fc.constant(null));
  const nodeState = fc.record({
    state: fc.constantFrom('running', 'finished', 'pending', 'error', 'x'),
    value: amount,
    max: amount,
    display_node_id: fc.oneof(id, fc.constant(null)),
  });
  const news = (promptId: string, withSuccess: boolean): fc.Arbitrary<Input> =>
    fc.oneof(
      fc.constant<Input>({ type: 'execution_start', data: { prompt_id: promptId } }),
      fc
        .array(id, { maxLength: 4 })
        .map((nodes): Input => ({ type: 'execution_cached', data: { prompt_id: promptId, nodes } })),
      fc
        .oneof(id, fc.constant(null))
        .map((node): Input => ({ type: 'executing', data: { node, prompt_id: promptId } })),
      fc
        .tuple(id, amount, amount)
        .map(([node, value, max]): Input => ({ type: 'progress', data: { node, value, max, prompt_id: promptId } })),
      fc
        .dictionary(id, nodeState, { maxKeys: 5 })
        .map((nodes): Input => ({ type: 'progress_state', data: { prompt_id: promptId, nodes } })),
      id.map((node): Input => ({ type: 'executed', data: { node, prompt_id: promptId } })),
      fc.tuple(id, fc.constantFrom('ExecutionBlocked', 'ValueError')).map(([node_id, exception_type]): Input => ({
        type: 'execution_error',
        data: { prompt_id: promptId, node_id, exception_type },
      })),
      fc.constant<Input>({ type: 'execution_interrupted', data: { prompt_id: promptId } }),
      ...(withSuccess ? [fc.constant<Input>({ type: 'execution_success', data: { prompt_id: promptId } })] : []),
    );
  const look: fc.Arbitrary<Input> = fc.oneof(
    amount.map((position): Input => ({ type: 'pending', position: position ?? 1 })),
    fc.constant<Input>({ type: 'running' }),
    id.map((node): Input => ({ type: 'executing', data: { node } })),
  );

  it('B31 B39 never lets the bar fall, nor reach 100 without success, nor leave its schema', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(news(ours, false), news(theirs, true), look), { maxLength: 60 }), (inputs) => {
        const bars = run(inputs);
        for (const bar of bars) expect(jobProgressSchema.safeParse(bar).error).toBeUndefined();
        const percents = bars.map((bar) => bar.percent);
        expect(percents).toEqual(percents.toSorted((a, b) => a - b));
        expect(percents.at(-1)).toBeLessThan(100);
        expect(last([...inputs, success]).percent).toBe(100);
      }),
      { numRuns: 1000 },
    );
  });

  it('B32 leaves the bar of another prompt alone', () => {
    fc.assert(
      fc.property(fc.array(news(ours, true)), fc.array(news(theirs, true)), fc.nat(), (mine, others, at) => {
        const cut = at % (mine.length + 1);
        expect(last([...mine.slice(0, cut), ...others, ...mine.slice(cut)])).toEqual(last(mine));
      }),
      { numRuns: 300 },
    );
  });

  it('B31 takes a prompt of thousands of nodes in its stride', () => {
    const long: Prompt = Object.fromEntries(
      Array.from({ length: 5000 }, (_, at) => [`n${at}`, ofClass('Join', at === 0 ? {} : { a: [`n${at - 1}`, 0] })]),
    );
    expect(last([start, finished('n2499')], long).percent).toBe(50);
    expect(last([start, cached(...Object.keys(long))], long).percent).toBe(99);
  });
});

function ofClass(class_type: string, inputs: Record<string, unknown>): Prompt[string] {
  return { class_type, inputs };
}
