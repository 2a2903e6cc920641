import { describe, expect, it } from 'vitest';
import { agoText, clockTime, durationText, exactTime, tickingText } from './time-text.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('times in words', () => {
  it.each([
    [-5, '0.0 s'],
    [840, '0.8 s'],
    [9_990, '9.9 s'],
    [42_900, '42 s'],
    [3 * MINUTE + 12 * SECOND, '3 min 12 s'],
    [HOUR + 4 * MINUTE, '1 h 04 min'],
    [26 * HOUR, '1 d 2 h'],
  ])('B176 tells %i ms as %s', (ms, text) => expect(durationText(ms)).toBe(text));

  it.each([
    [0, 'now'],
    [4_999, 'now'],
    [12_500, '12 s ago'],
    [5 * MINUTE, '5 min ago'],
    [3 * HOUR, '3 h ago'],
    [50 * HOUR, '2 d ago'],
  ])('B176 tells %i ms ago as %s', (ms, text) => expect(agoText(ms)).toBe(text));

  it('B176 ticks by whole seconds', () => {
    expect(tickingText(1_999)).toBe('1 s');
    expect(tickingText(61_000)).toBe('1 min 1 s');
  });

  it('B176 has the exact time at hand, in UTC until the browser’s zone may count', () => {
    expect(exactTime('2026-03-04T05:06:07.890Z', 'utc')).toBe('4 Mar 2026, 05:06:07 UTC');
    expect(clockTime('2026-03-04T05:06:07.890Z', 'utc')).toBe('05:06:07');
  });
});
