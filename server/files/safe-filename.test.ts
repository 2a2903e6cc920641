import { randomInt } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeFilename } from './safe-filename.ts';

describe('safeFilename', () => {
  it.each([
    ['ComfyUI_00001_.png', 'ComfyUI_00001_.png'],
    ['Ünïcode 日本 🦊.png', 'Ünïcode 日本 🦊.png'],
    ['../../etc/passwd', 'passwd'],
    ['/etc/passwd', 'passwd'],
    ['..\\..\\windows\\system32\\cmd.exe', 'cmd.exe'],
    ['C:\\x.png', 'x.png'],
    ['C:x.png', 'C_x.png'],
    ['a\0b.png', 'ab.png'],
    ['line\r\nbreak.png', 'linebreak.png'],
    ['photo\u202egnp.exe', 'photognp.exe'],
    ['zero\u200bwidth.png', 'zerowidth.png'],
    ['lone\ud800.png', 'lone.png'],
    ['', 'output-0'],
    ['.', 'output-0'],
    ['..', 'output-0'],
    ['folder/', 'output-0'],
    [' . .', 'output-0'],
    ['.hidden', 'hidden'],
    ['trailing. ', 'trailing'],
    ['CON', '_CON'],
    ['con.png', '_con.png'],
    ['LPT1.tar.gz', '_LPT1.tar.gz'],
    ['console.png', 'console.png'],
    ['a<b>c:d"e|f?g*h', 'a_b_c_d_e_f_g_h'],
  ])('B19 makes %j into %j', (given, expected) => {
    expect(safeFilename(given, 'output-0')).toBe(expected);
  });

  it('B19 keeps the extension of a name that is too long', () => {
    const name = safeFilename(`${'a'.repeat(300)}.png`, 'x');
    expect(name).toBe(`${'a'.repeat(196)}.png`);
    expect(Buffer.byteLength(safeFilename(`${'🦊'.repeat(300)}.webp`, 'x'))).toBeLessThanOrEqual(200);
    expect(safeFilename(`${'🦊'.repeat(300)}.webp`, 'x')).toMatch(/^(🦊)+\.webp$/u);
  });

  const seed = randomInt(2 ** 31);
  it(`B19 gives one harmless path segment for any text (seed ${seed})`, () => {
    const anything = fc.string({ unit: 'binary', maxLength: 400 });
    const nasty = fc
      .array(fc.constantFrom('.', '/', '\\', '\0', ':', 'CON', ' ', 'a', '\u202e', '\ud800'), { maxLength: 30 })
      .map((parts) => parts.join(''));
    const property = fc.property(fc.oneof(anything, nasty), (given) => {
      const name = safeFilename(given, 'fallback');
      expect(name).not.toMatch(/[/\\:]|^\.|[. ]$|\p{Cc}|\p{Cf}/u);
      expect(name).not.toBe('');
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(201);
      expect(() => encodeURIComponent(name)).not.toThrow(URIError);
      expect(safeFilename(name, 'fallback')).toBe(name);
    });
    const outcome = fc.check(property, { seed, numRuns: 500 });
    expect(outcome.failed, fc.defaultReportMessage(outcome)).toBe(false);
  }, 30_000);
});
