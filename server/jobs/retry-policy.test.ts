import { describe, expect, it } from 'vitest';
import { jobError } from '../../lib/jobs/job-error.ts';
import { ComfyUIErrorHandlerService } from './error-handler.ts';
import { backoffMs, probePauseMs } from './retry-policy.ts';

describe('the pause before a retry', () => {
  it('is 1, 2, 4, 8, 16 s and stays there', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((retry) => backoffMs(retry, 1000))).toEqual([
      1000, 2000, 4000, 8000, 16_000, 16_000, 16_000,
    ]);
  });

  it('between probes lies between half a second and fifteen seconds', () => {
    expect([0, 1, 2, 3, 4, 9].map((failures) => probePauseMs(failures, () => 1))).toEqual([
      1000, 2000, 4000, 8000, 15_000, 15_000,
    ]);
    expect(probePauseMs(9, () => 0)).toBe(500);
  });
});

describe('the error handler', () => {
  const handler = new ComfyUIErrorHandlerService();

  it('retries a transient error three times, then no more', () => {
    const error = jobError('pod_busy', 'busy');
    expect([0, 1, 2, 3].map((used) => handler.decide(error, used))).toEqual([
      { retry: true, delayMs: 1000 },
      { retry: true, delayMs: 2000 },
      { retry: true, delayMs: 4000 },
      { retry: false },
    ]);
  });

  it('retries a recoverable error', () => {
    expect(handler.decide(jobError('out_of_memory', 'oom'), 0).retry).toBe(true);
  });

  it.each(['prompt_rejected', 'node_failed', 'model_missing', 'prompt_lost', 'stale', 'internal'] as const)(
    'never retries %s',
    (code) => expect(handler.decide(jobError(code, code), 0)).toEqual({ retry: false }),
  );

  it('never retries what is fatal for the pod', () => {
    expect(handler.decide(jobError('pod_unauthorized', 'no'), 0)).toEqual({ retry: false });
  });

  it('waits as long as the pod asked for, never shorter than its own backoff', () => {
    const error = jobError('pod_busy', 'busy');
    expect(handler.decide(error, 0, 30_000)).toEqual({ retry: true, delayMs: 30_000 });
    expect(handler.decide(error, 2, 10)).toEqual({ retry: true, delayMs: 4000 });
  });

  it('makes one attempt only where no retry is allowed', () => {
    expect(new ComfyUIErrorHandlerService({ maxRetries: 0 }).decide(jobError('pod_busy', 'busy'), 0)).toEqual({
      retry: false,
    });
  });
});
