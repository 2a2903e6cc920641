import { randomInt } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../lib/jobs/job.ts';
import { openRedisJobStore } from '../../server/redis/job-store.ts';
import { waitMs } from '../../server/jobs/wait.ts';
import { redisDesk } from '../support/redis-desk.ts';
import { startRedis, type RedisProcess } from '../support/redis-process.ts';
import { accept, after, cancel, claim, queuedAt, second, steps, succeed, workflowOf } from '../support/sample-jobs.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('Redis in trouble', () => {
  let redis: RedisProcess;
  let desk: ReturnType<typeof redisDesk>;
  let proxy: TcpProxy;
  beforeEach(async () => {
    redis = await startRedis();
    desk = redisDesk(redis);
    proxy = await openTcpProxy(redis.port);
  });
  afterEach(async () => {
    redis.thaw();
    await desk.close();
    await proxy.close();
    await redis.stop();
  });
  const works = (check: () => Promise<unknown>, what: string) =>
    waitUntil(
      () =>
        check().then(
          () => true,
          () => false,
        ),
      what,
    );
  const refusal = (message: RegExp) => ({ code: 'store_unavailable', message: expect.stringMatching(message) });

  it('B203 has every job that was accepted after a kill -9 in the middle of it', async () => {
    const store = await desk.open('a');
    const accepted: Job[] = [];
    const offers = Array.from({ length: 400 }, (_, index) => queuedAt(index)).map(async (job, index) => {
      if (index === 150) await redis.kill();
      await store.create(job, workflowOf(job.name));
      accepted.push(job);
    });
    const outcomes = await Promise.allSettled(offers);
    expect(outcomes.every((one) => one.status === 'fulfilled' || one.reason.code === 'store_unavailable')).toBe(true);
    await redis.start();
    await works(() => store.check(), 'Redis is back');
    const there = new Set((await store.active()).map(({ job }) => job.id));
    expect(accepted.filter((job) => !there.has(job.id))).toEqual([]);
    // What was refused is there at no time after Redis is back.
    expect(there.size).toBe(accepted.length);
  });

  it('B204 loses and doubles nothing while its connections are cut again and again', async () => {
    const seed = randomInt(2 ** 31);
    const [store, watcher] = [await desk.open('a'), await desk.open('b')];
    const quiet = new AbortController();
    const cuts = (async () => {
      while (!quiet.signal.aborted) {
        await redis.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
        await waitMs((seed % 7) * 10 + 20, quiet.signal);
      }
    })();
    const live = async (index: number) => {
      const job = queuedAt(index);
      const versions = steps(job, claim(), accept, succeed);
      expect(await store.create(job, workflowOf('x')), `seed ${seed}`).toEqual({ kind: 'created' });
      for (const version of versions) expect(await store.replace(version), `seed ${seed}`).toBe(true);
      return versions.at(-1);
    };
    const ended: (Job | undefined)[] = [];
    for (let round = 0; round < 20; round += 1)
      ended.push(...(await Promise.all(Array.from({ length: 15 }, (_, index) => live(round * 100 + index)))));
    quiet.abort();
    await cuts;
    expect(await watcher.counts(), `seed ${seed}`).toMatchObject({ succeeded: 300, queued: 0, running: 0 });
    for (const job of ended) expect((await watcher.get(job?.id ?? ''))?.job).toEqual(job);
  });

  it('B204 goes on by itself after connections that carry nothing any more', async () => {
    const store = await desk.open('a', {
      url: `redis://127.0.0.1:${proxy.port}`,
      commandTimeoutMs: 100,
      deadAfterMs: 300,
    });
    proxy.silence();
    const job = queuedAt(1);
    await works(() => store.create(job, workflowOf('x')), 'another connection was made');
    expect(await store.get(job.id)).toEqual({ job });
  });

  it('B205 takes a job back of which it was said that it is not accepted, although Redis had it', async () => {
    const store = await desk.open('a', { commandTimeoutMs: 200 });
    const watcher = await desk.open('b');
    redis.freeze();
    const job = queuedAt(1);
    const key = { key: 'k', bodyHash: 'h' };
    await expect(store.create(job, workflowOf('x'), key)).rejects.toMatchObject(refusal(/did not answer in time/));
    redis.thaw();
    await waitUntil(async () => !(await watcher.get(job.id)), 'it was taken back');
    await works(() => store.check(), 'Redis answers again');
    expect(await watcher.get(job.id)).toBeUndefined();
    expect(await watcher.workflow(job.id)).toBeUndefined();
    expect(await watcher.claimable('pod-a', second(9), 10)).toEqual([]);
    expect(await watcher.create(queuedAt(2), workflowOf('x'), key)).toEqual({ kind: 'created' });
  });

  it('B205 never makes a job that was taken back, however late what was sent arrives', async () => {
    const url = `redis://127.0.0.1:${proxy.port}`;
    const store = await desk.open('a', { url, commandTimeoutMs: 100 });
    const watcher = await desk.open('b');
    await store.create(queuedAt(0), workflowOf('x'));
    const arrive = proxy.holdRequests();
    const job = queuedAt(1);
    await expect(store.create(job, workflowOf('x'))).rejects.toMatchObject(refusal(/in time/));
    await works(() => store.check(), 'another connection was made');
    const scripts = async () =>
      Number(/cmdstat_evalsha:calls=(\d+)/.exec(String(await redis.command('INFO', 'commandstats')))?.[1]);
    const before = await scripts();
    arrive();
    // It was sent again and again for three seconds.
    await waitUntil(async () => (await scripts()) > before + 5, 'it arrives');
    const after_ = queuedAt(2);
    await watcher.create(after_, workflowOf('y'));
    expect((await watcher.active()).map((one) => one.job.id).slice(1)).toEqual([after_.id]);
    await expect(watcher.create(job, workflowOf('x'))).rejects.toThrow('deleted');
  });

  it('B205 calls those who know more when it stayed unknown whether a change was made', async () => {
    const store = await desk.open('a', { commandTimeoutMs: 200 });
    const [job, before] = [queuedAt(1), queuedAt(2)];
    for (const one of [job, before]) await store.create(one, workflowOf('x'));
    // Redis knows the script from now on.
    expect(await store.replace(after(before, claim('pod-b')))).toBe(true);
    const returns: boolean[] = [];
    store.onReturn(async (lost) => void returns.push(lost));
    redis.freeze();
    const claimed = after(job, claim());
    await expect(store.replace(claimed)).rejects.toMatchObject(refusal(/Redis/));
    expect(returns).toEqual([]);
    redis.thaw();
    await waitUntil(() => returns.length > 0, 'the return is told');
    expect(returns).toEqual([false]);
    expect(await store.onPod('pod-a')).toEqual([{ job: claimed }]);
  });

  it('B205 leaves a job that somebody was told of as accepted', async () => {
    // What is sent through the proxy reaches Redis, but no answer comes back.
    const store = await desk.open('a', { url: `redis://127.0.0.1:${proxy.port}`, commandTimeoutMs: 200 });
    const peer = await desk.open('b');
    await peer.create(queuedAt(0), workflowOf('x'));
    proxy.silenceAnswers();
    const job = queuedAt(1);
    const key = { key: 'k', bodyHash: 'h' };
    const refused = expect(store.create(job, workflowOf('x'), key)).rejects.toMatchObject(refusal(/in time/));
    await waitUntil(() => peer.get(job.id), 'the job is there');
    expect(await peer.create(queuedAt(2), workflowOf('x'), key)).toEqual({ kind: 'replayed', job });
    await refused;
    proxy.cut();
    await works(() => store.check(), 'the store is back');
    expect(await peer.get(job.id)).toEqual({ job });
  });

  it('B205 finds out what became of changes that were cut off', async () => {
    const store = await desk.open('a', { url: `redis://127.0.0.1:${proxy.port}`, commandTimeoutMs: 300 });
    const peer = await desk.open('b');
    const [job, other] = [queuedAt(1), queuedAt(2)];
    await peer.create(other, workflowOf('x'));
    proxy.silenceAnswers();
    const created = store.create(job, workflowOf('x'));
    const replaced = store.replace(after(other, claim()));
    await waitUntil(() => peer.get(job.id), 'the job is there');
    proxy.cut();
    expect(await created).toEqual({ kind: 'created' });
    expect(await replaced).toBe(true);
    expect((await peer.counts()).submitting).toBe(1);
  });

  it('B206 says that Redis is full, accepts nothing, and still keeps how known jobs end', async () => {
    const store = await desk.open('a');
    const [running, ended, doomed] = [queuedAt(1), queuedAt(2), queuedAt(3)];
    for (const job of [running, ended, doomed]) await store.create(job, workflowOf('x'));
    const versions = steps(running, claim(), accept, succeed);
    for (const version of versions.slice(0, 2)) await store.replace(version);
    await redis.command('CONFIG', 'SET', 'maxmemory', '1mb');
    await expect(store.create(queuedAt(4), workflowOf('x'))).rejects.toMatchObject(
      refusal(/memory is full.*maxmemory/),
    );
    await expect(store.check()).rejects.toMatchObject(refusal(/memory is full/));
    await expect(store.replace(after(ended, claim()))).rejects.toMatchObject(refusal(/memory is full/));
    expect(await store.get(ended.id)).toEqual({ job: ended });
    const last = versions.at(-1);
    expect(last && (await store.replace(last))).toBe(true);
    expect(await store.replace(after(ended, cancel))).toBe(true);
    expect(await store.remove(doomed.id)).toBe(true);
    expect((await store.prune(second(10_000))).toSorted()).toEqual([running.id, ended.id].toSorted());
    await redis.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    expect(await store.counts()).toMatchObject({ queued: 0, succeeded: 0 });
    await redis.command('CONFIG', 'SET', 'maxmemory', '0');
    await store.check();
  });

  it('B206 says that Redis became a replica, and goes on when it no longer is one', async () => {
    const store = await desk.open('a');
    const job = queuedAt(1);
    await store.create(job, workflowOf('x'));
    const primary = await startRedis();
    try {
      await redis.command('REPLICAOF', '127.0.0.1', primary.port);
      await expect(store.create(queuedAt(2), workflowOf('x'))).rejects.toMatchObject(refusal(/replica/));
    } finally {
      await redis.command('REPLICAOF', 'NO', 'ONE');
      await primary.stop();
    }
    await works(() => store.check(), 'it can be written to again');
  });

  it.each([
    ['-LOADING Redis is loading the dataset in memory', /loading its data/],
    ['-NOAUTH Authentication required.', /wants a password/],
    ['-MASTERDOWN Link with MASTER is down', /primary is away/],
    ['-MISCONF Redis is configured to save RDB snapshots', /cannot save to disk/],
    ['-ERR max number of clients reached', /too many clients/],
    ['+what', /unexpected/],
  ])('B206 says in a sentence why a Redis that answers %j cannot be used', async (reply, message) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write(`${reply}\r\n`));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const store = await openRedisJobStore({ url: `redis://127.0.0.1:${port}`, waitMs: 100, connectTimeoutMs: 100 });
    try {
      await expect(store.create(queuedAt(1), workflowOf('x'))).rejects.toMatchObject(refusal(message));
    } finally {
      await store.close();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('B206 refuses at once while nothing listens, starts without Redis, and works as soon as it is there', async () => {
    await redis.kill();
    const late = await openRedisJobStore({ url: redis.url, prefix: 'late', waitMs: 100, connectTimeoutMs: 100 });
    const asked = performance.now();
    await expect(late.create(queuedAt(1), workflowOf('x'))).rejects.toMatchObject(refusal(/nothing listens there/));
    expect(performance.now() - asked).toBeLessThan(1000);
    await redis.start();
    await works(() => late.create(queuedAt(1), workflowOf('x')), 'it works');
    await late.close();
  });
});
