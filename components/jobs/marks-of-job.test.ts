import { describe, expect, it } from 'vitest';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import { jobError } from '../../lib/jobs/job-error.ts';
import { marksOfJob } from './marks-of-job.ts';

const promptId = 'aaaaaaaa-0000-4000-8000-000000000001';
const ids = ['1', '2', '3', '4:5'];
const attempt = (nodes?: string): JobDetail['attempts'][number] => ({
  number: 1,
  podId: 'p',
  promptId,
  startedAt: '2026-01-02T03:04:05.006Z',
  rework: false,
  ...(nodes !== undefined && { nodes }),
});
const states = (state: JobDetail['state'], more: Partial<Pick<JobDetail, 'live' | 'attempts' | 'error'>> = {}) =>
  [...marksOfJob({ state, attempts: [], ...more }, ids).values()].map((mark) => mark.state);
const live = (nodes: string, value: number, max: number): JobProgress => ({
  promptId,
  percent: 10,
  phase: 'sampling',
  node: { id: '2', name: 'KSampler', value, max },
  nodes,
});
const failure = (id: string) => jobError('node_failed', 'It failed.', { nodes: { [id]: { errors: [] } } });

describe('what becomes of the nodes of a job', () => {
  it('B438 is waiting until something is heard of them, in every further attempt too', () => {
    const waiting = ['waiting', 'waiting', 'waiting', 'waiting'];
    expect(states('queued')).toEqual(waiting);
    expect(states('submitting', { attempts: [attempt('ddd-'), attempt()] })).toEqual(waiting);
    expect(states('running')).toEqual(waiting);
  });

  it('B438 is waiting, cached, done or running with its own bar while the job runs', () => {
    const job = { state: 'running' as const, attempts: [attempt()], live: live('cr--', 5, 20) };
    expect([...marksOfJob(job, ids)]).toEqual([
      ['1', { state: 'cached' }],
      ['2', { state: 'running', part: 0.25 }],
      ['3', { state: 'waiting' }],
      ['4:5', { state: 'waiting' }],
    ]);
    expect(marksOfJob({ ...job, live: live('cr--', 0, 1) }, ids).get('2')).toEqual({ state: 'running' });
  });

  it('B438 is all done after success, but for what is known not to have run', () => {
    expect(states('succeeded', { attempts: [attempt('cdnd')] })).toEqual(['cached', 'done', 'not_run', 'done']);
    expect(states('succeeded', { attempts: [attempt('cr--')] })).toEqual(['cached', 'done', 'done', 'done']);
    expect(states('succeeded', { attempts: [attempt()] })).toEqual(['done', 'done', 'done', 'done']);
  });

  it('B438 is failed at what failed, and not run after it', () => {
    expect(states('failed', { attempts: [attempt('dr--')], error: failure('2') })).toEqual([
      'done',
      'failed',
      'not_run',
      'not_run',
    ]);
    expect(states('failed', { attempts: [attempt('d-r-')], error: failure('3.0.0.7') })[2]).toBe('failed');
    expect(states('retry_wait', { attempts: [attempt('---r')], error: failure('4:5') })[3]).toBe('failed');
    expect(states('failed', { attempts: [attempt()], error: failure('gone') })).not.toContain('failed');
  });

  it('B438 is stopped where a cancel came to it', () => {
    expect(states('cancelled', { attempts: [attempt('dr--')] })).toEqual(['done', 'stopped', 'not_run', 'not_run']);
  });
});
