import { describe, expect, it } from 'vitest';
import { pythonFloat, pythonInt } from './python-numbers.ts';

describe('a value as a whole number', () => {
  it.each<[unknown, number | undefined]>([
    [7, 7],
    [3.9, 3],
    [-3.9, -3],
    [true, 1],
    ['12', 12],
    [' +12 ', 12],
    ['-1_000', -1000],
    ['007', 7],
    ['٣४', 34],
    ['𝟗', 9],
    ['', undefined],
    ['1.0', undefined],
    ['1e3', undefined],
    ['0x10', undefined],
    ['1__0', undefined],
    ['_1', undefined],
    ['- 1', undefined],
    ['9'.repeat(4301), undefined],
    [Number.NaN, undefined],
    [Infinity, undefined],
    [null, undefined],
    [{}, undefined],
    [[1], undefined],
  ])('B373 %j is %j to Python', (value, number) => {
    expect(pythonInt(value)).toBe(number);
  });
});

describe('a value as a number', () => {
  it.each<[unknown, number | undefined]>([
    [7, 7],
    [false, 0],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['5.', 5],
    [' 1_0.2_5e+1 ', 102.5],
    ['1e400', Infinity],
    ['-inf', -Infinity],
    ['Infinity', Infinity],
    ['nan', Number.NaN],
    ['', undefined],
    ['.', undefined],
    ['1e', undefined],
    ['1_', undefined],
    ['1._5', undefined],
    ['0x1', undefined],
    ['1,5', undefined],
    [null, undefined],
    [{}, undefined],
  ])('B373 %j is %j to Python', (value, number) => {
    expect(pythonFloat(value)).toBe(number);
  });
});
