import { describe, expect, it } from 'vitest';
import { jobError } from '../../lib/jobs/job-error.ts';
import { JOB_ERROR_CODES, type JobErrorCode } from '../../lib/jobs/failure-rules.ts';
import type { JobAttempt, TimelineEvent } from '../../lib/jobs/job.ts';
import { whatPodiumDid } from './what-podium-did.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
const PROMPT_ID = '6f1c2a52-0000-4000-8000-000000000001';
function attempt(number: number, podId: string, start: number, more: Partial<JobAttempt> = {}): JobAttempt {
  const times = { startedAt: at(start), endedAt: at(start + 5) };
  return { number, podId, promptId: PROMPT_ID, ...times, outcome: 'failed', rework: false, ...more };
}
const event = (kind: TimelineEvent['kind'], seconds: number, more: Partial<TimelineEvent> = {}): TimelineEvent => ({
  at: at(seconds),
  kind,
  ...more,
});
function did(code: JobErrorCode, more: Partial<Parameters<typeof whatPodiumDid>[0]>, podIds = ['a', 'b']): string {
  const none = { attempts: [], timeline: [], excludedPods: [], wantedPodId: null };
  return whatPodiumDid({ ...none, error: jobError(code, 'x'), ...more }, podIds, (podId) => podId);
}
const left = (podId: string, code: JobErrorCode) => ({ podId, code, at: at(0) });

describe('what Podium did about a failure', () => {
  it('B325 tells of one try that nothing helps', () => {
    const attempts = [attempt(1, 'studio', 0)];
    expect(did('node_failed', { attempts })).toBe(
      'It tried once on studio. It did not repeat it, since the same would happen again.',
    );
    expect(did('unknown_failure', { attempts })).toBe(
      'It tried once on studio. It does not repeat what it does not know.',
    );
    expect(did('output_lost', { attempts })).toBe('It tried once on studio. It did not repeat it by itself.');
  });

  it('B325 counts tries by pod, and tells waits, checks and freed memory between them', () => {
    const attempts = [attempt(1, 'a', 0), attempt(2, 'a', 15), attempt(3, 'b', 20)];
    const timeline = [
      event('health_checked', 13, { attempt: 1 }),
      event('memory_freed', 14, { attempt: 1 }),
      event('health_checked', 20, { attempt: 2 }),
    ];
    expect(did('out_of_memory', { attempts, timeline, excludedPods: [left('a', 'out_of_memory')] })).toBe(
      'It tried 3 times: twice on a and once on b. ' +
        'Before it tried again it waited 10 s, checked the pod twice and freed the memory of a. ' +
        'It left out a, which has too little memory. No other pod was left that could take it.',
    );
  });

  it('B325 says which pods were left out and why, where none was tried', () => {
    const excludedPods = [left('a', 'model_missing'), left('b', 'model_missing'), left('c', 'pod_disk_full')];
    expect(did('model_missing', { excludedPods })).toBe(
      'It gave it to no pod. It left out a and b: each lacks the model. It left out c, which has a full disk. ' +
        'No other pod was left that could take it.',
    );
    const error = { ...jobError('model_missing', 'x'), category: 'permanent' as const };
    expect(did('model_missing', { attempts: [attempt(1, 'a', 0)], wantedPodId: 'a', error })).toContain(
      'It did not move it, since this pod was asked for.',
    );
  });

  it('B325 says that no pod was left only where none was', () => {
    const attempts = [attempt(1, 'a', 0), attempt(2, 'a', 10)];
    expect(did('out_of_memory', { attempts }, ['a', 'b'])).toMatch(/Then it stopped\.$/);
    expect(did('out_of_memory', { attempts }, ['a'])).toMatch(/No other pod was left that could take it\.$/);
  });

  it('B325 counts what a person asked for anew', () => {
    const attempts = [attempt(1, 'a', 0), attempt(2, 'a', 10), attempt(3, 'b', 100)];
    const timeline = [event('memory_freed', 9), event('retry_requested', 90)];
    expect(did('node_failed', { attempts, timeline })).toMatch(
      /^Since the last retry was asked for, it tried once on b\. It did not/,
    );
  });

  it('B325 tells of pods that died with the work', () => {
    const attempts = [
      attempt(1, 'a', 0, { outcome: 'pod_died' }),
      attempt(2, 'b', 5, { outcome: 'pod_died', rework: true }),
    ];
    expect(did('poison', { attempts })).toBe(
      'It tried twice: once on a and once on b. Pods died with the work twice, and it ran again. ' +
        'It gave it to no further pod, so that none dies of it.',
    );
  });

  it.each(JOB_ERROR_CODES)('B325 has whole sentences for %s', (code) => {
    const attempts = [attempt(1, 'studio', 0), attempt(2, 'attic', 60)];
    const text = did(code, { attempts, excludedPods: [left('attic', code)] });
    expect(text).not.toMatch(/undefined|_|\.\./);
    expect(text).toMatch(/^It tried twice: .+\.$/);
  });
});
