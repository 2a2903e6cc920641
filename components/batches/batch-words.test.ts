import { expect, it } from 'vitest';
import { JOB_STATES, type JobState } from '../../lib/jobs/job-state.ts';
import type { JobCounts } from '../../lib/protocol/jobs.ts';
import { batchParts, batchTrouble, batchWord } from './batch-words.ts';
import { mergedRows } from './merged-rows.ts';

const counts = (given: Partial<Record<JobState, number>>): JobCounts =>
  Object.fromEntries(JOB_STATES.map((state) => [state, given[state] ?? 0])) as JobCounts;

it('B418 the parts of a batch come to the whole of it, also where history has dropped some', () => {
  const batch = {
    total: 20,
    counts: counts({ queued: 5, retry_wait: 1, running: 2, submitting: 1, succeeded: 7, failed: 3 }),
  };
  expect(batchParts(batch).map(({ id, count }) => `${id} ${count}`)).toEqual([
    'succeeded 7',
    'running 3',
    'failed 3',
    'waiting 6',
    'gone 1',
  ]);
  expect(batchTrouble(batch)).toBe('3 running · 3 failed');
  expect(batchTrouble({ total: 2, counts: counts({ succeeded: 2 }) })).toBe('');
});

it('B418 a batch has one word for how it is', () => {
  const word = (given: Partial<Record<JobState, number>>, ended = true) =>
    batchWord({ counts: counts(given), ended }).word;
  expect(word({ queued: 2 }, false)).toBe('Waiting');
  expect(word({ queued: 2, running: 1, failed: 3 }, false)).toBe('Running');
  expect(word({ succeeded: 2 })).toBe('Succeeded');
  expect(word({ succeeded: 2, failed: 1 })).toBe('Partly failed');
  expect(word({ failed: 1, cancelled: 4 })).toBe('Failed');
  expect(word({ succeeded: 3, cancelled: 4 })).toBe('Cancelled');
});

it('B418 jobs and batches are one list by age, as far down as both are known', () => {
  const item = (second: number) => ({ id: `id-${second}`, createdAt: `2026-01-01T00:00:0${second}.000Z` });
  const names = (jobs: number[], jobsMore: boolean, batches: number[], batchesMore: boolean) =>
    mergedRows({ items: jobs.map(item), more: jobsMore }, { items: batches.map(item), more: batchesMore }).map((row) =>
      'job' in row ? `job ${row.job.id.at(-1)}` : `batch ${row.batch.id.at(-1)}`,
    );
  expect(names([9, 6, 3], false, [7, 1], false)).toEqual(['job 9', 'batch 7', 'job 6', 'job 3', 'batch 1']);
  expect(names([9, 6, 3], true, [7, 1], false)).toEqual(['job 9', 'batch 7', 'job 6', 'job 3']);
  expect(names([9, 6, 3], true, [8, 5], true)).toEqual(['job 9', 'batch 8', 'job 6', 'batch 5']);
  expect(names([], false, [8], false)).toEqual(['batch 8']);
});
