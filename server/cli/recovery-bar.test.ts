import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecoveryBar } from './recovery-bar.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(isTTY: boolean) {
  const texts: string[] = [];
  const bar = new RecoveryBar({ isTTY, write: (text: string) => texts.push(text) });
  return { bar, texts };
}

describe('the bar of a start', () => {
  it('B231 appears once taking up jobs lasts half a second, also when nothing moves, and ends with a line', () => {
    const { bar, texts } = open(true);
    bar.show(0, 40, false);
    vi.advanceTimersByTime(499);
    expect(texts).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(texts.join('')).toContain('0 of 40 jobs taken up');
    vi.advanceTimersByTime(200);
    bar.show(30, 40, false);
    expect(texts.at(-1)).toContain('75 %');
    bar.show(40, 40, true);
    expect(texts.at(-2)).toContain('40 of 40');
    expect(texts.at(-1)).toBe('\n');
    bar.show(1, 1, false);
    vi.advanceTimersByTime(10_000);
    expect(texts.at(-1)).toBe('\n');
  });

  it('B231 shows nothing for a quick start, nor where nothing was in flight, nor where nobody watches', () => {
    const quick = open(true);
    quick.bar.show(0, 3, false);
    quick.bar.show(3, 3, true);
    const empty = open(true);
    empty.bar.show(0, 0, false);
    const piped = open(false);
    piped.bar.show(0, 3, false);
    vi.advanceTimersByTime(10_000);
    expect([...quick.texts, ...empty.texts, ...piped.texts]).toEqual([]);
  });

  it('B231 ends where a pod does not answer', () => {
    const { bar, texts } = open(true);
    bar.show(2, 3, false);
    vi.advanceTimersByTime(600);
    bar.show(2, 3, true);
    expect(texts.at(-1)).toBe('\n');
  });
});
