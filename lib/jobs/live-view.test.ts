import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobList, JobSummary } from '../protocol/jobs.ts';
import type { JobChangedEvent, JobProgressEvent } from '../protocol/socket.ts';
import { detailOf, summaryOf } from './job-view.ts';
import { JOB_STATES, type Job, type JobState } from './job.ts';
import {
  accepts,
  detailAfter,
  isNewer,
  listAfter,
  newerJob,
  withPage,
  withProgress,
  withSnapshot,
} from './live-view.ts';
import { newJob, transition, type JobEvent } from './transition.ts';

const promptId = 'aaaaaaaa-0000-4000-8000-000000000001';
const stamp = { epoch: 'e', seq: 5 };

function created(nth: number, name = `job ${nth}`): Job {
  const id = `bbbbbbbb-0000-4000-8000-00000000000${nth}`;
  return newJob({ id, name, at: `2026-01-02T03:04:0${nth}.000Z` });
}
const at = '2026-01-02T04:00:00.000Z';
const claim: JobEvent = { at, type: 'claim', podId: 'p', promptId };
const submitting = transition(created(1), claim);
const running = transition(submitting, { at, type: 'accept' });

function changed(job: Job, percent?: number): JobChangedEvent {
  const progress = percent === undefined ? undefined : { promptId, percent, phase: 'sampling' as const };
  return { ...stamp, jobId: job.id, state: job.state, job: summaryOf(job, progress) };
}
function progressed(percent: number, of = promptId): JobProgressEvent {
  return { ...stamp, jobId: running.id, progress: percent, live: { promptId: of, percent, phase: 'sampling' } };
}
function list(...jobs: Job[]): JobList {
  const counts = Object.fromEntries(JOB_STATES.map((state) => [state, 0])) as Record<JobState, number>;
  for (const job of jobs) counts[job.state] += 1;
  return { jobs: jobs.map((job) => summaryOf(job)), nextCursor: null, counts };
}
const all = () => true;
const ids = (held: JobList) => held.jobs.map((job) => job.id.at(-1));

describe('one job', () => {
  it('B8 an event counts only from the same process and only once', () => {
    expect(isNewer(stamp, { epoch: 'e', seq: 6 })).toBe(true);
    expect(isNewer(stamp, { epoch: 'e', seq: 5 })).toBe(false);
    expect(isNewer(stamp, { epoch: 'f', seq: 9 })).toBe(false);
    expect(isNewer(undefined, { epoch: 'e', seq: 6 })).toBe(false);
  });

  it('B8 never goes back to an older revision', () => {
    expect(newerJob(summaryOf(running), summaryOf(submitting)).state).toBe('running');
    expect(newerJob(summaryOf(submitting), summaryOf(running)).state).toBe('running');
  });

  it('B8 the bar of the same prompt does not fall, that of another may', () => {
    const held = withProgress(summaryOf(running), progressed(40));
    expect(held).toMatchObject({ progress: 40, live: { percent: 40 } });
    expect(withProgress(held, progressed(30))).toBe(held);
    expect(newerJob(held, changed(running, 20).job).progress).toBe(40);
    expect(newerJob(held, changed(running).job)).toMatchObject({ progress: 40, live: { percent: 40 } });
    expect(withProgress(held, progressed(90, 'other'))).toBe(held);
    const next = transition(transition(running, { at, type: 'rework', reason: 'x' }), {
      ...claim,
      promptId: 'aaaaaaaa-0000-4000-8000-000000000002',
    });
    expect(newerJob(held, summaryOf(next)).progress).toBeNull();
  });

  it('B8 an ended job takes no late progress', () => {
    const ended = summaryOf(transition(running, { at, type: 'succeed', outputs: [] }));
    expect(withProgress(ended, progressed(50))).toBe(ended);
    expect(newerJob(withProgress(summaryOf(running), progressed(99)), ended)).toMatchObject({ progress: 100 });
    const cancelled = summaryOf(transition(running, { at, type: 'cancelled' }));
    expect(newerJob(withProgress(summaryOf(running), progressed(99)), cancelled).progress).toBeNull();
  });

  it('B8 the whole job is taken from an event that carries it, unless it is older', () => {
    const held = detailOf(running);
    expect(detailAfter(held, { ...changed(running), detail: detailOf(submitting) })).toBe(held);
    const ended = transition(running, { at, type: 'succeed', outputs: [] });
    expect(detailAfter(held, { ...changed(ended), detail: detailOf(ended) }).state).toBe('succeeded');
    expect(detailAfter(held, changed(ended))).toBe(held);
  });

  it('B8 in whatever order news comes, neither revision nor bar goes back', () => {
    const states = [created(1), submitting, running];
    const news = fc.oneof(
      fc
        .tuple(fc.constantFrom(...states), fc.integer({ min: 0, max: 99 }))
        .map(([job, percent]) => changed(job, percent)),
      fc.integer({ min: 0, max: 99 }).map((percent) => progressed(percent)),
    );
    fc.assert(
      fc.property(fc.array(news, { maxLength: 30 }), (events) => {
        let view: JobSummary = summaryOf(created(1));
        for (const event of events) {
          const next = 'live' in event ? withProgress(view, event) : newerJob(view, event.job);
          expect(next.revision).toBeGreaterThanOrEqual(view.revision);
          expect(next.progress ?? 0).toBeGreaterThanOrEqual(view.progress ?? 0);
          view = next;
        }
      }),
    );
  });
});

