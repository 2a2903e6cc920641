import { expect, it } from 'vitest';
import { LOOK_MS, SILENT_MS, Silence } from './silence.ts';

it('B266 notices a silent server within half a second more than is allowed, and no page that stood still', () => {
  let at = 0;
  const silence = new Silence(() => at);
  const lookUntil = (end: number) => {
    while (at < end) {
      at += LOOK_MS;
      if (silence.isTooLong()) return at;
    }
    return undefined;
  };
  for (let second = 0; second < 10; second += 1) {
    silence.heard();
    expect(lookUntil(at + 1000)).toBeUndefined();
  }
  const quietSince = at - 1000;
  expect(lookUntil(at + 10_000)).toBe(quietSince + SILENT_MS + LOOK_MS);
  silence.heard();
  at += 60_000;
  expect(silence.isTooLong()).toBe(false);
});
