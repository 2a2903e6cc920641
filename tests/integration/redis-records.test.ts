import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Job } from '../../lib/jobs/job.ts';
import { jobError } from '../../lib/jobs/job-error.ts';
import { jobValue } from '../../server/redis/job-value.ts';
import type { UnreadableRecord } from '../../server/jobs/records/stored-records.ts';
import { redisDesk } from '../support/redis-desk.ts';
import { startRedis, type RedisProcess } from '../support/redis-process.ts';
import {
  accept,
  after,
  cancel,
  claim,
  leaveOut,
  queuedAt,
  second,
  steps,
  succeed,
  workflowOf,
} from '../support/sample-jobs.ts';
import { expectVersion1Desk, version1Desk } from '../support/version-1-desk.ts';

let redis: RedisProcess;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

describe('records in Redis', () => {
  let desk: ReturnType<typeof redisDesk>;
  let reports: UnreadableRecord[];
  beforeEach(() => {
    desk = redisDesk(redis);
    reports = [];
  });
  afterEach(() => desk.close());
  const open = () => desk.open('a', { onUnreadable: (record) => reports.push(record) });
  const overwrite = (job: Job, edit: (value: string) => string) =>
    redis.command('SET', desk.keys.job(job.id), edit(jobValue(job)));
  const asNewer = (value: string) =>
    value.replace(/^\d+\t/, '99\t').replace(/"schemaVersion":\d+/, '"schemaVersion":99');

  it('B200 leaves records it cannot read alone, reports each once, and goes on with the rest', async () => {
    const store = await open();
    const [damaged, newer, first, last] = [3, 4, 1, 2].map((at) => queuedAt(at, { priority: at > 2 ? 9 : 0 }));
    if (!damaged || !newer || !first || !last) throw new Error('four jobs were asked for');
    for (const job of [damaged, newer, first, last]) await store.create(job, workflowOf('x'));
    await overwrite(damaged, (value) => value.slice(0, -5));
    await overwrite(newer, asNewer);
    expect(await store.claimable('pod', second(100), 1)).toEqual([first]);
    expect(await store.claimable('pod', second(100), 10)).toEqual([first, last]);
    expect((await store.active()).map(({ job }) => job.id)).toEqual([first.id, last.id]);
    const page = await store.list({ limit: 1 });
    expect(page.jobs.map(({ job }) => job.id)).toEqual([last.id]);
    const rest = await store.list({ limit: 2, cursor: page.nextCursor ?? '' });
    expect(rest.jobs.map(({ job }) => job.id)).toEqual([first.id]);
    expect(await store.get(newer.id)).toBeUndefined();
    expect(await store.replace(after(newer, claim()))).toBe(false);
    expect(reports.map(({ id }) => id).toSorted()).toEqual([damaged.id, newer.id].toSorted());
    expect(reports.map(({ reason }) => reason).join(' ')).toMatch(/damaged.*newer Podium|newer Podium.*damaged/);
    expect(await redis.command('GET', desk.keys.job(newer.id))).toBe(asNewer(jobValue(newer)));
  });

  it('B311 reads and goes on with what Podium wrote when records were of version 1', async () => {
    for (const [command, key, ...args] of version1Desk.redis)
      await redis.command(command, desk.keys.base + key, ...args);
    await expectVersion1Desk(await open());
    expect(reports).toEqual([]);
  });

  it('B308 keeps nothing of jobs that leave pods out once none waits', async () => {
    const store = await open();
    const [one, two] = [queuedAt(1), queuedAt(2, { wantedPodId: 'pod-b' })];
    const before = await keysOf(desk.keys.base);
    for (const job of [one, two]) {
      await store.create(job, workflowOf('x'));
      for (const version of steps(job, ...leaveOut('pod-a'))) expect(await store.replace(version)).toBe(true);
    }
    expect(await redis.command('SMEMBERS', `${desk.keys.base}lanes`)).toHaveLength(2);
    const [waiting] = await store.claimable('pod-b', second(100), 1);
    if (waiting) await store.replace(after(waiting, claim('pod-b')));
    expect(await redis.command('SMEMBERS', `${desk.keys.base}lanes`)).toHaveLength(1);
    for (const job of [one, two]) await store.remove(job.id);
    const left = (await keysOf(desk.keys.base)).filter((key) => !before.includes(key));
    expect(left.filter((key) => !/:(events|pods-seen|gone:[0-9a-f-]+)$/.test(key))).toEqual([]);
  });

  it('B200 does not delete history that a newer Podium wrote', async () => {
    const store = await open();
    const jobs = Array.from({ length: 120 }, (_, index) => queuedAt(index));
    await Promise.all(jobs.map((job) => store.create(job, workflowOf('x'))));
    await Promise.all(jobs.map((job) => store.replace(after(job, cancel))));
    const kept = jobs.slice(0, 110);
    await Promise.all(kept.map((job) => overwrite(after(job, cancel), asNewer)));
    expect((await store.prune(second(10_000))).toSorted()).toEqual(
      jobs
        .slice(110)
        .map((job) => job.id)
        .toSorted(),
    );
    expect(await redis.command('EXISTS', ...kept.map((job) => desk.keys.job(job.id)))).toBe(kept.length);
  });

  it('B200 takes damaged progress for none', async () => {
    const store = await open();
    const job = queuedAt(1);
    await store.create(job, workflowOf('x'));
    await redis.command('SET', desk.keys.progress(job.id), '12\n{"percent": 300}');
    expect(await store.get(job.id)).toEqual({ job });
  });

  it('B200 refuses a Redis whose keys a newer Podium laid out', async () => {
    await redis.command('HSET', desk.keys.meta, 'format', 99);
    const store = await desk.open('a', { waitMs: 100, connectTimeoutMs: 300 });
    await expect(store.check()).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('newer Podium'),
    });
    expect(await redis.command('HGET', desk.keys.meta, 'format')).toBe('99');
  });

  it('B201 tells of every change once and in order, with the record and its progress, and of every removal', async () => {
    const store = await open();
    const job = queuedAt(1);
    const promptId = randomUUID();
    const [claimed, running, ended] = steps(job, claim('pod-a', promptId), accept, succeed);
    if (!claimed || !running || !ended) throw new Error('three steps were asked for');
    const progress = { promptId: 'p', percent: 40, phase: 'sampling' as const };
    await store.create(job, workflowOf('x'));
    expect(await store.replace(claimed)).toBe(true);
    expect(await store.replace(after(job, claim('pod-z')))).toBe(false);
    await store.saveProgress(job.id, progress);
    for (const version of [running, ended]) await store.replace(version);
    await store.remove(job.id);
    expect(await store.remove(job.id)).toBe(false);
    const entries = z
      .array(z.tuple([z.string(), z.array(z.string())]))
      .parse(await redis.command('XRANGE', desk.keys.events, '-', '+'))
      .map(([, fields]) => fields.map((field) => (field.startsWith('{') ? JSON.parse(field) : field)));
    expect(entries).toEqual([
      ['id', job.id, 'rev', '0', 'is', 'queued ', 'job', job],
      ['id', job.id, 'rev', '1', 'is', `submitting ${promptId}`, 'job', claimed],
      ['id', job.id, 'rev', '2', 'is', `running ${promptId}`, 'job', running, 'progress', progress],
      ['id', job.id, 'rev', '3', 'is', `succeeded ${promptId}`, 'job', ended],
      ['id', job.id, 'gone', '1'],
    ]);
  });

  it('B202 drops what its indices say of jobs that are not there, and answers as if it had never been', async () => {
    const store = await open();
    const [queued, waits, running, ended] = [queuedAt(1), queuedAt(2), queuedAt(3), queuedAt(4)];
    for (const job of [queued, waits, running, ended]) await store.create(job, workflowOf('x'));
    const retry = after(waits, claim(), {
      type: 'fail',
      error: jobError('pod_busy', 'Busy.'),
      outcome: 'refused',
      retryAt: second(50),
    });
    await store.replace(after(waits, claim()));
    await store.replace(retry);
    for (const version of steps(running, claim(), accept)) await store.replace(version);
    await store.replace(after(ended, cancel));
    for (const job of [queued, waits, running, ended]) await redis.command('DEL', desk.keys.job(job.id));
    expect(await store.claimable('pod-a', second(100), 10)).toEqual([]);
    expect(await store.nextRetryAt()).toBeUndefined();
    expect(await store.onPod('pod-a')).toEqual([]);
    expect(await store.active()).toEqual([]);
    expect((await store.list({ limit: 10 })).jobs).toEqual([]);
    expect(await store.prune(second(10_000))).toEqual([ended.id]);
    expect(await store.counts()).toMatchObject({ queued: 0, retry_wait: 0, running: 0, cancelled: 0 });
    expect(await store.podsWithJobs()).toEqual([]);
  });

  it('B201 keeps nothing of a job that was removed or pruned', async () => {
    const store = await open();
    const before = await keysOf(desk.keys.base);
    for (const at of [1, 2]) {
      const job = queuedAt(at);
      await store.create(job, workflowOf('x'), { key: `key ${at} "\n`, bodyHash: randomUUID() });
      for (const version of steps(job, claim(), accept)) await store.replace(version);
      await store.saveProgress(job.id, { promptId: 'p', percent: 1, phase: 'loading' });
      if (at === 1) await store.remove(job.id);
      else await store.replace(after(job, claim(), accept, succeed));
    }
    for (const { job } of await store.active()) await store.replace(after(job, succeed));
    await store.prune(second(10_000));
    const left = (await keysOf(desk.keys.base)).filter((key) => !before.includes(key));
    expect(left.filter((key) => !/:(events|pods-seen|gone:[0-9a-f-]+)$/.test(key))).toEqual([]);
  });
});

async function keysOf(base: string): Promise<string[]> {
  return z.array(z.string()).parse(await redis.command('KEYS', `${base}*`));
}