describe('a list', () => {
  it('B8 a new job goes on top, a change stays in its place, and the counts follow', () => {
    const held = listAfter(list(created(1), created(2)), changed(created(3)), all);
    expect(ids(held)).toEqual(['3', '2', '1']);
    expect(held.counts.queued).toBe(3);
    const after = listAfter(held, changed(submitting), all);
    expect(ids(after)).toEqual(['3', '2', '1']);
    expect(after.counts).toMatchObject({ queued: 2, submitting: 1 });
    expect(listAfter(after, changed(created(1)), all)).toBe(after);
  });

  it('B8 a job that leaves the filter goes, one that is not let in does not come', () => {
    const queued = (job: JobSummary) => job.state === 'queued';
    expect(ids(listAfter(list(created(2), created(1)), changed(submitting), queued))).toEqual(['2']);
    expect(ids(listAfter(list(created(2)), changed(running), queued))).toEqual(['2']);
  });

  it('B8 a job older than the page stays out while there are further pages', () => {
    const page = { ...list(created(3), created(2)), nextCursor: 'next' };
    expect(ids(listAfter(page, changed(created(1)), all))).toEqual(['3', '2']);
    expect(ids(listAfter({ ...page, nextCursor: null }, changed(created(1)), all))).toEqual(['3', '2', '1']);
  });

  it('B8 a further page adds what is not there yet; a snapshot makes nothing older', () => {
    const more = withPage({ ...list(created(3), created(2)), nextCursor: 'next' }, list(created(2), created(1)));
    expect(ids(more)).toEqual(['3', '2', '1']);
    expect(more.nextCursor).toBeNull();
    const fresh = withSnapshot(list(running), list(created(2), created(1)));
    expect(fresh.jobs.map((job) => job.state)).toEqual(['queued', 'running']);
  });

  it('B8 a filter looks at state, pod, name and id', () => {
    const job = summaryOf(transition(created(1, 'A Lighthouse'), claim));
    expect(accepts({}, job)).toBe(true);
    expect(accepts({ state: ['submitting'], q: 'light', pod: 'p' }, job)).toBe(true);
    expect(accepts({ q: '8000-000000000001' }, job)).toBe(true);
    expect(accepts({ state: ['queued'] }, job)).toBe(false);
    expect(accepts({ q: 'dusk' }, job)).toBe(false);
    expect(accepts({ q: 'strasse' }, { ...job, name: 'Hohe Straße' })).toBe(true);
    expect(accepts({ pod: 'q' }, job)).toBe(false);
  });
});
