import { describe, expect, it } from 'vitest';
import { POD_STATES, type PodView } from '../../lib/protocol/pods.ts';
import { whyWaiting } from './why-waiting.ts';

type Waiting = Parameters<typeof whyWaiting>[0];
const job = (more: Partial<Waiting> = {}): Waiting => ({
  state: 'queued',
  wantedPodId: null,
  excludedPods: [],
  unfitPods: [],
  ...more,
});
const queue = { running: 0, pending: 0, foreign: 0, jobIds: [], slots: 2 };
const pod = (id: string, state: PodView['state'] = 'up', breaker: PodView['breaker'] = 'closed') => ({
  id,
  state,
  breaker,
  queue,
});
const name = (podId: string) => podId;
const left = (podId: string) => ({ podId, code: 'model_missing' as const, at: '2026-01-01T00:00:00.000Z' });

describe('why a job waits', () => {
  it('B328 has nothing to add where a pod can take it', () => {
    expect(whyWaiting(job(), [pod('a', 'gone'), pod('b', 'degraded')], name)).toEqual([]);
    expect(whyWaiting(job(), [], name)).toEqual([]);
  });

  it('B328 tells what the next attempt needs', () => {
    const freed = job({ state: 'retry_wait', next: { podId: 'a', freeMemory: true } });
    expect(whyWaiting(freed, [pod('a')], name)).toEqual(['The memory of a is freed first; then it runs there.']);
    expect(whyWaiting(job({ next: { podId: 'b', freeMemory: false } }), [pod('b')], name)).toEqual([
      'It runs on b then.',
    ]);
    expect(whyWaiting(job({ wantedPodId: 'b' }), [pod('b')], name)).toEqual([
      'Only b may take it, since that pod was asked for.',
    ]);
  });

  it('B328 names pods that are left out and those that cannot take it', () => {
    expect(whyWaiting(job({ excludedPods: [left('a')] }), [pod('a'), pod('b', 'quarantined')], name)).toEqual([
      'Podium left out a, which lacks the model.',
      'B is quarantined, because its GPU stopped working.',
    ]);
    expect(whyWaiting(job(), [pod('a', 'gone'), pod('b', 'up', 'open')], name)).toEqual([
      'A does not answer and b failed again and again and is left alone for a while.',
    ]);
    const four = ['a', 'b', 'c', 'd'].map((id) => pod(id, 'gone'));
    expect(whyWaiting(job(), four, name)).toEqual([
      'None of the 4 pods that may take it can do so now; the page Pods says why.',
    ]);
  });

  it('B328 says so where no pod is left, or the one asked for is not known', () => {
    expect(whyWaiting(job({ excludedPods: [left('a')] }), [pod('a')], name).at(-1)).toBe('No other pod is left.');
    expect(whyWaiting(job({ wantedPodId: 'z' }), [pod('a')], name).at(-1)).toBe('Podium does not know the pod z.');
  });

  it('B394 says what it waits for where no pod can run it, and which pods cannot where others can', () => {
    const unfitPods = [{ podId: 'a', reason: 'The model “x” is missing.' }];
    const waitsFor = 'It waits for a pod that can run it: on a the model “x” is missing.';
    expect(whyWaiting(job({ unfitPods, waitsFor }), [pod('a'), pod('b', 'gone')], name)).toEqual([waitsFor]);
    expect(whyWaiting(job({ unfitPods }), [pod('a'), pod('b', 'gone')], name)).toEqual([
      'A cannot run it: The model “x” is missing.',
      'B does not answer.',
    ]);
    const both = [...unfitPods, { podId: 'b', reason: 'The node “y” is missing.' }];
    expect(whyWaiting(job({ unfitPods: both }), [pod('a'), pod('b'), pod('c')], name)).toEqual([
      'A and b cannot run it, because they lack something it needs.',
    ]);
  });

  it.each(POD_STATES.filter((state) => state !== 'up' && state !== 'degraded'))(
    'B328 says in a sentence why a pod that is %s takes nothing',
    (state) =>
      expect(whyWaiting(job(), [pod('studio', state)], name)).toEqual([
        expect.stringMatching(/^Studio [a-z’ U,GP]+\.$/),
      ]),
  );
});
