import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Job } from '../../../lib/jobs/job.ts';
import { MAX_RECOVERED_JOBS, recoverySchema, type Recovery } from '../../../lib/jobs/recovery.ts';
import { newJob, transition, type JobEvent } from '../../../lib/jobs/transition.ts';
import { jobError } from '../../../lib/jobs/job-error.ts';
import { limiter } from '../limiter.ts';
import { RecoveryBook } from './recovery-book.ts';

const at = '2026-01-02T03:04:05.006Z';
const promptId = 'bbbbbbbb-0000-4000-8000-000000000001';
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

class FakeBook {
  readonly saved: Recovery[] = [];
  away = false;
  async saveRecovery(recovery: Recovery): Promise<void> {
    if (this.away) throw new Error('the store is away');
    this.saved.push(recoverySchema.parse(recovery));
  }
  async recoveries(): Promise<Recovery[]> {
    return [...new Map(this.saved.map((record) => [record.id, record])).values()];
  }
}

let store: FakeBook;
let book: RecoveryBook;
let progress: [number, number][];
beforeEach(() => {
  vi.useFakeTimers();
  store = new FakeBook();
  progress = [];
  book = new RecoveryBook({
    book: store,
    now: () => new Date(at),
    log: silent,
    instance: 'here#1',
    onProgress: ({ done, total }) => progress.push([done, total]),
  });
});
afterEach(async () => {
  await book.stop();
  vi.useRealTimers();
});

const running = (name = 'a job'): Job =>
  [
    { at, type: 'claim', podId: 'one', promptId },
    { at, type: 'accept' },
  ].reduce<Job>((job, event) => transition(job, event as JobEvent), newJob({ id: randomUUID(), name, at }));
const last = () => store.saved.at(-1);

