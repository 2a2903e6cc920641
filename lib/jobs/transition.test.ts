import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobError } from './job-error.ts';
import {
  isTerminal,
  JOB_STATES,
  jobSchema,
  MAX_TIMELINE_EVENTS,
  mayTake,
  type Job,
  type JobOutput,
  type JobState,
  type RemoteFile,
} from './job.ts';
import { allowedIn, newJob, transition, type JobEvent, type JobEventType } from './transition.ts';

const at = '2026-01-02T03:04:05.006Z';
const later = '2026-01-02T04:00:00.000Z';
const promptId = 'aaaaaaaa-0000-4000-8000-000000000001';
const error = jobError('pod_busy', 'The pod asked for a pause.');
const output: JobOutput = {
  index: 0,
  nodeId: '9',
  nodeName: 'Save',
  kind: 'image',
  filename: 'a.png',
  contentType: 'image/png',
  bytes: 3,
  sha256: 'x',
};

const claim: JobEvent = { at, type: 'claim', podId: 'p', promptId };
const accept: JobEvent = { at, type: 'accept' };
const adopt: JobEvent = { at, type: 'adopt', podId: 'p', promptId, detail: 'Found on the pod.' };
const loseSight: JobEvent = { at, type: 'lose_sight', reason: 'The connection broke.' };
const fail: JobEvent = { at, type: 'fail', error, outcome: 'failed' };
const failForNow: JobEvent = { ...fail, retryAt: later };
const failWithPlan: JobEvent = {
  ...failForNow,
  ran: true,
  charged: false,
  next: { podId: 'q', freeMemory: true },
  exclude: [{ podId: 'p', code: 'out_of_memory' }],
  plan: 'Pod p has too little memory. Podium gives it to pod q.',
};
const rework: JobEvent = { at, type: 'rework', reason: 'The pod restarted.' };
const succeed: JobEvent = { at, type: 'succeed', outputs: [output] };
const cancelRequest: JobEvent = { at, type: 'cancel_request' };
const cancelled: JobEvent = { at, type: 'cancelled' };
const notSent: JobEvent = { at, type: 'not_sent', reason: 'The connection was refused.' };
const retryRequest: JobEvent = { at, type: 'retry_request' };
const resubmit: JobEvent = { at, type: 'resubmit' };
const judge: JobEvent = {
  at,
  type: 'judge',
  unfitPods: [{ podId: 'p', reason: 'It lacks the model a.safetensors.' }],
  waitsFor: 'a.safetensors is on no pod.',
};
const unpin: JobEvent = { at, type: 'unpin', detail: 'Pod p does not answer.' };
const left: RemoteFile = { index: 1, nodeId: '9', filename: 'b.png', subfolder: '', type: 'output' };
const filesCopied: JobEvent = { at, type: 'files_copied', outputs: [], onPod: [left], detail: 'One file was copied.' };
const note: JobEvent = { at, type: 'note', kind: 'reattached', detail: 'Followed again.' };

function after(...events: JobEvent[]): Job {
  const job: Job = newJob({ id: 'bbbbbbbb-0000-4000-8000-000000000001', name: 'a job', at });
  return events.reduce<Job>(transition, job);
}
const inState: Record<JobState, Job> = {
  queued: after(),
  submitting: after(claim),
  uncertain: after(claim, loseSight),
  running: after(claim, accept),
  retry_wait: after(claim, accept, failForNow),
  succeeded: after(claim, accept, succeed),
  failed: after(claim, accept, fail),
  cancelled: after(claim, accept, cancelled),
};

/** Every event, and where it leads from each state that it may happen in. */
const TABLE: [string, JobEvent, Partial<Record<JobState, JobState>>][] = [
  ['claim', claim, { queued: 'submitting', retry_wait: 'submitting' }],
  ['accept', accept, { submitting: 'running', uncertain: 'running' }],
  ['adopt', adopt, { queued: 'running', retry_wait: 'running' }],
  ['lose_sight', loseSight, { submitting: 'uncertain' }],
  ['resubmit', resubmit, { uncertain: 'submitting' }],
  ['not_sent', notSent, { submitting: 'queued' }],
  [
    'fail',
    fail,
    { queued: 'failed', submitting: 'failed', uncertain: 'failed', running: 'failed', retry_wait: 'failed' },
  ],
  [
    'fail, with a retry to come',
    failForNow,
    {
      queued: 'retry_wait',
      submitting: 'retry_wait',
      uncertain: 'retry_wait',
      running: 'retry_wait',
      retry_wait: 'retry_wait',
    },
  ],
  ['rework', rework, { submitting: 'queued', uncertain: 'queued', running: 'queued' }],
  ['succeed', succeed, { running: 'succeeded' }],
  [
    'cancel_request',
    cancelRequest,
    {
      queued: 'cancelled',
      retry_wait: 'cancelled',
      submitting: 'submitting',
      uncertain: 'uncertain',
      running: 'running',
    },
  ],
  ['cancelled', cancelled, { submitting: 'cancelled', uncertain: 'cancelled', running: 'cancelled' }],
  ['unpin', unpin, { queued: 'queued', retry_wait: 'retry_wait' }],
  ['judge', judge, { queued: 'queued', retry_wait: 'retry_wait' }],
  ['files_copied', filesCopied, { succeeded: 'succeeded' }],
  ['retry_request', retryRequest, { failed: 'queued', cancelled: 'queued' }],
  [
    'note',
    note,
    {
      queued: 'queued',
      submitting: 'submitting',
      uncertain: 'uncertain',
      running: 'running',
      retry_wait: 'retry_wait',
    },
  ],
];
const pairs = TABLE.flatMap(([name, event, leads]) =>
  JOB_STATES.map((state) => ({ name, event, state, leads: leads[state] })),
);

