import { describe, expect, it } from 'vitest';
import { POD_STATES } from '../../lib/protocol/pods.ts';
import { podSentence } from './pod-sentence.ts';

const queue = { running: 0, pending: 0, foreign: 0, jobIds: [] as string[], slots: 2 };

describe('a pod’s state in a sentence', () => {
  it('B175 has one for every state', () => {
    const sentences = POD_STATES.map((state) => podSentence({ state, queue }));
    expect(new Set(sentences).size).toBe(POD_STATES.length);
  });

  it('B175 says whether a pod has room', () => {
    expect(podSentence({ state: 'up', queue })).toBe('Ready and idle');
    expect(podSentence({ state: 'up', queue: { ...queue, running: 1, jobIds: ['a'] } })).toBe(
      'Working, with room for more',
    );
    expect(
      podSentence({ state: 'up', queue: { ...queue, running: 1, pending: 1, foreign: 0, jobIds: ['a', 'b'] } }),
    ).toMatch(/further jobs wait in Podium/);
  });
});
