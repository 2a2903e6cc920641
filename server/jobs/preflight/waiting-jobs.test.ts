import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import type { Job, UnfitPod } from '../../../lib/jobs/job.ts';
import { newJob, transition } from '../../../lib/jobs/transition.ts';
import type { PodVerdict } from '../../../lib/protocol/workflows.ts';
import { judgement, WaitingJobs } from './waiting-jobs.ts';

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

/** A desk with these waiting jobs; what was written of them and asked about them is kept. */
function waitingDesk(jobs: Job[], driven: string[], said: PodVerdict['verdict']) {
  const seen = { written: [] as unknown[], asked: [] as string[][], woken: 0, pages: 0 };
  const waiting = new WaitingJobs({
    store: {
      list: async ({ cursor }) => {
        seen.pages += 1;
        const page = jobs.slice(Number(cursor ?? 0), Number(cursor ?? 0) + 1).map((one) => ({ job: one }));
        const next = Number(cursor ?? 0) + 1;
        return { jobs: page, counts: {} as never, ...(next < jobs.length && { nextCursor: String(next) }) };
      },
      workflow: async () => ({ prompt: {} }),
    },
    writer: {
      apply: async (id, decide) => {
        const one = jobs.find((known) => known.id === id);
        const event = one && decide(one);
        if (event) seen.written.push(event);
        return one;
      },
    },
    judge: {
      knownVerdicts: async (_prompt, podIds) => {
        seen.asked.push([...podIds]);
        return [...podIds].map((id) => ({ ...verdict(id, said), podName: id, sentence: '' }));
      },
    },
    pods: () => pods,
    driven: () => new Set(driven),
    onRoom: () => (seen.woken += 1),
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  return { waiting, seen };
}

it('B390 judges by the pods that are driven here, of every page, jobs that some pod could not run; then pods are woken', async () => {
  const { waiting, seen } = waitingDesk([job([lacks('a'), lacks('b')]), job([]), job([lacks('a')])], ['a'], 'runs');
  waiting.lookSoon();
  waiting.lookSoon();
  await vi.waitFor(() => expect(seen.pages).toBe(6));
  await waiting.stop();
  expect(seen.asked.map(String)).toEqual(Array(4).fill('a'));
  expect(seen.written.slice(0, 2)).toEqual([
    { type: 'judge', unfitPods: [lacks('b')] },
    { type: 'judge', unfitPods: [] },
  ]);
  expect(seen.woken).toBeGreaterThan(0);
});

it('B390 an instance that drives no pod, or stops, writes nothing', async () => {
  const idle = waitingDesk([job([lacks('a')])], [], 'runs');
  idle.waiting.lookSoon();
  await idle.waiting.stop();
  const stopped = waitingDesk([job([lacks('a')])], ['a'], 'runs');
  await stopped.waiting.stop();
  stopped.waiting.lookSoon();
  expect([idle.seen.pages, stopped.seen.pages]).toEqual([0, 0]);
});
