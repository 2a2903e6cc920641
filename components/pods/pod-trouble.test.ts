import { describe, expect, it } from 'vitest';
import type { PodState, PodView } from '../../lib/protocol/pods.ts';
import { concernOf, isCompact, troubleFirst, troubleLine } from './pod-trouble.ts';

const checkedAt = '2026-03-04T05:00:00.000Z';
const pod = (id: string, state: PodState = 'up', breaker: PodView['breaker'] = 'closed') => ({
  id,
  state,
  breaker,
  checkedAt,
});

describe('pods in trouble', () => {
  it('B336 stand first, then those not at work, each in the order given', () => {
    const pods = [
      pod('calm-1'),
      pod('boots', 'booting', 'open'),
      pod('gone', 'gone', 'open'),
      pod('calm-2'),
      pod('gpu', 'quarantined'),
      pod('half', 'up', 'half_open'),
    ];
    expect(troubleFirst(pods, {}).map(({ id }) => id)).toEqual(['gone', 'gpu', 'boots', 'half', 'calm-1', 'calm-2']);
  });

  it('B336 stay where they were seen once a person gave an order about them', () => {
    const pods = [pod('calm'), pod('mended'), pod('drained', 'draining'), pod('gone', 'gone', 'open')];
    const held = { mended: 'needs_you', drained: 'calm' } as const;
    expect(troubleFirst(pods, held).map(({ id }) => id)).toEqual(['mended', 'gone', 'calm', 'drained']);
    expect(isCompact(pod('mended'), 30, held)).toBe(false);
  });

  it('B336 counts as trouble a pod that fails to answer, not one that was never asked or is expected to be away', () => {
    expect(concernOf(pod('a', 'connecting', 'open'))).toBe('needs_you');
    expect(concernOf({ ...pod('a', 'connecting', 'open'), checkedAt: undefined })).toBe('watch');
    expect(concernOf(pod('a', 'booting', 'open'))).toBe('watch');
    expect(concernOf(pod('a', 'draining', 'open'))).toBe('watch');
  });

  it('B336 are counted in a line', () => {
    const thirty = Array.from({ length: 28 }, (_, at) => pod(`calm-${at}`));
    expect(troubleLine([...thirty, pod('x', 'gone'), pod('y', 'stuck')])).toBe('2 of 30 pods need you');
    expect(troubleLine([...thirty, pod('x', 'gone')])).toBe('1 of 29 pods needs you');
    expect(troubleLine([...thirty, pod('x', 'draining')])).toBe('No pod needs you');
    expect(troubleLine(thirty)).toBe('All 28 pods are well');
    expect(troubleLine([pod('x', 'gone')])).toBeUndefined();
  });

  it('B336 leave those that need nobody a line each where there are many', () => {
    expect(isCompact(pod('a'), 7, {})).toBe(true);
    expect(isCompact(pod('a'), 6, {})).toBe(false);
    expect(isCompact(pod('a', 'gone'), 30, {})).toBe(false);
    expect(isCompact(pod('a', 'draining'), 30, {})).toBe(true);
  });
});
