import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTolerantJson } from './tolerant-json.ts';

/** Failures of fast-check print seed and path. */
describe('JSON as Python writes it', () => {
  it('B20 reads any JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(parseTolerantJson(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('B20 refuses whatever else JSON.parse refuses', () => {
    const scrap = fc
      .array(fc.constantFrom('NaN', 'Infinity', '-', '"', '\\', '{', '}', '[', ']', ',', ':', '1', ' ', 'a', 'null'))
      .map((parts) => parts.join(''));
    const number = /-?Infinity|NaN/;
    fc.assert(
      fc.property(scrap, (text) => {
        if (number.test(text)) {
          try {
            parseTolerantJson(text);
          } catch (error) {
            expect(error).toBeInstanceOf(SyntaxError);
          }
        } else expect(outcome(parseTolerantJson, text)).toEqual(outcome(JSON.parse, text));
      }),
      { numRuns: 2000 },
    );
  });

  it('B20 gives null for the numbers of Python that JSON lacks, and only outside strings', () => {
    const words = ['NaN', 'Infinity', '-Infinity'];
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.record({ python: fc.constantFrom(...words), js: fc.constant(null) }),
        fc.oneof(fc.string(), fc.constantFrom('NaN', '"NaN"', '\\', '\\"Infinity')).map(scalar),
        fc.integer().map(scalar),
        fc.array(tie('value') as fc.Arbitrary<Pair>, { maxLength: 4 }).map((pairs) => ({
          python: `[${pairs.map((pair) => pair.python).join(', ')}]`,
          js: pairs.map((pair) => pair.js),
        })),
      ),
    })).value as fc.Arbitrary<Pair>;
    fc.assert(
      fc.property(value, (pair) => {
        expect(parseTolerantJson(`{"x": ${pair.python}}`)).toEqual({ x: pair.js });
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['NaNx', '1NaN', '-NaN', '--Infinity', 'NaN NaN', '{NaN: 1}', '"NaN', '[NaN', '', 'nan', 'inf'])(
    'B20 refuses %j',
    (text) => {
      expect(() => parseTolerantJson(text)).toThrow(SyntaxError);
    },
  );

  it('B20 needs time in proportion to the length, also for what is nearly such a number', () => {
    const size = 4_000_000;
    for (const text of [`["${'-I'.repeat(size / 2)}", NaN`, `[${'-'.repeat(size)}NaN`, `"${'\\'.repeat(size)}NaN`]) {
      const startedAt = performance.now();
      expect(() => parseTolerantJson(text)).toThrow(SyntaxError);
      expect(performance.now() - startedAt).toBeLessThan(5000);
    }
  });
});

interface Pair {
  python: string;
  js: unknown;
}

function scalar(js: unknown): Pair {
  return { python: JSON.stringify(js), js };
}

function outcome(parse: (text: string) => unknown, text: string): unknown {
  try {
    return { value: parse(text) };
  } catch (error) {
    return { refused: error instanceof SyntaxError };
  }
}