describe('a session', () => {
  it('B229 ends once it is known of every job what became of it, and is written then', async () => {
    const session = book.begin('start', ['one']);
    session.ask('one');
    const jobs = [running('first'), running('second')];
    session.found(jobs);
    for (const job of jobs) session.note(job, 'one', 'looking');
    session.close();
    session.answered('one');
    for (const job of jobs) book.jobProgress(job.id, { promptId, percent: 43.5, phase: 'sampling' });
    await vi.advanceTimersByTimeAsync(0);
    expect(store.saved).toHaveLength(1);
    expect(last()).toMatchObject({
      reason: 'start',
      instance: 'here#1',
      endedAt: at,
      found: 2,
      jobs: [{ action: 'reattached', percent: 43.5 }, { action: 'reattached' }],
    });
    expect(progress.at(-1)).toEqual([2, 2]);
  });

  it('B229 is written once a second while it goes on', async () => {
    const session = book.begin('takeover', ['one']);
    const jobs = Array.from({ length: 40 }, () => running());
    session.found(jobs);
    for (const job of jobs) session.note(job, 'one', 'looking');
    for (const job of jobs) {
      session.note(job, 'one', 'reattached');
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(store.saved.length).toBeGreaterThanOrEqual(3);
    expect(store.saved.length).toBeLessThanOrEqual(5);
    expect(last()).not.toHaveProperty('endedAt');
  });

  it.each<[string, JobEvent, object]>([
    ['is certainly absent', { at, type: 'rework', reason: 'It restarted.' }, { action: 'rework' }],
    [
      'is too old',
      { at, type: 'fail', outcome: 'lost', error: jobError('stale', 'Nothing was heard.') },
      { action: 'stale', detail: 'Nothing was heard.' },
    ],
    [
      'was lost',
      { at, type: 'fail', outcome: 'lost', error: jobError('prompt_lost', 'It is gone.') },
      { action: 'ended', detail: 'It is gone.' },
    ],
    ['is cancelled', { at, type: 'cancelled' }, { action: 'ended' }],
    ['had ended', { at, type: 'note', kind: 'finished_on_pod', detail: 'Done.' }, { action: 'adopted' }],
  ])('B228 tells of a job that was looked for and %s', async (_what, event, became) => {
    const session = book.begin('start', ['one']);
    const job = running();
    session.note(job, 'one', 'looking');
    book.jobChanged(transition(job, { at, type: 'note', kind: 'reattached', detail: 'Followed again.' }));
    session.close();
    expect(session.ended).toBe(false);
    book.jobChanged(transition(job, event));
    await vi.advanceTimersByTimeAsync(0);
    expect(last()).toMatchObject({ endedAt: at, jobs: [{ jobId: job.id, name: job.name, ...became }] });
  });

  it('B228 says what became of a job at first, not what happens to it later', async () => {
    const session = book.begin('start', ['one', 'two']);
    session.ask('two');
    const job = running();
    session.note(job, 'one', 'reattached', { percent: 10 });
    book.jobChanged(transition(job, { at, type: 'cancelled' }));
    session.close();
    session.answered('two');
    await vi.advanceTimersByTimeAsync(0);
    expect(last()).toMatchObject({ jobs: [{ action: 'reattached', percent: 10 }] });
  });

  it('B229 does not wait for a pod that does not answer, nor for one that another instance took', async () => {
    const session = book.begin('start', ['one', 'two']);
    for (const podId of ['one', 'two']) {
      session.ask(podId);
      session.note(running(), podId, 'looking');
    }
    session.close();
    session.unanswered('one');
    expect(session.ended).toBe(false);
    session.leave('two');
    await vi.advanceTimersByTimeAsync(0);
    expect(last()).toMatchObject({ endedAt: at, unanswered: ['one'], found: 2 });
  });

  it('B229 leaves no record where it found nothing', async () => {
    const session = book.begin('reconnect', ['one']);
    session.ask('one');
    session.answered('one');
    session.close();
    await vi.advanceTimersByTimeAsync(5000);
    expect(session.ended).toBe(true);
    expect(store.saved).toEqual([]);
  });

  it('B229 names a bounded number of jobs and counts the rest', async () => {
    const session = book.begin('start', ['one']);
    const jobs = Array.from({ length: MAX_RECOVERED_JOBS + 100 }, () => running());
    session.found(jobs);
    for (const job of jobs) session.note(job, 'one', 'looking');
    for (const job of jobs) session.note(job, 'one', 'reattached');
    session.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(last()?.found).toBe(jobs.length);
    expect(last()?.jobs).toHaveLength(MAX_RECOVERED_JOBS);
    expect(progress.at(-1)).toEqual([jobs.length, jobs.length]);
  });
});

describe('the book', () => {
  it('B229 keeps what the store does not take, in its newest form, and writes it later', async () => {
    store.away = true;
    const session = book.begin('start', ['one']);
    session.note(running(), 'one', 'reattached');
    session.close();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(store.saved).toEqual([]);
    store.away = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(store.saved).toMatchObject([{ endedAt: at }]);
  });

  it('B229 writes what goes on as it stands when the process ends', async () => {
    book.begin('start', ['one']).note(running(), 'one', 'looking');
    await book.stop();
    expect(store.saved).toMatchObject([{ endedAt: at, jobs: [{ action: 'looking' }] }]);
  });

  it('B229 closes what dead instances left open, and nothing of those that live', async () => {
    const open = { schemaVersion: 1, reason: 'start', podIds: [], startedAt: at, found: 1, jobs: [], unanswered: [] };
    for (const instance of ['dead#0', 'there#2', 'here#1'])
      await store.saveRecovery(recoverySchema.parse({ ...open, id: randomUUID(), instance }));
    await book.closeAbandoned(['there#2', 'here#1']);
    expect((await store.recoveries()).map(({ endedAt }) => endedAt)).toEqual([at, undefined, undefined]);
  });
});

describe('a limiter', () => {
  it('B230 lets so many go on at once, in order, also after failures', async () => {
    vi.useRealTimers();
    const limit = limiter(3);
    let going = 0;
    let most = 0;
    const order: number[] = [];
    const works = Array.from({ length: 20 }, (_, nth) =>
      limit(async () => {
        order.push(nth);
        going += 1;
        most = Math.max(most, going);
        await new Promise((resolve) => setImmediate(resolve));
        going -= 1;
        if (nth % 4 === 0) throw new Error('it failed');
      }).catch(() => undefined),
    );
    await Promise.all(works);
    expect(most).toBe(3);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order).toHaveLength(20);
  });
});
