import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../../lib/jobs/job.ts';
import { newJob, transition, type JobEvent } from '../../../lib/jobs/transition.ts';
import { jobError } from '../../../lib/jobs/job-error.ts';
import { candidates, judgeOrphan, type EndedOrphans } from './orphans.ts';
import type { SurveyedPrompt } from '../pod-client.ts';

const at = '2026-01-02T03:04:05.006Z';
const now = Date.parse(at);
const jobId = 'aaaaaaaa-0000-4000-8000-000000000001';
const first = 'bbbbbbbb-0000-4000-8000-000000000001';
const second = 'bbbbbbbb-0000-4000-8000-000000000002';

const ended = { kind: 'ended', end: { kind: 'interrupted' } } as const;
function shown(more: Partial<SurveyedPrompt> = {}): SurveyedPrompt {
  const work = () => undefined;
  return { promptId: second, jobId, attempt: 2, desk: 'ours', where: { kind: 'running' }, work, ...more };
}
function job(...events: JobEvent[]): Job {
  return events.reduce<Job>(transition, newJob({ id: jobId, name: 'a job', at }));
}
const claim: JobEvent = { at, type: 'claim', podId: 'p', promptId: first };
const accept: JobEvent = { at, type: 'accept' };
const fail: JobEvent = { at, type: 'fail', error: jobError('node_failed', 'It broke.'), outcome: 'failed' };
const again: JobEvent = { ...fail, retryAt: at };
const rework: JobEvent = { at, type: 'rework', reason: 'It died.' };
const succeed: JobEvent = { at, type: 'succeed', outputs: [] };
const cancelled: JobEvent = { at, type: 'cancelled' };

describe('a prompt of a job that the store has', () => {
  it.each([
    ['waits, before this attempt', job(claim, accept, again), 'catch_up'],
    ['waits for rework, before this attempt', job(claim, accept, rework), 'catch_up'],
    ['waits, two attempts before', job(), 'catch_up'],
    ['failed, before a person retried it', job(claim, accept, fail), 'catch_up'],
    ['is on a pod with an earlier attempt', job(claim, accept), 'leave'],
    ['succeeded', job(claim, accept, succeed), 'leave'],
    ['has as many attempts already', job(claim, accept, again, { ...claim, promptId: randomUUID() }), 'leave'],
  ])('B226 which %s: %o', (_what, stored, kind) => {
    expect(judgeOrphan(shown(), stored)).toMatchObject({ kind });
  });

  it('B226 a wish to retry that was lost is made good only for what still runs', () => {
    const failed = job(claim, accept, fail);
    expect(judgeOrphan(shown(), failed)).toEqual({ kind: 'catch_up', retried: true });
    expect(judgeOrphan(shown({ where: ended }), failed)).toEqual({ kind: 'leave' });
  });

  it('B226 an ended prompt of a job that waits is taken too', () => {
    expect(judgeOrphan(shown({ where: ended }), job())).toEqual({ kind: 'catch_up', retried: false });
  });

  it('B227 which has ended is stopped on the pod, and left where the pod has stopped', () => {
    const over = job(claim, accept, cancelled);
    expect(judgeOrphan(shown({ promptId: first, attempt: 1 }), over)).toEqual({ kind: 'cancel' });
    expect(judgeOrphan(shown({ promptId: first, attempt: 1, where: ended }), over)).toEqual({ kind: 'leave' });
  });

  it('B227 which has given this attempt up is stopped on the pod, whatever attempt it is at now', () => {
    const prompt = shown({ promptId: first, attempt: 1 });
    for (const stored of [job(claim, accept, again), job(claim, accept, again, { ...claim, promptId: second }, accept)])
      expect(judgeOrphan(prompt, stored)).toEqual({ kind: 'cancel' });
  });

  it('B226 an attempt the record knows and follows is left to it', () => {
    expect(judgeOrphan(shown({ promptId: first, attempt: 9 }), job(claim, accept))).toEqual({ kind: 'leave' });
  });
});

describe('a prompt of a job that the store does not have', () => {
  it('B225 is taken in', () => {
    expect(judgeOrphan(shown(), undefined)).toEqual({ kind: 'take_in' });
  });
  it('B227 is left alone where its desk is not told', () => {
    const { desk: _untold, ...prompt } = shown();
    expect(judgeOrphan(prompt, undefined)).toEqual({ kind: 'leave' });
  });
});

describe('which prompts are looked up', () => {
  const given = (mode: EndedOrphans) => ({
    deskId: 'ours',
    known: new Set([first]),
    ended: mode,
    recentMs: 1000,
    now,
  });
  const pick = (mode: EndedOrphans, ...prompts: SurveyedPrompt[]) => candidates(prompts, given(mode));

  it('B227 none of another desk, and none that is followed already', () => {
    expect(pick('all', shown({ desk: 'theirs' }), shown({ promptId: first }))).toEqual([]);
  });

  it('B225 of each job the newest attempt alone', () => {
    const newest = shown({ promptId: randomUUID(), attempt: 3 });
    const oldest = shown({ where: ended, endedAt: now, attempt: 1 });
    expect(pick('all', shown(), newest, oldest)).toEqual([newest]);
  });

  it.each<[EndedOrphans, number | undefined, boolean]>([
    ['none', now, false],
    ['recent', now - 999, true],
    ['recent', now + 999, true],
    ['recent', now - 1000, false],
    ['recent', now + 86_400_000, false],
    ['recent', undefined, false],
    ['all', now - 86_399_999, true],
    ['all', now - 86_400_000, false],
    ['all', undefined, false],
  ])('B225 of the ended ones, by mode %s and time %s: %s', (mode, endedAt, counts) => {
    const prompt = shown({ where: ended, ...(endedAt !== undefined && { endedAt }) });
    expect(pick(mode, prompt)).toEqual(counts ? [prompt] : []);
  });

  it('B225 whatever waits or runs', () => {
    const waits = shown({ where: { kind: 'pending', position: 1 } });
    expect(pick('none', waits)).toEqual([waits]);
  });
});
