import { describe, expect, it } from 'vitest';
import { jobError, type MissingThing } from '../../../lib/jobs/job-error.ts';
import type { Job } from '../../../lib/jobs/job.ts';
import { newJob, transition, type JobEvent } from '../../../lib/jobs/transition.ts';
import { podView } from '../../../tests/support/fake-desk.ts';
import { FailedAttempt } from './failed-attempt.ts';
import type { SeenFailure } from '../failures/decision.ts';
import { ComfyUIErrorHandlerService } from '../failures/error-handler.ts';
import type { DecisionEvent } from '../failures/failure-policy.ts';

const at = '2026-01-02T03:04:05.000Z';
const promptId = 'aaaaaaaa-0000-4000-8000-000000000001';
const thing = { kind: 'model' as const, name: 'x.safetensors' };
const missing = jobError('model_missing', 'A model is not there.', { missing: [thing] });

function running(...more: JobEvent[]): Job {
  const events: JobEvent[] = [{ at, type: 'claim', podId: 'a', promptId }, { at, type: 'accept' }, ...more];
  return events.reduce<Job>(transition, newJob({ id: 'bbbbbbbb-0000-4000-8000-000000000001', name: 'j', at }));
}

/** A desk with the pods a, b, c, of which some lack the model, and one that does not take work. */
function desk(lacking: Record<string, MissingThing[] | undefined> = {}, away: string[] = []) {
  const asked: string[] = [];
  const told: DecisionEvent[] = [];
  const policy = new ComfyUIErrorHandlerService({ random: () => 0, onDecision: (event) => told.push(event) });
  const deps = {
    policy,
    pods: () => ['a', 'b', 'c'].map((id) => podView(id, { name: id, state: away.includes(id) ? 'gone' : 'up' })),
    lacks: async (podId: string) => {
      asked.push(podId);
      return lacking[podId];
    },
    clock: { now: () => new Date(at) },
  };
  const meet = async (job: Job, seen: Omit<SeenFailure, 'podId'>) => {
    const failed = new FailedAttempt(deps, { ...seen, podId: 'a' }, []);
    await failed.askOthers(new AbortController().signal);
    const after = transition(job, { ...failed.event(job), at });
    failed.written(job.id);
    return after;
  };
  return { meet, asked, told };
}

describe('an attempt that failed', () => {
  it('B288 becomes, in one change, a job that knows its failure, what follows, and why', async () => {
    const { meet, told } = desk({ b: [thing], c: [] });
    const job = await meet(running(), { error: missing, outcome: 'rejected', ran: false });
    expect(job).toMatchObject({
      state: 'retry_wait',
      retryAt: at,
      retriesUsed: 0,
      error: missing,
      excludedPods: [
        { podId: 'a', code: 'model_missing', at },
        { podId: 'b', code: 'model_missing', at },
      ],
      attempts: [{ outcome: 'rejected', error: missing, ran: false, endedAt: at }],
    });
    expect(job.timeline.at(-1)).toMatchObject({
      kind: 'retry_wait',
      detail: 'A model is not there. “x.safetensors” is missing on pods “a” and “b”. Podium gives it to pod “c”.',
    });
    expect(told).toMatchObject([{ jobId: job.id, attempt: 1, failure: { podId: 'a' }, decision: { kind: 'again' } }]);
  });

  it('B283 asks the other pods that can take it, and none where nothing is missing', async () => {
    const some = desk({ b: undefined }, ['c']);
    await some.meet(running(), { error: missing, outcome: 'rejected' });
    expect(some.asked).toEqual(['b']);
    const none = desk();
    await none.meet(running(), { error: jobError('pod_busy', 'Busy.'), outcome: 'refused' });
    expect(none.asked).toEqual([]);
  });

  it('B283 waits for no answer once its desk stops', async () => {
    const stop = new AbortController();
    const policy = new ComfyUIErrorHandlerService();
    const never = () => new Promise<undefined>(() => undefined);
    const deps = { policy, pods: () => [podView('b')], lacks: never, clock: { now: () => new Date(at) } };
    const failed = new FailedAttempt(deps, { error: missing, outcome: 'rejected', podId: 'a' });
    const asked = failed.askOthers(stop.signal);
    stop.abort();
    await asked;
    expect(failed.event(running())).toMatchObject({ type: 'fail', retryAt: at });
  });

  it('B288 keeps what the next attempt needs with the job', async () => {
    const { meet } = desk();
    const job = await meet(running(), {
      error: jobError('out_of_memory', 'Too little.'),
      outcome: 'failed',
      ran: true,
    });
    expect(job).toMatchObject({
      state: 'retry_wait',
      retryAt: '2026-01-02T03:04:06.000Z',
      retriesUsed: 1,
      next: { podId: 'a', freeMemory: true },
    });
  });

  it('B285 a person’s retry begins anew, though two pods died with it before', async () => {
    const died = { error: jobError('pod_lost', 'It died.'), outcome: 'pod_died' as const, ran: true };
    const { meet } = desk();
    const once = await meet(running(), died);
    expect(once).toMatchObject({ state: 'queued', rework: true });
    const again = [
      { at, type: 'claim' as const, podId: 'a', promptId },
      { at, type: 'accept' as const },
    ];
    const poison = await meet(again.reduce<Job>(transition, once), died);
    expect(poison).toMatchObject({ state: 'failed', error: { code: 'poison' } });
    const wished = [{ at, type: 'retry_request' as const }, ...again].reduce<Job>(transition, poison);
    expect(await meet(wished, died)).toMatchObject({ state: 'queued', rework: true });
  });

  it('B6 whoever wished to cancel what a pod then died with has it cancelled, not set aside', async () => {
    const { meet } = desk();
    const died = { error: jobError('pod_lost', 'It died.'), outcome: 'pod_died' as const, ran: true };
    const twice = [
      { at, type: 'rework' as const, reason: 'It died.', ran: true },
      { at, type: 'claim' as const, podId: 'a', promptId },
      { at, type: 'accept' as const },
      { at, type: 'cancel_request' as const },
    ];
    expect(await meet(running(...twice), died)).toMatchObject({ state: 'cancelled' });
  });
});
