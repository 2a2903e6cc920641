import { describe, expect, it } from 'vitest';
import type { PodVerdict } from '../../../lib/protocol/workflows.ts';
import type { WorkflowProblem } from '../../../lib/workflow/preflight/problem.ts';
import { reasonOf, reasonSentence, summaryOf, waitSentence } from './verdict-words.ts';

const missing = (name: string, kind: 'model' | 'file' | 'node_type' = 'model'): WorkflowProblem => ({
  code: 'missing_model',
  message: 'It is missing.',
  missing: { kind, name },
});
const wrong = (message: string): WorkflowProblem => ({ code: 'value_bigger_than_max', message });
const verdict = (podName: string, said: PodVerdict['verdict'], problems: WorkflowProblem[] = []): PodVerdict => ({
  podId: podName,
  podName,
  verdict: said,
  sentence: '',
  problems,
});

describe('what a person reads of verdicts', () => {
  it.each([
    [[missing('x')], 'the model “x” is missing'],
    [[missing('x'), missing('x')], 'the model “x” is missing'],
    [[missing('x'), missing('y')], 'the models “x” and “y” are missing'],
    [[missing('x'), missing('N', 'node_type'), missing('y')], 'the models “x” and “y” and the node “N” are missing'],
    [[1, 2, 3, 4, 5].map((n) => missing(`f${n}`, 'file')), 'the files “f1”, “f2” and “f3” and 2 more are missing'],
    [[wrong('Steps is too high.')], 'Steps is too high'],
    [[wrong('Steps is too high.'), wrong('More.'), wrong('Most.')], 'Steps is too high (and 2 more problems)'],
    [[wrong('Steps is too high.'), missing('x')], 'the model “x” is missing'],
    [[wrong('The input steps is 0; give at least 1.')], 'the input steps is 0; give at least 1'],
    [[wrong('TheNode depends on itself.')], 'TheNode depends on itself'],
  ])('B383 says why a pod cannot run it: %j', (problems, reason) => {
    expect(reasonOf(problems)).toBe(reason);
    expect(reasonSentence(problems)).toMatch(/^[TS].*[^.]\.$/);
  });

  it('B383 says all verdicts in one sentence, pods with the same reason together', () => {
    const all = [
      verdict('A', 'runs'),
      verdict('C', 'cannot', [missing('x')]),
      verdict('B', 'runs'),
      verdict('D', 'cannot', [missing('x')]),
      verdict('E', 'unknown'),
    ];
    expect(summaryOf(all)).toBe('Runs on A and B; on C and D the model “x” is missing; what E has is not known.');
    expect(summaryOf([verdict('E', 'unknown'), verdict('F', 'unknown')])).toBe('What E and F have is not known.');
    expect(summaryOf([])).toBe('There is no pod that may take it.');
  });

  it('B385 says what a job waits for, however many pods there are, in at most 500 characters', () => {
    const many = Array.from({ length: 200 }, (_, at) => ({
      podName: `pod ${at}`,
      reason: `The model “${at}” is missing.`,
    }));
    expect(waitSentence(many).length).toBeLessThanOrEqual(500);
    expect(reasonSentence([missing('x'.repeat(500)), wrong('y'.repeat(900))]).length).toBeLessThanOrEqual(500);
    expect(reasonSentence([wrong('y'.repeat(900))]).length).toBeLessThanOrEqual(500);
  });
});
