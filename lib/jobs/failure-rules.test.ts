import { describe, expect, it } from 'vitest';
import { ERROR_CATEGORIES, failureRules, JOB_ERROR_CODES, REMEDY_ACTIONS } from './failure-rules.ts';
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
    const { category, blame, nextStep } = failureRules.out_of_memory;
    expect(error).toMatchObject({ category, blame, nextStep });
  });

  it('B43 only what may pass by itself or with help is tried again', () => {
    const never = JOB_ERROR_CODES.filter((code) => ['permanent', 'fatal'].includes(failureRules[code].category));
    expect(never.sort()).toEqual([
      'hung',
      'inputs_mismatch',
      'internal',
      'node_failed',
      'output_lost',
      'output_refused',
      'partner_api_refused',
      'pod_unauthorized',
      'poison',
      'prompt_lost',
      'prompt_rejected',
      'stale',
      'unknown_failure',
    ]);
  });
});

describe('the words about failures', () => {
  const said = JOB_ERROR_CODES.flatMap((code) => {
    const { sentence, cause, nextStep } = failureRules[code];
    return [sentence, cause, nextStep].map((text) => ({ code, text }));
  });

  it('B270 every code has all its words, in whole sentences of a length that is read', () => {
    for (const { code, text } of said) {
      expect(text, code).toMatch(/^[A-Z].*\.$/);
      expect(text.length, code).toBeLessThan(130);
      expect(text, code).not.toMatch(/'|\s\s/);
    }
  });

  it('B270 no two codes are told in the same words, and a sentence is not its own cause', () => {
    const sentences = JOB_ERROR_CODES.map((code) => failureRules[code].sentence);
    expect(new Set(sentences).size).toBe(JOB_ERROR_CODES.length);
    for (const code of JOB_ERROR_CODES) expect(failureRules[code].cause).not.toBe(failureRules[code].sentence);
  });

  it('B270 no code and no empty phrase stands in them', () => {
    for (const { code, text } of said) {
      for (const other of JOB_ERROR_CODES) if (other.includes('_')) expect(text, code).not.toContain(other);
      expect(text, code).not.toMatch(/something went wrong|unexpected|oops|invalid|error occurred|please/i);
    }
  });

  it('B270 where the workflow is not what has to change, it is not blamed', () => {
    for (const code of JOB_ERROR_CODES) {
      const { blame, cause } = failureRules[code];
      if (/workflow is not to blame/.test(cause)) expect(blame, code).not.toBe('workflow');
      if (blame === 'network' || blame === 'podium') expect(cause, code).toMatch(/to blame/);
    }
    expect(failureRules.unknown_failure.cause).toMatch(/blames nobody/);
  });

  it('B270 every button is offered somewhere, a retry by all whose cause a person can mend outside the workflow', () => {
    const offered = new Set(JOB_ERROR_CODES.flatMap((code) => [...failureRules[code].actions]));
    expect([...offered].sort()).toEqual([...REMEDY_ACTIONS].sort());
    for (const code of JOB_ERROR_CODES) {
      const { actions, blame } = failureRules[code];
      expect(new Set(actions).size, code).toBe(actions.length);
      if (blame !== 'workflow') expect(actions, code).toContain('retry');
      else
        expect(
          actions.some((action) => action === 'edit'),
          code,
        ).toBe(true);
    }
  });

  it('B270 statuses are those of errors; only trouble on the way to a pod counts against its breaker', () => {
    for (const code of JOB_ERROR_CODES) {
      const { status, countsAgainstBreaker } = failureRules[code];
      expect(status, code).toBeGreaterThanOrEqual(400);
      expect(status, code).toBeLessThan(600);
      if (countsAgainstBreaker) expect(status, code).toBeGreaterThanOrEqual(502);
    }
    const counting = JOB_ERROR_CODES.filter((code) => failureRules[code].countsAgainstBreaker);
    expect(counting.sort()).toEqual([
      'pod_address_unknown',
      'pod_answer_invalid',
      'pod_lost',
      'pod_tls_failed',
      'pod_unreachable',
      'submission_cut',
    ]);
  });
});
