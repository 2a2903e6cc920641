import { describe, expect, it } from 'vitest';
import {
  ERROR_CATEGORIES,
  JOB_ERROR_CODES,
  jobError,
  jobErrorRules,
  jobErrorSchema,
  PROBLEM_CODES,
  problemRules,
} from './errors.ts';

describe('errors of jobs', () => {
  it('B43 every code has a category and a next step, and there is no rule without a code', () => {
    expect(Object.keys(jobErrorRules).sort()).toEqual([...JOB_ERROR_CODES].sort());
    for (const code of JOB_ERROR_CODES) {
      expect(ERROR_CATEGORIES).toContain(jobErrorRules[code].category);
      expect(jobErrorRules[code].nextStep).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('B43 an error carries what its code prescribes', () => {
    const error = jobError('out_of_memory', 'It ran out of memory.', { exceptionType: 'torch.OutOfMemoryError' });
    expect(jobErrorSchema.parse(error)).toEqual(error);
    expect(error).toMatchObject(jobErrorRules.out_of_memory);
  });

  it('B43 only what may pass by itself or with help is tried again', () => {
    const again = JOB_ERROR_CODES.filter((code) => ['transient', 'recoverable'].includes(jobErrorRules[code].category));
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

describe('refusals of the API', () => {
  it('every code has a status of the 4xx or 5xx and a title', () => {
    expect(Object.keys(problemRules).sort()).toEqual([...PROBLEM_CODES].sort());
    for (const { status, title } of Object.values(problemRules)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      expect(title).toMatch(/^[A-Z]/);
    }
  });
});
