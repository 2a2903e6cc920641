import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { jobError, type JobError } from '../../../lib/jobs/job-error.ts';
import type { Job, JobState } from '../../../lib/jobs/job.ts';
import { newJob, transition } from '../../../lib/jobs/transition.ts';
import { FailureGroups, failureKey, failureListOf, type FailedJob } from './failure-groups.ts';

const missing = (subject: string, message = `A pod lacks ${subject}.`) =>
  jobError('model_missing', message, { subject });
let minute = 0;
function failedJob(error: JobError, name = 'a job'): FailedJob {
  minute += 1;
  const at = new Date(Date.UTC(2026, 2, 4, 5, minute)).toISOString();
  const job = transition(newJob({ id: randomUUID(), name, at }), { type: 'fail', at, error, outcome: 'failed' });
  if (job.state !== 'failed') throw new Error('it failed');
  return job;
}
const retried = (job: Job) => transition(job, { type: 'retry_request', at: '2026-03-05T00:00:00.000Z' });

/** A store that answers failed jobs in pages and counts how often the first page was asked for. */
function storeOf(jobs: () => Job[]) {
  const counts = () =>
    ({ failed: jobs().filter(({ state }) => state === 'failed').length }) as Record<JobState, number>;
  const store = {
    looks: 0,
    counts: async () => counts(),
    list: async ({ limit, cursor }: { limit: number; cursor?: string }) => {
      if (cursor === undefined) store.looks += 1;
      const from = Number(cursor ?? 0);
      const failed = jobs().filter(({ state }) => state === 'failed');
      return {
        jobs: failed.slice(from, from + limit).map((job) => ({ job })),
        ...(from + limit < failed.length && { nextCursor: String(from + limit) }),
        counts: counts(),
      };
    },
  };
  return store;
}

it('B314 failures of one code about one thing are one group, in a sentence that holds for all of them', () => {
  const jobs = [
    failedJob(missing('x.safetensors', 'Pod a lacks it.'), 'first'),
    failedJob(missing('y.safetensors')),
    ...[2, 3, 4, 5, 6].map((number) => failedJob(missing('x.safetensors', `Pod ${number} lacks it.`), `no ${number}`)),
    failedJob(jobError('pod_unreachable', 'Pod a refused the connection 17 times.')),
    failedJob(jobError('pod_unreachable', 'Pod b refused the connection.')),
  ];
  const { groups, looked } = failureListOf(jobs);
  expect(looked).toBe(9);
  expect(groups.map(({ count, sentence }) => [count, sentence])).toEqual([
    [6, 'Model “x.safetensors” is missing on every pod that was asked.'],
    [2, 'The pod could not be reached.'],
    [1, 'A pod lacks y.safetensors.'],
  ]);
  const [largest] = groups;
  expect(largest?.jobs.map(({ name }) => name)).toEqual(['no 6', 'no 5', 'no 4', 'no 3', 'no 2']);
  expect([largest?.newestAt, largest?.blame]).toEqual([jobs[6]?.endedAt, 'pod']);
  expect(largest?.nextStep).toMatch(/model/);
  expect(new Set(groups.map(({ key }) => key)).size).toBe(3);
});

it('B314 a key names the cause alone, and is the same wherever it is asked for', () => {
  const keys = [
    missing('x'),
    missing('x', 'Said otherwise.'),
    missing('y'),
    jobError('file_missing', 'm', { subject: 'x' }),
  ];
  const [first, same, otherThing, otherCode] = keys.map(failureKey);
  expect(first).toBe(same);
  expect(new Set([first, otherThing, otherCode]).size).toBe(3);
  expect(first).toMatch(/^[0-9a-f]{16}$/);
});

it('B314 many who ask cost one look, and a job that joins or leaves a group is seen two seconds later', async () => {
  let now = 0;
  const jobs: Job[] = [failedJob(missing('x'))];
  const store = storeOf(() => jobs);
  const groups = new FailureGroups(store, () => now);
  const counts = async () => (await groups.list()).groups.map(({ count }) => count);
  await Promise.all(Array.from({ length: 20 }, counts));
  expect(store.looks).toBe(1);
  const joined = failedJob(missing('x'));
  jobs.push(joined);
  groups.jobChanged(joined);
  expect(await counts()).toEqual([1]);
  now = 2000;
  expect([await counts(), store.looks]).toEqual([[2], 2]);
  now = 8000;
  expect([await counts(), store.looks]).toEqual([[2], 2]);
  jobs[1] = retried(joined);
  groups.jobChanged(jobs[1]);
  expect([await counts(), store.looks]).toEqual([[2], 2]);
  now = 10_000;
  expect([await counts(), store.looks]).toEqual([[1], 3]);
});

it('B314 a failure at another instance of which nothing was told is seen by the number of them', async () => {
  let now = 0;
  const jobs: Job[] = [failedJob(missing('x'))];
  const store = storeOf(() => jobs);
  const groups = new FailureGroups(store, () => now);
  const counts = async () => (await groups.list()).groups.map(({ count }) => count);
  await counts();
  now = 2000;
  expect([await counts(), store.looks]).toEqual([[1], 1]);
  jobs.push(failedJob(missing('x')));
  now = 4000;
  expect([await counts(), store.looks]).toEqual([[2], 2]);
  now = 64_000;
  expect([await counts(), store.looks]).toEqual([[2], 3]);
  groups.missed();
  now = 66_000;
  expect([await counts(), store.looks]).toEqual([[2], 4]);
  const [left] = jobs.splice(0, 1, failedJob(missing('y')));
  if (left) groups.jobChanged(retried(left));
  now = 68_000;
  expect([await counts(), store.looks]).toEqual([[1, 1], 5]);
});

it('B314 at most the newest thousand failed jobs are looked through', async () => {
  const one = failedJob(missing('x'));
  const jobs = Array.from({ length: 1050 }, (): Job => ({ ...one, id: randomUUID() }));
  const groups = new FailureGroups(storeOf(() => jobs));
  const list = await groups.list();
  expect([list.looked, list.groups[0]?.count, list.groups[0]?.jobs.length]).toEqual([1000, 1000, 5]);
  const key = list.groups[0]?.key ?? '';
  expect((await groups.members(key)).length).toBe(1000);
  expect(await groups.members('nothing')).toEqual([]);
});