describe('every state and every event', () => {
  it('B1 the table names every event', () => {
    expect(new Set(TABLE.map(([, event]) => event.type))).toEqual(new Set(Object.keys(allowedIn)));
  });

  it.each(pairs.filter((pair) => pair.leads !== undefined))(
    'B1 B2 $state, $name: $leads',
    ({ event, state, leads }) => {
      const next = transition(inState[state], event);
      expect(next.state).toBe(leads);
      expect(next.revision).toBe(inState[state].revision + 1);
      expect(next.updatedAt).toBe(event.at);
      expect(jobSchema.parse(next)).toEqual(next);
    },
  );

  it.each(pairs.filter((pair) => pair.leads === undefined))('B1 $state, $name: refused', ({ event, state }) => {
    expect(() => transition(inState[state], event)).toThrow(
      expect.objectContaining({ code: 'illegal_transition', state, event: event.type }),
    );
  });
});

describe('attempts', () => {
  it('B4 a claim opens one, its end closes it', () => {
    expect(inState.running.attempts).toEqual([
      { number: 1, podId: 'p', promptId, startedAt: at, acceptedAt: at, rework: false },
    ]);
    expect(inState.retry_wait.attempts).toMatchObject([{ endedAt: at, outcome: 'failed', error }]);
    expect(inState.succeeded.attempts).toMatchObject([{ outcome: 'succeeded' }]);
    expect(inState.cancelled.attempts).toMatchObject([{ outcome: 'cancelled' }]);
    expect(after(claim, accept, rework).attempts).toMatchObject([{ outcome: 'pod_died' }]);
    expect(after(claim, accept, failForNow, claim).attempts.map((attempt) => attempt.number)).toEqual([1, 2]);
  });

  it('B4 one that never reached a pod is withdrawn, and the job has not started', () => {
    const back = after(claim, notSent);
    expect(back).toMatchObject({ state: 'queued', attempts: [], retriesUsed: 0 });
    expect(back.startedAt).toBeUndefined();
    expect(after(claim, accept, failForNow, claim, notSent)).toMatchObject({
      startedAt: at,
      attempts: [{ number: 1 }],
    });
  });

  it('B4 a prompt found on a pod is an attempt that was accepted', () => {
    expect(after(adopt)).toMatchObject({
      state: 'running',
      startedAt: at,
      attempts: [{ number: 1, podId: 'p', promptId, acceptedAt: at, rework: false }],
      timeline: [{ kind: 'accepted' }, { kind: 'adopted', podId: 'p', detail: 'Found on the pod.', attempt: 1 }],
    });
    expect(after(claim, accept, rework, adopt).attempts).toMatchObject([{}, { number: 2, rework: true }]);
  });

  it('B4 a job that fails where it waits leaves its ended attempts as they were', () => {
    const stale: JobEvent = { ...fail, error: jobError('stale', 'Nothing was heard.'), outcome: 'lost' };
    expect(transition(inState.retry_wait, stale).attempts).toEqual(inState.retry_wait.attempts);
    expect(transition(inState.queued, stale)).toMatchObject({ state: 'failed', attempts: [] });
  });

  it('B5 a retry is counted, rework is not, a wished retry starts the count anew', () => {
    expect(inState.retry_wait.retriesUsed).toBe(1);
    expect(after(claim, accept, failForNow, claim, accept, failForNow).retriesUsed).toBe(2);
    const reworked = after(claim, accept, failForNow, claim, accept, rework);
    expect(reworked).toMatchObject({ state: 'queued', rework: true, retriesUsed: 1 });
    expect(transition(reworked, claim).attempts.at(-1)).toMatchObject({ number: 3, rework: true });
    expect(transition(transition(reworked, claim), notSent)).toMatchObject({ state: 'queued', rework: true });
    const wished = after(claim, accept, failForNow, claim, accept, fail, retryRequest);
    expect(wished).toMatchObject({ retriesUsed: 0, outputs: [], warnings: [], attempts: [{}, {}] });
  });
});

