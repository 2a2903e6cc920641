import { describe, expect, it } from 'vitest';
import { detailOf } from '../../lib/jobs/job-view.ts';
import { jobError } from '../../lib/jobs/job-error.ts';
import { MAX_TIMELINE_EVENTS, type Job } from '../../lib/jobs/job.ts';
import { newJob, transition, type JobEvent } from '../../lib/jobs/transition.ts';
import { storyAxis } from './story-axis.ts';
import { MAX_STORY_STEPS, storySteps, type StoryStep } from './story-steps.ts';
import { stepWords } from './story-words.ts';

const ZERO = Date.UTC(2026, 0, 1);
const moment = (seconds: number) => new Date(ZERO + seconds * 1000).toISOString();
const PROMPT_ID = '6f1c2a52-0000-4000-8000-000000000001';
const ID = '6f1c2a52-0000-4000-8000-000000000002';
const name = (podId: string) => podId;

type Input = JobEvent extends infer Event ? (Event extends { at: string } ? Omit<Event, 'at'> : never) : never;
/** A job after events, each at so many seconds after it was accepted. */
function lived(...events: [number, Input][]): Job {
  return events.reduce<Job>(
    (job, [seconds, event]) => transition(job, { ...event, at: moment(seconds) } as JobEvent),
    newJob({ id: ID, name: 'a job', at: moment(0) }),
  );
}
const claim = (podId: string): Input => ({ type: 'claim', podId, promptId: PROMPT_ID });
const accept: Input = { type: 'accept' };
const fail: Input = { type: 'fail', error: jobError('node_failed', 'It broke.'), outcome: 'failed' };
const again = (seconds: number, plan = 'The pod asked for a pause.'): Input => ({
  type: 'fail',
  error: jobError('pod_busy', 'Busy.'),
  outcome: 'refused',
  retryAt: moment(seconds),
  plan,
});
const told = (job: Job, now = 0) =>
  storySteps(detailOf(job), ZERO + now * 1000).map((step) => Object.values(stepWords(step, name)).join(': '));

describe('a job’s story', () => {
  it('B323 tells attempts with pod and duration, and waits with their reason', () => {
    const job = lived([2, claim('a')], [5, again(7)], [8, claim('b')], [8.5, accept], [20, fail]);
    expect(told(job)).toEqual([
      'Waited for a pod: 2.0 s',
      'Attempt 1 on a: was not taken by the pod after 3.0 s',
      'Waited to try again: 3.0 s · The pod asked for a pause',
      'Attempt 2 on b: moved from a · failed after 12 s',
    ]);
  });

  it('B323 marks checks, freed memory and gaps where they were', () => {
    const job = lived(
      [0, claim('a')],
      [1, accept],
      [2, { type: 'note', kind: 'socket_lost', detail: 'Cut.' }],
      [6, { type: 'note', kind: 'socket_back', detail: 'Back.' }],
      [8, { type: 'note', kind: 'silent', detail: 'Nothing.' }],
      [10, again(12)],
      [11, { type: 'note', kind: 'health_checked', detail: 'It answers.' }],
      [12, { type: 'note', kind: 'memory_freed', detail: '20 GB.' }],
      [13, claim('a')],
      [14, accept],
    );
    const [first, wait, second] = storySteps(detailOf(job), ZERO + 20_000);
    expect(first?.gaps).toEqual([
      { kind: 'socket', startMs: ZERO + 2000, endMs: ZERO + 6000 },
      { kind: 'silence', startMs: ZERO + 8000, endMs: ZERO + 10_000 },
    ]);
    expect(wait?.marks).toEqual([
      { kind: 'checked', atMs: ZERO + 11_000 },
      { kind: 'freed', atMs: ZERO + 12_000 },
    ]);
    expect(second).toMatchObject({ open: true, endMs: ZERO + 20_000 });
    expect(told(job, 20)).toEqual([
      'Attempt 1 on a: was not taken by the pod after 10 s · without live connection for 4.0 s · no sign of life',
      'Waited to try again: 3.0 s · The pod asked for a pause · pod checked · memory freed',
      'Attempt 2 on a: on the pod for 7.0 s',
    ]);
  });

  it('B323 goes on while the job waits, whatever for', () => {
    expect(told(lived(), 4)).toEqual(['Waits for a pod: 4.0 s']);
    expect(told(lived([0, claim('a')], [3, again(9)]), 5)).toEqual([
      'Attempt 1 on a: was not taken by the pod after 3.0 s',
      'Waits to try again: 2.0 s · The pod asked for a pause',
    ]);
    const died = lived([0, claim('a')], [1, accept], [4, { type: 'rework', reason: 'It restarted.' }]);
    expect(told(died, 6).at(-1)).toBe('Waits to run again: 2.0 s · It restarted');
  });

  it('B323 parts the rest after an end from the wait after a retry was asked for', () => {
    const job = lived([0, claim('a')], [5, fail], [100, { type: 'retry_request' }], [103, claim('a')], [110, fail]);
    expect(told(job)).toEqual([
      'Attempt 1 on a: failed after 5.0 s',
      'Had ended, until a retry: 1 min 35 s',
      'Retry asked for, waited: 3.0 s',
      'Attempt 2 on a: failed after 7.0 s',
    ]);
  });

  it('B323 tells of a job that was cancelled before any pod had it', () => {
    expect(told(lived([30, { type: 'cancel_request' }]))).toEqual(['Waited for a pod: 30 s']);
  });
});

