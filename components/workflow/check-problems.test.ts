import { describe, expect, it } from 'vitest';
import type { PodVerdict, WorkflowCheck } from '../../lib/protocol/workflows.ts';
import { verdictOf } from './check-problems.ts';

const problem = { code: 'value_not_in_list' as const, message: 'Not there.', nodeId: '1', input: 'ckpt_name' };
const pod = (podId: string, verdict: PodVerdict['verdict']): PodVerdict => ({
  podId,
  podName: podId.toUpperCase(),
  verdict,
  sentence: '',
  problems: verdict === 'cannot' ? [problem, { code: 'prompt_no_outputs', message: 'Nothing is saved.' }] : [],
});
const check = (...pods: PodVerdict[]): WorkflowCheck => ({
  prompt: {},
  unknown: [],
  notes: [],
  runs: false,
  sentence: '',
  pods,
  definitions: {},
});

describe('the verdict about a workflow', () => {
  it('B426 is that of the pods that may take it', () => {
    const both = check(pod('a', 'runs'), pod('b', 'cannot'), pod('c', 'runs'));
    expect(verdictOf(both, '')).toEqual({ runs: 'now', pods: 2, problems: new Map() });
    expect(verdictOf(both, 'a')).toMatchObject({ runs: 'now', pods: 1 });
    expect(verdictOf(both, 'b')).toEqual({ runs: 'cannot', pods: 0, problems: new Map([['1/ckpt_name', problem]]) });
  });

  it('B426 says of what is wrong at a field on which of several pods it is', () => {
    const missing = { kind: 'model' as const, name: 'a.safetensors', folder: 'models/checkpoints' };
    const lacking = (podId: string): PodVerdict => ({ ...pod(podId, 'cannot'), problems: [{ ...problem, missing }] });
    const at = (...pods: PodVerdict[]) => verdictOf(check(...pods), '').problems.get('1/ckpt_name')?.message;
    expect(at(lacking('a'), lacking('b'))).toBe('Missing on every pod; put it into models/checkpoints.');
    expect(at(lacking('a'), pod('b', 'unknown'))).toBe('Missing on A; put it into models/checkpoints.');
    expect(at(pod('a', 'cannot'), pod('b', 'unknown'))).toBe('On A: Not there.');
    expect(at(lacking('a'))).toBe(problem.message);
  });

  it('B426 is open while a pod has not said what it has, or none was asked', () => {
    expect(verdictOf(check(pod('a', 'cannot'), pod('b', 'unknown')), '')).toMatchObject({ runs: 'unknown', pods: 0 });
    expect(verdictOf(check(), '').runs).toBe('unknown');
    expect(verdictOf(undefined, '').runs).toBe('unknown');
  });
});