describe('a wish to cancel', () => {
  const wished = after(claim, accept, cancelRequest);

  it('B6 stays with the job on its pod, whatever is learnt about the prompt', () => {
    for (const job of [
      wished,
      after(claim, cancelRequest, loseSight),
      after(claim, cancelRequest, loseSight, resubmit),
      after(claim, loseSight, cancelRequest, accept),
      transition(wished, note),
    ])
      expect(job).toMatchObject({ cancelRequestedAt: at });
  });

  it('B2 a second wish changes nothing', () => {
    expect(transition(wished, { ...cancelRequest, at: later })).toBe(wished);
  });

  it('B6 wins over a retry, rework and a prompt not sent, but not over an end', () => {
    expect(transition(wished, failForNow)).toMatchObject({
      state: 'cancelled',
      attempts: [{ outcome: 'failed', error }],
    });
    expect(transition(wished, rework).state).toBe('cancelled');
    expect(after(claim, cancelRequest, notSent)).toMatchObject({ state: 'cancelled', attempts: [] });
    expect(transition(wished, fail)).toMatchObject({ state: 'failed', error });
    expect(transition(wished, succeed)).toMatchObject({ state: 'succeeded', outputs: [output] });
  });

  it('B6 is forgotten with the attempt: a wished retry runs', () => {
    const again = transition(transition(transition(wished, cancelled), retryRequest), claim);
    expect(again).not.toHaveProperty('cancelRequestedAt');
  });
});

describe('what is planned after a failure', () => {
  const planned = after(claim, accept, failWithPlan);

  it('B288 is kept with the failure: the pods left out, what the next attempt needs, and why', () => {
    expect(planned).toMatchObject({
      state: 'retry_wait',
      retriesUsed: 0,
      next: { podId: 'q', freeMemory: true },
      excludedPods: [{ podId: 'p', code: 'out_of_memory', at }],
      attempts: [{ ran: true, error }],
    });
    expect(planned.timeline.at(-1)).toMatchObject({
      kind: 'retry_wait',
      detail: 'Pod p has too little memory. Podium gives it to pod q.',
    });
    expect([mayTake('p', planned), mayTake('q', planned), mayTake('r', planned)]).toEqual([false, true, false]);
  });

  it('B288 leaves the pod free again once it cannot be had, and is over when the attempt begins', () => {
    const free = transition(planned, unpin);
    expect(free).toMatchObject({ state: 'retry_wait', next: { freeMemory: true } });
    expect(free.next).not.toHaveProperty('podId');
    expect([mayTake('p', free), mayTake('r', free)]).toEqual([false, true]);
    expect(transition(planned, claim)).not.toHaveProperty('next');
    expect(transition(inState.queued, unpin)).not.toHaveProperty('next');
  });

  it('B288 tells once that a pod is left out, and names it where it is one', () => {
    const failedAgain = transition(transition(planned, { ...claim, podId: 'q' } as JobEvent), failWithPlan);
    expect(failedAgain.excludedPods).toHaveLength(1);
    const leftOut = failedAgain.timeline.filter(({ kind }) => kind === 'pod_excluded');
    expect(leftOut).toEqual([{ at, kind: 'pod_excluded', podId: 'p', attempt: 1 }]);
    const both = ['p', 'q'].map((podId) => ({ podId, code: 'model_missing' as const }));
    const several = transition(inState.running, { ...failWithPlan, exclude: both } as JobEvent);
    expect(several.timeline.at(-2)).toEqual({ at, kind: 'pod_excluded', attempt: 1 });
  });

  it('B288 is forgotten when a person asks for a retry, on the pod and with the memory they wish', () => {
    const failed = transition(transition(planned, claim), fail);
    const wished = transition(failed, { at, type: 'retry_request', podId: 'p', freeMemory: true });
    expect(wished).toMatchObject({
      excludedPods: [],
      wantedPodId: 'p',
      next: { freeMemory: true },
      earlierAttempts: 2,
    });
    expect(mayTake('p', wished)).toBe(true);
    expect(transition(wished, claim)).toMatchObject({ earlierAttempts: 2 });
  });
});

