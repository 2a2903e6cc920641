import { spanInWords } from '../../../lib/jobs/words.ts';
import { describe, expect, it } from 'vitest';
import { endOfHung, Silence, wasHung } from './silence.ts';

const MINUTE = 60_000;

describe('silence', () => {
  it('B303 counts only time in which a sign of life would have been heard', () => {
    const silence = new Silence(10 * MINUTE, 0);
    expect(silence.look(9 * MINUTE, true)).toBe(false);
    // The pod is down, or the prompt waits: nothing can be heard.
    expect(silence.look(60 * MINUTE, false)).toBe(false);
    expect(silence.look(60.9 * MINUTE, true)).toBe(false);
    expect(silence.silentSince).toBeUndefined();
    expect(silence.look(61 * MINUTE, true)).toBe(true);
    expect(silence.silentSince).toBe(new Date(0).toISOString());
    expect(silence.look(62 * MINUTE, true)).toBe(false);
  });

  it('B303 ends with a sign of life and is told again when there is none for as long', () => {
    const silence = new Silence(MINUTE, 0);
    expect(silence.heard(59_000)).toBe(false);
    expect(silence.look(100_000, true)).toBe(false);
    expect(silence.look(119_000, true)).toBe(true);
    expect(silence.silentSince).toBe(new Date(59_000).toISOString());
    expect(silence.heard(120_000)).toBe(true);
    expect(silence.silentSince).toBeUndefined();
    expect(silence.look(180_000, true)).toBe(true);
  });

  it('B303 is never told where it is switched off', () => {
    expect(new Silence(0, 0).look(1000 * MINUTE, true)).toBe(false);
  });

  it('B303 goes on over a restart, which listens for a minute first', () => {
    const before = { quietMs: 25 * MINUTE };
    const restarted = new Silence(30 * MINUTE, 100 * MINUTE, before);
    expect(restarted.soFarMs).toBe(25 * MINUTE);
    expect(restarted.look(104 * MINUTE, true)).toBe(false);
    expect(restarted.look(105 * MINUTE, true)).toBe(true);
    expect(restarted.silentSince).toBe(new Date(75 * MINUTE).toISOString());
    const silentSince = new Date(5000).toISOString();
    const told = new Silence(30 * MINUTE, 100 * MINUTE, { quietMs: 90 * MINUTE, silentSince });
    expect(told.look(100.9 * MINUTE, true)).toBe(false);
    expect(told.look(101 * MINUTE, true)).toBe(true);
    expect(told.silentSince).toBe(silentSince);
  });

  it('B304 makes a failure of what the pod was asked to stop, and nothing of what ended by itself', () => {
    expect(endOfHung({ kind: 'interrupted' }, 30 * MINUTE)).toMatchObject({
      kind: 'failed',
      error: { code: 'hung', message: 'It gave no sign of life for 30 minutes, so Podium had the pod stop it.' },
    });
    expect(endOfHung({ kind: 'absent' }, MINUTE)).toMatchObject({ error: { code: 'hung' } });
    for (const end of [{ kind: 'succeeded' as const, outputs: [], warnings: [] }, { kind: 'forgotten' as const }])
      expect(endOfHung(end, MINUTE)).toBe(end);
    const from = { promptId: 'p', percent: 5, phase: 'sampling' as const, silentSince: new Date(0).toISOString() };
    expect(wasHung(from, { hungAfterMs: 1, hungAction: 'cancel' })).toBe(true);
    expect(wasHung(from, { hungAfterMs: 1, hungAction: 'show' })).toBe(false);
    expect(wasHung({ ...from, silentSince: undefined }, { hungAfterMs: 1, hungAction: 'cancel' })).toBe(false);
  });

  it.each([
    [500, '1 second'],
    [1000, '1 second'],
    [90_000, '90 seconds'],
    [30 * MINUTE, '30 minutes'],
  ])('says %d ms as %s', (ms, words) => expect(spanInWords(ms)).toBe(words));
});
