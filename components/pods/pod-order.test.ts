import { describe, expect, it } from 'vitest';
import type { PodView } from '../../lib/protocol/pods.ts';
import { orderedSentence, ordersFor } from './pod-order.ts';

function pod(more: Partial<PodView> = {}, jobIds: string[] = []) {
  const well: Pick<PodView, 'state' | 'breaker' | 'drained' | 'queue'> = {
    state: 'up',
    breaker: 'closed',
    drained: false,
    queue: { running: 0, pending: 0, foreign: 0, jobIds, slots: 2 },
  };
  return { ...well, checkedAt: '2026-03-04T05:00:00.000Z', ...more };
}
const words = (more: Partial<PodView>) => ordersFor(pod(more)).map(({ word }) => word);

describe('what a person can order of a pod', () => {
  it('B335 offers a well pod to drain and to free its memory', () => {
    expect(words({})).toEqual(['Drain', 'Free memory']);
    expect(words({ state: 'degraded' })).toEqual(['Drain', 'Free memory']);
  });

  it('B335 undoes a drain at the place where it was given', () => {
    expect(words({ state: 'draining', drained: true })).toEqual(['Take work again', 'Free memory']);
    const [drain] = ordersFor(pod());
    const [undo] = ordersFor(pod({ state: 'draining', drained: true }));
    expect(undo?.slot).toBe(drain?.slot);
    expect(undo?.action).toBe('reopen');
  });

  it('B335 reopens what is kept from work, and frees no memory where nothing would do it', () => {
    for (const state of ['quarantined', 'unauthorized', 'gone'] as const)
      expect(words({ state }), state).toEqual(['Reopen', 'Drain']);
    expect(words({ breaker: 'open' })).toEqual(['Reopen', 'Drain']);
    expect(words({ state: 'quarantined', drained: true })).toEqual(['Reopen']);
    expect(words({ state: 'stuck' })).toEqual(['Drain']);
  });

  it('B335 does not reopen a pod that was not asked yet, or that starts', () => {
    expect(words({ state: 'booting', breaker: 'open' })).toEqual(['Drain']);
    expect(ordersFor({ ...pod({ state: 'connecting', breaker: 'open' }), checkedAt: undefined })).toHaveLength(1);
  });

  it('B335 says what each order does to what the pod has', () => {
    expect(orderedSentence('drain', pod())).toBe('It gets nothing new from now on.');
    expect(orderedSentence('drain', pod({}, ['a']))).toBe('It finishes the job it has and gets nothing new.');
    expect(orderedSentence('drain', pod({}, ['a', 'b']))).toBe('It finishes the 2 jobs it has and gets nothing new.');
    expect(orderedSentence('reopen', pod({ state: 'draining', drained: true }))).toBe('It takes work again.');
    expect(orderedSentence('reopen', pod({ state: 'quarantined' }))).toMatch(/^Podium asks it now/);
    expect(orderedSentence('free-memory', pod())).toBe('Its memory is freed now.');
    expect(orderedSentence('free-memory', pod({}, ['a']))).toMatch(/as soon as nothing of Podium’s is left/);
  });
});
