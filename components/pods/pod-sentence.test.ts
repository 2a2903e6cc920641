import { describe, expect, it } from 'vitest';
import { POD_STATES, type PodView } from '../../lib/protocol/pods.ts';
import { podRemedy, podSentence } from './pod-sentence.ts';

const queue = { running: 0, pending: 0, foreign: 0, jobIds: [] as string[], slots: 2 };

function pod(more: Partial<PodView> = {}) {
  const well: Pick<PodView, 'state' | 'queue' | 'breaker' | 'link'> = {
    state: 'up',
    queue,
    breaker: 'closed',
    link: 'socket',
  };
  return { ...well, checkedAt: '2026-03-04T05:00:00.000Z', ...more };
}

describe('a pod’s state in a sentence', () => {
  it('B175 has one for every state', () => {
    const sentences = POD_STATES.map((state) => podSentence(pod({ state })));
    expect(new Set(sentences).size).toBe(POD_STATES.length);
  });

  it('B175 says whether a pod has room', () => {
    expect(podSentence(pod())).toBe('Ready and idle');
    expect(podSentence(pod({ queue: { ...queue, running: 1, jobIds: ['a'] } }))).toBe('Working, with room for more');
    expect(podSentence(pod({ queue: { ...queue, running: 1, pending: 1, jobIds: ['a', 'b'] } }))).toMatch(
      /further jobs wait in Podium/,
    );
  });

  it('B334 never calls a pod ready while its breaker keeps it from work', () => {
    expect(podSentence(pod({ breaker: 'open' }))).toMatch(/no work for a while/);
    expect(podSentence(pod({ breaker: 'half_open' }))).toMatch(/one more good answer/);
    expect(podSentence(pod({ state: 'connecting', breaker: 'open' }))).toBe('Calls to it fail; Podium keeps asking');
    expect(podSentence(pod({ state: 'connecting', breaker: 'half_open' }))).toBe('It answers again');
    expect(podSentence({ ...pod({ state: 'connecting', breaker: 'open' }), checkedAt: undefined })).toBe(
      'Podium is connecting to it',
    );
  });

  it('B334 says of a drained pod whether it still has something', () => {
    expect(podSentence(pod({ state: 'draining' }))).toBe('It is drained and gets nothing new');
    expect(podSentence(pod({ state: 'draining', queue: { ...queue, jobIds: ['a'] } }))).toBe(
      'It finishes what it has and gets nothing new',
    );
  });

  it('B334 names a remedy for every state that wants a person, and none where all is well', () => {
    for (const state of ['stuck', 'quarantined', 'unauthorized', 'gone', 'draining'] as const)
      expect(podRemedy(pod({ state })), state).toMatch(/^[A-Z].*\.$/);
    expect(podRemedy(pod({ state: 'degraded', link: 'polling' }))).toMatch(/WebSockets/);
    expect(podRemedy(pod({ state: 'connecting', breaker: 'open' }))).toMatch(/address/);
    for (const state of ['up', 'booting', 'connecting'] as const)
      expect(podRemedy(pod({ state })), state).toBe(undefined);
  });
});
