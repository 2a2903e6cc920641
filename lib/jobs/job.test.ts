import { describe, expect, it } from 'vitest';
import { isOnPod, isTerminal, JOB_SCHEMA_VERSION, JOB_STATES, jobSchema, TERMINAL_STATES } from './job.ts';
import { newJob } from './transition.ts';

const job = newJob({ id: 'bbbbbbbb-0000-4000-8000-000000000001', name: 'a job', at: '2026-01-02T03:04:05.006Z' });

describe('a job record', () => {
  it('B7 a new job is valid, on no pod and not ended', () => {
    expect(jobSchema.parse(job)).toEqual(job);
    expect(job).toMatchObject({ state: 'queued', revision: 0, priority: 0, rework: false, attempts: [] });
  });

  it('B7 keeps what a person wished', () => {
    const wished = newJob({ ...job, at: job.createdAt, wantedPodId: 'gpu', priority: 7, metadata: { by: 'me' } });
    expect(jobSchema.parse(wished)).toMatchObject({ wantedPodId: 'gpu', priority: 7, metadata: { by: 'me' } });
  });

  it.each([
    ['of a newer version', { schemaVersion: JOB_SCHEMA_VERSION + 1 }],
    ['in a state there is not', { state: 'paused' }],
    ['that runs nowhere', { state: 'running' }],
    ['that failed for no reason', { state: 'failed', endedAt: job.createdAt }],
    ['with a local time', { createdAt: '2026-01-02 03:04' }],
    ['with a prompt id that is no UUID', { state: 'running', podId: 'p', promptId: '../etc' }],
    ['with half a revision', { revision: 0.5 }],
  ])('B7 a record %s is refused', (_title, change) => {
    expect(jobSchema.safeParse({ ...job, ...change }).success).toBe(false);
  });

  it('B1 a state has ended, or a pod has the job, or neither, never both', () => {
    for (const state of JOB_STATES) expect(isTerminal(state) && isOnPod(state)).toBe(false);
    expect(JOB_STATES.filter(isTerminal)).toEqual([...TERMINAL_STATES]);
    expect(JOB_STATES.filter(isOnPod)).toEqual(['submitting', 'uncertain', 'running']);
  });
});
