import { expect, it } from 'vitest';
import { durationsOf, estimateOf } from './estimate.ts';

it('B417 what a batch may take is said by how long jobs took lately and how many pods there are', () => {
  expect(estimateOf(24, [50_000, 70_000], 2)).toEqual({ ms: 720_000, sentence: 'about 12 minutes on 2 pods' });
  expect(estimateOf(3, [1000], 2)?.sentence).toBe('about 2 seconds on 2 pods');
  expect(estimateOf(1000, [60_000], 1)?.sentence).toBe('about 17 hours on 1 pod');
  expect(estimateOf(1000, [900_000], 1)?.sentence).toBe('about 10 days on 1 pod');
  expect(estimateOf(5, [], 2)).toBeUndefined();
  expect(estimateOf(5, [1000], 0)).toBeUndefined();
});

it('B417 run times are those of jobs that began and ended', () => {
  const at = (second: number) => new Date(second * 1000).toISOString();
  const jobs = [{ startedAt: at(1), endedAt: at(4) }, { startedAt: at(1) }, { startedAt: at(2), endedAt: at(2) }, {}];
  expect(durationsOf(jobs)).toEqual([3000]);
});