/** 100 attempts with more events than a timeline keeps. */
function long(): Job {
  const events = Array.from({ length: 100 }, (_, index): [number, Input][] => {
    const start = index * 10;
    const last = index === 99;
    return [
      [start + 1, claim(index % 2 === 0 ? 'a' : 'b')],
      [start + 2, accept],
      [start + 8, last ? fail : again(start + 10)],
    ];
  });
  return lived(...events.flat());
}

describe('the axis of a story', () => {
  it('B324 draws early attempts of many as one', () => {
    const job = long();
    expect(job.timeline).toHaveLength(MAX_TIMELINE_EVENTS);
    const steps = storySteps(detailOf(job), ZERO);
    expect(steps).toHaveLength(MAX_STORY_STEPS);
    expect(stepWords(steps[0] as StoryStep, name)).toEqual({ title: '92 earlier attempts', more: 'in 15 min 21 s' });
    expect(steps.at(-1)).toMatchObject({ kind: 'attempt', attempt: { number: 100 } });
  });

  it.each([
    ['a moment', lived([0, claim('a')], [0, fail])],
    ['nothing but a wait', lived()],
    ['a hundred attempts', long()],
    ['a rest of a day', lived([0, claim('a')], [5, fail], [86_400, { type: 'retry_request' }], [86_405, claim('a')])],
    ['clocks that went back', lived([10, claim('a')], [4, again(5)], [3, claim('b')], [2, fail])],
  ])('B324 keeps everything between its ends, and its ticks apart: %s', (_, job) => {
    const steps = storySteps(detailOf(job), ZERO + 86_410_000);
    const { at, ticks } = storyAxis(steps);
    for (const step of steps) {
      const places = [step.startMs, ...step.marks.map((mark) => mark.atMs), step.endMs].map(at);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      for (const place of places) expect(place >= 0 && place <= 1).toBe(true);
    }
    expect(ticks.length).toBeLessThanOrEqual(8);
    expect(new Set(ticks.map((tick) => tick.text)).size).toBe(ticks.length);
    for (const [index, tick] of ticks.slice(1).entries())
      expect(tick.at - (ticks[index]?.at ?? 0)).toBeGreaterThan(0.15);
  });

  it('B324 gives a long rest little room, and all else its own', () => {
    const job = lived(
      [0, claim('a')],
      [10, fail],
      [86_400, { type: 'retry_request' }],
      [86_400, claim('a')],
      [86_410, fail],
    );
    const { at, ticks } = storyAxis(storySteps(detailOf(job), ZERO));
    const places = [10, 86_400, 86_410].map((seconds) => Math.round(at(ZERO + seconds * 1000) * 100));
    expect(places).toEqual([43, 57, 100]);
    expect(ticks.map((tick) => tick.text)).toEqual(['0', '5 s', '10 s', '1 d']);
  });
});