describe('what is told of it', () => {
  it('B3 the timeline keeps its first event and the newest, in order', () => {
    const job = Array.from({ length: 500 }, (_, nth) => nth).reduce<Job>(
      (held, nth) => transition(held, { ...note, detail: `note ${nth}` } as JobEvent),
      inState.running,
    );
    expect(job.timeline).toHaveLength(MAX_TIMELINE_EVENTS);
    expect(job.timeline[0]).toEqual({ at, kind: 'accepted' });
    expect(job.timeline[1]?.detail).toBe('note 301');
    expect(job.timeline.at(-1)).toMatchObject({ detail: 'note 499', attempt: 1 });
    expect(job.revision).toBe(inState.running.revision + 500);
  });

  it('B3 warnings are kept once, at most fifty', () => {
    const warnings = Array.from({ length: 80 }, (_, nth) => `warning ${nth}`);
    const job = after(claim, { at, type: 'accept', warnings: ['a', 'a'] });
    expect(job.warnings).toEqual(['a']);
    expect(transition(job, { at, type: 'note', kind: 'warning', detail: 'a' }).warnings).toEqual(['a']);
    expect(transition(job, { at, type: 'succeed', outputs: [], warnings }).warnings).toHaveLength(50);
  });

  it('B337 a waiting job keeps which pods cannot run it until that is looked at anew or a person retries it', () => {
    const waiting = transition(inState.queued, judge);
    expect(mayTake('p', waiting)).toBe(false);
    expect(mayTake('q', waiting)).toBe(true);
    expect(transition(waiting, claim)).not.toHaveProperty('waitsFor');
    const fit = transition(waiting, { at, type: 'judge', unfitPods: [] });
    expect([fit, mayTake('p', fit)]).toEqual([{ ...inState.queued, revision: waiting.revision + 1 }, true]);
    const retried = transition(transition(waiting, cancelRequest), retryRequest);
    expect([mayTake('p', retried), retried.waitsFor]).toEqual([true, undefined]);
  });

  it('B24 a failed job keeps what its pod had saved before', () => {
    expect(transition(inState.running, { ...fail, outputs: [output] } as JobEvent)).toMatchObject({
      state: 'failed',
      outputs: [output],
      podId: 'p',
      promptId,
    });
  });

  it('B1 a job ends with the pod and prompt of its last attempt', () => {
    expect(inState.cancelled).toMatchObject({ podId: 'p', promptId });
    expect(transition(inState.retry_wait, cancelRequest)).toMatchObject({ state: 'cancelled', podId: 'p', promptId });
    expect(transition(inState.queued, cancelRequest)).not.toHaveProperty('podId');
    expect(after(claim, accept, failForNow, claim, cancelRequest, notSent)).toMatchObject({ podId: 'p' });
    expect(after(claim, cancelRequest, notSent)).not.toHaveProperty('podId');
  });
});

describe('any walk', () => {
  const types = Object.keys(allowedIn) as JobEventType[];
  const events: Record<JobEventType, JobEvent[]> = {
    claim: [claim, { ...claim, podId: 'q' } as JobEvent],
    adopt: [adopt],
    accept: [accept, { at, type: 'accept', warnings: ['w'], detail: 'found in its queue' }],
    lose_sight: [loseSight],
    resubmit: [resubmit],
    not_sent: [notSent],
    fail: [fail, failForNow, failWithPlan, { ...fail, outputs: [output], outcome: 'rejected' } as JobEvent],
    rework: [rework],
    succeed: [succeed, { ...succeed, warnings: ['x'] } as JobEvent],
    unpin: [unpin],
    judge: [judge, { at, type: 'judge', unfitPods: [] }],
    files_copied: [filesCopied, { ...filesCopied, onPod: [] } as JobEvent],
    cancel_request: [cancelRequest],
    cancelled: [cancelled],
    retry_request: [retryRequest],
    note: [note, { ...note, kind: 'warning' } as JobEvent],
  };

  it('B7 keeps the record valid, the revision rising, and an ended job ended', () => {
    const walk = fc.array(fc.tuple(fc.constantFrom(...types), fc.nat()), { maxLength: 60 });
    fc.assert(
      fc.property(walk, (steps) => {
        let job: Job = after();
        for (const [type, nth] of steps) {
          if (!allowedIn[type].includes(job.state)) continue;
          const event = events[type][nth % events[type].length] ?? note;
          const next = transition(job, event);
          if (next === job) continue;
          expect(jobSchema.parse(next)).toEqual(next);
          expect(next.revision).toBe(job.revision + 1);
          if (isTerminal(job.state)) expect(['retry_request', 'files_copied']).toContain(type);
          const open = next.attempts.filter((attempt) => attempt.outcome === undefined);
          const onPod = next.state === 'submitting' || next.state === 'uncertain' || next.state === 'running';
          expect(open).toHaveLength(onPod ? 1 : 0);
          expect(next.attempts.map((attempt) => attempt.number)).toEqual(next.attempts.map((_, index) => index + 1));
          job = next;
        }
      }),
      { numRuns: 1000 },
    );
  });
});
