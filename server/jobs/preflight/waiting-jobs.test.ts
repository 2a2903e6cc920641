import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Job, UnfitPod } from '../../../lib/jobs/job.ts';
import { newJob, transition } from '../../../lib/jobs/transition.ts';
import type { PodVerdict } from '../../../lib/protocol/workflows.ts';
import { judgement } from './waiting-jobs.ts';

const AT = '2026-03-04T05:06:07.000Z';
const pods = ['a', 'b', 'c'].map((id) => ({ id, name: id.toUpperCase() }));
const lacks = (podId: string, name = 'x'): UnfitPod => ({ podId, reason: `The model “${name}” is missing.` });
const verdict = (podId: string, said: PodVerdict['verdict'], name = 'x') => ({
  podId,
  verdict: said,
  problems:
    said === 'cannot'
      ? [{ code: 'missing_model' as const, message: 'It is missing.', missing: { kind: 'model' as const, name } }]
      : [],
});
const job = (unfitPods: UnfitPod[], more: { waitsFor?: string; wantedPodId?: string } = {}): Job =>
  newJob({ id: randomUUID(), name: 'a job', at: AT, unfitPods, ...more });

it('B389 a pod that can run it now is no longer unfit, and the job no longer waits for one', () => {
  const waiting = job([lacks('a'), lacks('b'), lacks('c')], { waitsFor: 'It waits.' });
  expect(judgement(waiting, [verdict('a', 'cannot'), verdict('b', 'runs')], pods)).toEqual({
    type: 'judge',
    unfitPods: [lacks('a'), lacks('c')],
  });
});

it('B389 a job that no pod can run any more says what it waits for', () => {
  const event = judgement(job([lacks('a'), lacks('b')]), [verdict('c', 'cannot', 'y')], pods);
  expect(event).toEqual({
    type: 'judge',
    unfitPods: [lacks('a'), lacks('b'), lacks('c', 'y')],
    waitsFor: 'It waits for a pod that can run it: on A and B the model “x” is missing; on C the model “y” is missing.',
  });
});

it('B389 nothing is written where nothing has changed', () => {
  expect(judgement(job([lacks('a')]), [verdict('a', 'cannot'), verdict('b', 'runs')], pods)).toBeUndefined();
  expect(judgement(job([lacks('a')]), [verdict('a', 'unknown')], pods)).toBeUndefined();
  expect(judgement(job([]), [verdict('a', 'cannot')], pods)).toBeUndefined();
  const claimed = transition(job([lacks('a')]), { type: 'claim', at: AT, podId: 'b', promptId: randomUUID() });
  expect(judgement(claimed, [verdict('a', 'runs')], pods)).toBeUndefined();
});

it('B390 what pods of other instances lack stays as it was written; a pod that is nowhere any more is dropped', () => {
  const waiting = job([lacks('a'), lacks('b'), lacks('gone')]);
  expect(judgement(waiting, [verdict('a', 'runs')], pods)).toEqual({ type: 'judge', unfitPods: [lacks('b')] });
});

it('B389 a job that one pod alone may take waits for that pod', () => {
  const waiting = job([lacks('b')], { wantedPodId: 'b', waitsFor: 'It waits.' });
  expect(judgement(waiting, [verdict('a', 'runs'), verdict('b', 'cannot', 'y')], pods)).toMatchObject({
    unfitPods: [lacks('b', 'y')],
    waitsFor: expect.stringContaining('on B the model “y” is missing'),
  });
});
