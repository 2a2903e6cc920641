import { describe, expect, it } from 'vitest';
import { jobError } from '../../lib/jobs/job-error.ts';
import { filesLine, retryLine } from './row-reason.ts';

const busy = jobError('pod_busy', 'The pod asked for a pause.');

describe('why the job of a row waits', () => {
  it('B333 counts down to the next try and names the reason', () => {
    expect(retryLine({ error: busy }, 3200)).toBe('Again in 4 s: The pod asked for a pause.');
    expect(retryLine({ error: busy }, 1)).toBe('Again in 1 s: The pod asked for a pause.');
    expect(retryLine({}, 60_000)).toBe('Again in 1 min 0 s');
  });

  it('B333 says what is done before, and what it waits for once its time has come', () => {
    expect(retryLine({ next: { freeMemory: true } }, 2000)).toBe('Memory is freed, then again in 2 s');
    expect(retryLine({ error: busy }, 0)).toBe('Again as soon as a pod can take it: The pod asked for a pause.');
    expect(retryLine({ next: { podId: 'pod-1', freeMemory: false } }, -5000)).toBe(
      'Again as soon as a pod can take it',
    );
  });

  it('B394 says which pod it waits for where none can run it, rather than when', () => {
    expect(retryLine({ error: busy, waitsFor: 'It waits for a pod that can run it.' }, 2000)).toBe(
      'It waits for a pod that can run it.',
    );
  });

  it('B333 says how many files are still on the pod', () => {
    expect(filesLine({ filesOnPod: 1 })).toBe('1 file still on the pod');
    expect(filesLine({ filesOnPod: 12 })).toBe('12 files still on the pod');
  });
});
