import { describe, expect, it } from 'vitest';
import { PROBLEM_CODES, problemRules } from './errors.ts';

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
