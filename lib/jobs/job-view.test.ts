import { describe, expect, it } from 'vitest';
import { jobError } from './job-error.ts';
import { jobDetailSchema, jobSummarySchema } from '../protocol/jobs.ts';
import { detailOf, outputUrl, summaryOf } from './job-view.ts';
import type { Job, JobOutput } from './job.ts';
import type { JobProgress } from './progress.ts';
import { newJob, transition, type JobEvent } from './transition.ts';

const id = 'bbbbbbbb-0000-4000-8000-000000000001';
const at = '2026-01-02T03:04:05.006Z';
const promptId = 'aaaaaaaa-0000-4000-8000-000000000001';
const progress: JobProgress = { promptId, percent: 42, phase: 'sampling' };
const error = jobError('node_failed', 'A node failed.', { traceback: 'line 1', nodes: {} });
const output = (index: number, kind: JobOutput['kind']): JobOutput => ({
  index,
  nodeId: '9',
  nodeName: 'Save',
  kind,
  filename: `${index}.bin`,
  contentType: 'application/octet-stream',
  bytes: 3,
  sha256: 'x',
});

function after(...events: JobEvent[]): Job {
  const job: Job = newJob({ id, name: 'a job', at });
  return events.reduce<Job>(transition, job);
}
const claim: JobEvent = { at, type: 'claim', podId: 'p', promptId };
const accept: JobEvent = { at, type: 'accept' };
const running = after(claim, accept);
const failed = after(claim, accept, { at, type: 'fail', error, outcome: 'failed' });
const retrying = after(claim, accept, { at, type: 'fail', error, outcome: 'failed', retryAt: at });
const succeeded = after(claim, accept, { at, type: 'succeed', outputs: [output(0, 'text'), output(1, 'image')] });

describe('the view of a job', () => {
  it.each([
    ['queued', after()],
    ['running', running],
    ['retrying', retrying],
    ['failed', failed],
    ['succeeded', succeeded],
    ['cancelled', after({ at, type: 'cancel_request' })],
  ])('B7 fits the wire when %s', (_state, job) => {
    expect(jobSummarySchema.parse(summaryOf(job, progress))).toEqual(summaryOf(job, progress));
    expect(jobDetailSchema.parse(detailOf(job, progress))).toEqual(detailOf(job, progress));
  });

  it('B31 shows a bar only for the prompt that runs, and 100 only for what succeeded', () => {
    expect(summaryOf(running, progress)).toMatchObject({ progress: 42, live: progress });
    expect(summaryOf(running, { ...progress, promptId: id })).toMatchObject({ progress: null });
    expect(summaryOf(running).progress).toBeNull();
    expect(summaryOf(retrying, progress).progress).toBeNull();
    expect(summaryOf(failed, progress).progress).toBeNull();
    expect(summaryOf(failed, progress).live).toBeUndefined();
    expect(summaryOf(succeeded, progress)).toMatchObject({ progress: 100 });
  });

  it('B433 the states of nodes are in the whole job, not in lists', () => {
    const live = { ...progress, nodes: 'dr-' };
    expect(detailOf(running, live)).toMatchObject({ live });
    expect(summaryOf(running, live).live).toEqual(progress);
  });

  it('B24 a traceback is in the whole job, not in lists', () => {
    expect(summaryOf(failed).error).toMatchObject({ code: 'node_failed', message: 'A node failed.' });
    expect(summaryOf(failed).error).not.toHaveProperty('traceback');
    expect(detailOf(failed).error?.traceback).toBe('line 1');
  });

  it('B22 a picture stands for the job in lists, else its first output', () => {
    expect(summaryOf(succeeded).thumbnail).toBe(1);
    expect(summaryOf(after(claim, accept, { at, type: 'succeed', outputs: [output(0, 'audio')] })).thumbnail).toBe(0);
    expect(summaryOf(running).thumbnail).toBeUndefined();
  });

  it('B7 every output has its address on this server', () => {
    expect(detailOf(succeeded).outputs.map((one) => one.url)).toEqual([outputUrl(id, 0), outputUrl(id, 1)]);
    expect(outputUrl(id, 1)).toBe(`/api/jobs/${id}/outputs/1`);
  });

  it('B6 says that a cancel is wished', () => {
    expect(summaryOf(running).cancelRequested).toBe(false);
    expect(summaryOf(transition(running, { at, type: 'cancel_request' })).cancelRequested).toBe(true);
  });
});
