import { describe, expect, it } from 'vitest';
import { MAX_JOBS_WITH_FILES } from '../pod-client.ts';
import { readCondition, readOrders } from './stored-text.ts';

describe('what is kept of pods', () => {
  it('B309 is taken for unknown where it is damaged, and is never longer than its bounds', () => {
    const lastError = { at: '2026-01-01T00:00:00.000Z', code: 'gpu_broken', message: 'CUDA' };
    const many = {
      jobsWithFiles: Array.from({ length: MAX_JOBS_WITH_FILES + 5 }, (_, index) => `job-${index}`),
      lastErrors: Array.from({ length: 100 }, () => lastError),
    };
    const read = readCondition(JSON.stringify(many));
    expect(read?.jobsWithFiles).toEqual(many.jobsWithFiles.slice(0, MAX_JOBS_WITH_FILES));
    expect(read?.lastErrors).toHaveLength(20);
    for (const damaged of ['', '{"half', '[]', '{"trouble":{"state":"odd"}}', '{"breaker":7}'])
      expect(readCondition(damaged)).toBeUndefined();
    expect(readOrders({ drained: 'perhaps' })).toBeUndefined();
  });

  it('B309 is kept also where a newer version wrote an error this one does not know', () => {
    const trouble = { state: 'quarantined', reason: 'Broken.', since: '2026-01-01T00:00:00.000Z' };
    const newer = { trouble, lastErrors: [{ at: trouble.since, code: 'from_the_future', message: 'x' }], more: 1 };
    expect(readCondition(JSON.stringify(newer))).toEqual({ trouble, lastErrors: [] });
  });
});
