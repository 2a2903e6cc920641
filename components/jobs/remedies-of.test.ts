import { describe, expect, it } from 'vitest';
import { failureRules, JOB_ERROR_CODES, type JobErrorCode } from '../../lib/jobs/failure-rules.ts';
import { jobError } from '../../lib/jobs/job-error.ts';
import { memoryNumbers } from './memory-numbers.ts';
import { nodesOfFailure, remediesOf } from './remedies-of.ts';

const GB = 1024 ** 3;
const missing = [{ kind: 'model' as const, name: 'x.safetensors', nodeId: '4' }];
const failed = (code: JobErrorCode, more = {}) => ({ podId: 'a', error: jobError(code, 'x', more) });
const all = { graph: true, retryWorks: false };
const pods = [
  { id: 'a', state: 'quarantined' as const },
  { id: 'b', state: 'up' as const },
];

describe('what can be pressed about a failure', () => {
  it.each(JOB_ERROR_CODES)('B326 offers what the rule of %s prescribes, and a retry always', (code) => {
    const wished = failureRules[code].actions;
    const offered = remediesOf(failed(code, { missing }), pods, all);
    expect(offered.slice(0, wished.length)).toEqual(wished);
    expect(offered).toContain('retry');
  });

  it('B326 offers nothing that cannot be done here', () => {
    expect(remediesOf(failed('gpu_broken'), pods, all)).toEqual(['retry_elsewhere', 'reopen_pod', 'retry']);
    expect(remediesOf(failed('gpu_broken'), [{ id: 'a', state: 'up' }], all)).toEqual(['retry']);
    expect(remediesOf(failed('node_failed'), pods, all)).not.toContain('show_node');
    expect(remediesOf(failed('model_missing', { missing }), pods, { ...all, graph: false })).not.toContain('show_node');
  });

  it('B327 puts the retry first once it is known to work', () => {
    expect(remediesOf(failed('model_missing', { missing }), pods, all)[0]).toBe('edit');
    expect(remediesOf(failed('model_missing', { missing }), pods, { ...all, retryWorks: true })).toEqual([
      'retry',
      'edit',
      'show_node',
    ]);
  });

  it('B329 leads to the nodes that failed, then to those that lack something', () => {
    const error = jobError('prompt_rejected', 'x', { nodes: { '7': { errors: [] }, '4': { errors: [] } }, missing });
    expect(nodesOfFailure({ error })).toEqual(['4', '7']);
    expect(nodesOfFailure({})).toEqual([]);
  });

  it('B329 tells memory in GB, as far as it is known', () => {
    expect(memoryNumbers({ wanted: 12 * GB, free: 0.02 * GB, total: 24 * GB })).toBe(
      'wanted 12.0 GB more · 0.020 GB free · 24.0 GB in all',
    );
    expect(memoryNumbers({ total: 8 * GB })).toBe('8.0 GB in all');
    expect(memoryNumbers({})).toBe('');
  });
});
