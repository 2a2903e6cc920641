import { describe, expect, it } from 'vitest';
import { ERROR_CATEGORIES, failureRules, JOB_ERROR_CODES } from './failure-rules.ts';
import { jobError, jobErrorSchema } from './job-error.ts';

describe('errors of jobs', () => {
  it('B43 every code has a category and a next step, and there is no rule without a code', () => {
    expect(Object.keys(failureRules).sort()).toEqual([...JOB_ERROR_CODES].sort());
    for (const code of JOB_ERROR_CODES) {
      expect(ERROR_CATEGORIES).toContain(failureRules[code].category);
      expect(failureRules[code].nextStep).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('B43 an error carries what its code prescribes', () => {
    const error = jobError('out_of_memory', 'It ran out of memory.', { exceptionType: 'torch.OutOfMemoryError' });
    expect(jobErrorSchema.parse(error)).toEqual(error);
    expect(error).toMatchObject(failureRules.out_of_memory);
  });

  it('B43 only what may pass by itself or with help is tried again', () => {
    const again = JOB_ERROR_CODES.filter((code) => ['transient', 'recoverable'].includes(failureRules[code].category));
    expect(again.sort()).toEqual([
      'gpu_broken',
      'out_of_memory',
      'pod_answer_invalid',
      'pod_busy',
      'pod_lost',
      'pod_unreachable',
      'prompt_too_large',
    ]);
  });
});
