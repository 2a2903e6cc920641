import { expect, it } from 'vitest';
import { parseSweepValues, type SweepKind } from './sweep-values.ts';

const read = (text: string, kind: SweepKind) => {
  const result = parseSweepValues(text, kind);
  return 'error' in result ? result.error : result.values;
};

it('B407 values are read from lists with commas, and one a line', () => {
  expect(read(' a, b ,c ', 'text')).toEqual(['a', 'b', 'c']);
  expect(read('"a fox, at dusk", b', 'text')).toEqual(['a fox, at dusk', 'b']);
  expect(read('a fox, at dusk\n\n  a bear\n', 'text')).toEqual(['a fox, at dusk', 'a bear']);
  expect(read('euler, dpmpp_2m', 'choice')).toEqual(['euler', 'dpmpp_2m']);
  expect(read('on, no', 'switch')).toEqual([true, false]);
  expect(read('1, -2.5, 1e2', 'number')).toEqual([1, -2.5, 100]);
});

it('B407 numbers are read from ranges: in steps, or so many evenly', () => {
  expect(read('1..5', 'integer')).toEqual([1, 2, 3, 4, 5]);
  expect(read('1..10 step 4', 'integer')).toEqual([1, 5, 9]);
  expect(read('0.1..1 in 4', 'number')).toEqual([0.1, 0.4, 0.7, 1]);
  expect(read('0.1..0.5 step 0.1', 'number')).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
  expect(read('3..1', 'integer')).toEqual([3, 2, 1]);
  expect(read('4, 10 .. 20 step 5', 'integer')).toEqual([4, 10, 15, 20]);
  expect(read('7..7', 'integer')).toEqual([7]);
});

it('B407 what cannot be read is named', () => {
  const faults: [string, SweepKind, string][] = [
    [' ,\n ', 'text', 'Give at least one value.'],
    ['1, two', 'number', '“two” is not a number or a range such as 1..10 step 2.'],
    ['1.5', 'integer', '“1.5” gives 1.5, and only whole numbers are taken here.'],
    ['1..2 in 3', 'integer', '“1..2 in 3” gives 1.5, and only whole numbers are taken here.'],
    ['1..5 step x', 'number', 'In “1..5 step x”, “x” is not a number.'],
    ['1..5 step 0', 'number', 'In “1..5 step 0”, the step must not be 0.'],
    ['1..5 in 1', 'number', 'In “1..5 in 1”, the number of values after “in” must be 2 or more.'],
    ['1..5000', 'integer', '“1..5000” makes more than 1,000 values: use a larger step.'],
    ['1..600, 1..600', 'integer', 'These are more than 1,000 values: give fewer.'],
    ['1e400', 'number', '“1e400” is too large a number.'],
    ['perhaps', 'switch', '“perhaps” is neither on nor off: write on or off.'],
    ['x'.repeat(20_001), 'text', 'A value is longer than 20,000 characters.'],
  ];
  for (const [text, kind, sentence] of faults) expect(read(text, kind)).toBe(sentence);
});

it('B407 hostile text is read in no time', () => {
  const started = performance.now();
  expect(read('1'.repeat(900_000), 'number')).toMatch(/is not a number/);
  expect(read('"'.repeat(900_000), 'text')).toMatch(/longer|more/);
  expect(read(`${' '.repeat(900_000)}1`, 'number')).toEqual([1]);
  expect(read('1'.repeat(1_000_001), 'number')).toMatch(/too long/);
  expect(performance.now() - started).toBeLessThan(2000);
});
