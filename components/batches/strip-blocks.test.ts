import { expect, it } from 'vitest';
import { blocksOf } from './strip-blocks.ts';

it('B464 a strip is cut between lines alone, and loses nothing', () => {
  for (const count of [0, 1, 95, 96, 97, 1000])
    for (const columns of [1, 2, 3, 5, 7, 9, 13, 200]) {
      const items = Array.from({ length: count }, (_, at) => at);
      const blocks = blocksOf(items, columns);
      expect(blocks.flat()).toEqual(items);
      for (const block of blocks.slice(0, -1)) expect(block.length % columns).toBe(0);
      expect(blocks[0]?.length).toBeGreaterThanOrEqual(Math.min(count, 96));
      for (const block of blocks.slice(1)) expect(block.length).toBeLessThanOrEqual(columns * 4);
    }
});
