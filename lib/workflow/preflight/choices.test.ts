import { describe, expect, it } from 'vitest';
import { Choices, choicesOf, differInSlashes } from './choices.ts';

describe('what an input may be', () => {
  it.each<[unknown[], unknown, boolean]>([
    [['a', 'b'], 'a', true],
    [['a'], 'A', false],
    [[1, 2], '1', false],
    [['1'], 1, false],
    [[1], true, true],
    [[false], 0, true],
    [[null], null, true],
    [[], '', false],
    [['a'], { a: 1 }, false],
    [[[64, 64]], [64, 64], true],
  ])('B373 of %j is %j: %j', (list, value, isIn) => {
    expect(new Choices(list).has(value)).toBe(isIn);
  });

  it('is made ready once for a list', () => {
    const list = ['a'];
    expect(choicesOf(list)).toBe(choicesOf(list));
    expect(choicesOf(['a'])).not.toBe(choicesOf(list));
  });
});

describe('the closest name', () => {
  const has = ['SDXL/dreamscape.safetensors', 'v1-5-pruned-emaonly.safetensors', 'old\\paint.ckpt', 'lcm.safetensors'];
  it.each([
    ['SDXL\\dreamscape.safetensors', 'SDXL/dreamscape.safetensors'],
    ['sdxl/DREAMSCAPE.safetensors', 'SDXL/dreamscape.safetensors'],
    ['dreamscape.safetensors', 'SDXL/dreamscape.safetensors'],
    ['paint.ckpt', 'old\\paint.ckpt'],
    ['v1-5-pruned-emaonly-fp16.safetensors', 'v1-5-pruned-emaonly.safetensors'],
    ['something-else-entirely.gguf', undefined],
    ['x', undefined],
    ['', undefined],
    ['a'.repeat(10_000), undefined],
  ])('B372 to “%s” is “%s”', (name, closest) => {
    expect(new Choices(has).closest(name)).toBe(closest);
    expect(choicesOf(has).closest(name)).toBe(closest);
  });

  it('B372 is the nearest of several alike, and the first where they are equally near', () => {
    const alike = new Choices(['model-v1.pt', 'model-v12.pt', 'model-v2.pt']);
    expect(alike.closest('model-v11.pt')).toBe('model-v1.pt');
    expect(alike.closest('model-v123.pt')).toBe('model-v12.pt');
  });

  it('B372 is known to differ in slashes alone', () => {
    expect(differInSlashes('a\\b.pt', 'a/b.pt')).toBe(true);
    expect(differInSlashes('a/b.pt', 'a/b.pt')).toBe(false);
    expect(differInSlashes('a/b.pt', 'b.pt')).toBe(false);
  });
});
