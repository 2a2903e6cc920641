import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { JOB_STATES } from '../../lib/jobs/job.ts';
import type { PodCondition } from '../../server/jobs/pod-client.ts';
import type { JobBundle } from '../../server/jobs/records/store-transfer.ts';
import { openRedisJobStore } from '../../server/redis/job-store.ts';
import { RedisPodLeases } from '../../server/redis/pod-leases.ts';
import { openSqliteJobStore } from '../../server/sqlite/job-store.ts';
import { openKept, prepareKept } from '../../server/sqlite/kept-objects.ts';
import { allBundles } from '../contract/store-transfer.contract.ts';
import { PodiumCommand, runPodium } from '../support/podium-command.ts';
import { startRedis, type RedisProcess } from '../support/redis-process.ts';
import { sampleBundles } from '../support/sample-desk.ts';
import { queuedAt, workflowOf } from '../support/sample-jobs.ts';

const MEMORY = { clientId: 'client-a', highestNumber: 7 };
const CONDITION: PodCondition = { breaker: { failures: 2, openedAt: 12 }, jobsWithFiles: ['job-1'] };

describe('store:copy', () => {
  let redis: RedisProcess;
  let dir: string;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'podium-copy-'));
    await redis.command('FLUSHALL');
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const openFile = (folder = 'old') => openSqliteJobStore({ path: join(dir, folder, 'podium.db') });
  const copying = (from: string, to: string, settings: Record<string, string> = {}) => ({
    args: ['store:copy', '--from', from, '--to', to],
    env: { DATA_DIR: join(dir, 'old'), REDIS_URL: redis.url, ...settings },
  });
  const inProcess = (...given: Parameters<typeof copying>) => {
    const { args, env } = copying(...given);
    return new PodiumCommand(args, env);
  };
  const copy = (...given: Parameters<typeof copying>) => {
    const { args, env } = copying(...given);
    return runPodium(args, env);
  };
  /** A desk in the file, as it would be with Podium stopped. */
  const fillFile = async (bundles: JobBundle[]) => {
    const store = openFile();
    await store.takeIn(bundles);
    await store.savePodMemory('pod-a', MEMORY);
    await store.savePodCondition('pod-a', CONDITION);
    await store.orderPod('pod-b', { drained: true });
    const id = await store.deskId();
    await store.close();
    return id;
  };
  const inRedis = async <T>(look: (store: Awaited<ReturnType<typeof openRedisJobStore>>) => Promise<T>) => {
    const store = await openRedisJobStore({ url: redis.url });
    try {
      return await look(store);
    } finally {
      await store.close();
    }
  };

  it('B252 moves 500 jobs of all states into Redis and back into another file, the same each time', async () => {
    const bundles = sampleBundles(500);
    expect(new Set(bundles.map(({ job }) => job.state)).size).toBe(JOB_STATES.length);
    const id = await fillFile(bundles);

    const there = await inProcess('sqlite', 'redis').ended;
    expect(there).toMatchObject({ code: 0, err: '' });
    expect(there.out.split('\n')).toContain('500 of 500 jobs');
    expect(there.out).toContain(`500 jobs are in redis://127.0.0.1:${redis.port}/0.`);
    await inRedis(async (store) => {
      expect(await allBundles(store)).toEqual(bundles);
      expect(await store.deskId()).toBe(id);
      expect(await store.podMemory('pod-a')).toEqual(MEMORY);
      expect(await store.podCondition('pod-a')).toEqual(CONDITION);
      expect(await store.podOrders()).toEqual({ 'pod-b': { drained: true } });
      expect(await store.dispatch()).toEqual({ paused: false });
      const keyed = bundles.find(({ claim }) => claim);
      const again = await store.create(queuedAt(9000), workflowOf('x'), keyed?.claim);
      expect(again).toEqual({ kind: 'replayed', job: keyed?.job });
    });
    const old = openFile();
    expect(await old.dispatch()).toMatchObject({
      paused: true,
      reason: expect.stringContaining('its jobs go on there'),
    });
    await old.close();

    const back = await copy('redis', 'sqlite', { DATA_DIR: join(dir, 'new') });
    expect(back).toMatchObject({ code: 0, err: '' });
    const young = openFile('new');
    expect(await allBundles(young)).toEqual(bundles);
    expect(await young.deskId()).toBe(id);
    expect(await young.podMemories()).toEqual([{ podId: 'pod-a', memory: MEMORY }]);
    expect(await young.podConditions()).toEqual([{ podId: 'pod-a', condition: CONDITION }]);
    expect(await young.podOrders()).toEqual({ 'pod-b': { drained: true } });
    await young.close();
  }, 60_000);

  it('B252 loses nothing when it is killed in the middle, and goes on when it is run again', async () => {
    const bundles = sampleBundles(500);
    await fillFile(bundles);
    const stall = await stallAfter(400_000, redis.port);
    const cut = inProcess('sqlite', 'redis', { REDIS_URL: `redis://127.0.0.1:${stall.port}` });
    await stall.stalled;
    cut.kill('SIGKILL');
    await cut.ended;
    stall.close();
    await inRedis(async (store) => {
      const size = await store.size();
      expect(size).toBeGreaterThan(0);
      expect(size).toBeLessThan(500);
      expect(await store.dispatch()).toMatchObject({ paused: true, reason: expect.stringContaining('has not ended') });
    });

    expect(await copy('sqlite', 'redis')).toMatchObject({ code: 0, err: '' });
    await inRedis(async (store) => {
      expect(await allBundles(store)).toEqual(bundles);
      expect(await store.dispatch()).toEqual({ paused: false });
    });
  }, 60_000);

  it('B252 says so when Redis goes away, and goes on when it is back', async () => {
    await fillFile(sampleBundles(500));
    const stall = await stallAfter(400_000, redis.port);
    const failing = copy('sqlite', 'redis', { REDIS_URL: `redis://127.0.0.1:${stall.port}` });
    const { code, err } = await failing;
    stall.close();
    expect(code).toBe(1);
    expect(err).toMatch(/^Redis at 127\.0\.0\.1:\d+ cannot be reached: [^\n]+ run the same again to go on\.\n$/);
    expect(await copy('sqlite', 'redis')).toMatchObject({ code: 0 });
  }, 60_000);

  it('B251 B252 leaves behind what it cannot read, names it, and copies the rest', async () => {
    const [damaged, ...rest] = sampleBundles(5);
    await fillFile(damaged ? [damaged, ...rest] : rest);
    const db = openKept(join(dir, 'old/podium.db'), {});
    prepareKept(db, `UPDATE active SET record = '{"half' WHERE id = ?`).run(damaged?.job.id);
    db.close();
    const { code, out, err } = await copy('sqlite', 'redis');
    expect(code).toBe(1);
    expect(out).toContain('4 jobs are in redis://');
    expect(err).toMatch(/^1 could not be read by this Podium and stayed in \S+podium\.db:\n/);
    expect(err).toContain(`  - job ${damaged?.job.id}: The record is damaged.\n`);
    expect(await inRedis((store) => allBundles(store))).toEqual(rest);
  }, 60_000);

  it('B252 refuses a store that holds a job, naming a remedy, and leaves both as they are', async () => {
    const bundles = sampleBundles(20);
    await fillFile(bundles);
    await inRedis(async (store) => void (await store.create(queuedAt(1), workflowOf('theirs'))));
    for (const [from, to, remedy] of [
      ['sqlite', 'redis', 'set REDIS_URL to another database number'],
      ['redis', 'sqlite', 'set DATA_DIR to a folder without a podium.db'],
    ] as const) {
      const { code, err } = await copy(from, to);
      expect(code).toBe(1);
      expect(err).toMatch(/already holds (1 job|20 jobs), and two desks are never mixed: [^\n]+\.\n$/);
      expect(err).toContain(remedy);
    }
    expect(await inRedis((store) => store.size())).toBe(1);
    const file = openFile();
    expect(await allBundles(file)).toEqual(bundles);
    expect(await file.dispatch()).toEqual({ paused: false });
    await file.close();
  }, 60_000);

  it('B252 refuses while a Podium runs on either side, and says which', async () => {
    await fillFile(sampleBundles(5));
    const running = openFile();
    const locked = await copy('sqlite', 'redis');
    await running.close();
    expect(locked.code).toBe(1);
    expect(locked.err).toMatch(/podium\.db is in use by a running Podium\. Stop that first[^\n]*\n$/);

    await inRedis(async (store) => {
      const leases = new RedisPodLeases(store.connection, store.keys);
      const startedAt = new Date().toISOString();
      await leases.beat({ id: 'i-1', name: 'studio-7:41', version: '1', podIds: ['pod-a'], startedAt }, [], 2000);
      for (const [from, to] of [
        ['sqlite', 'redis'],
        ['redis', 'sqlite'],
      ] as const) {
        const { code, err } = await copy(from, to, from === 'redis' ? { DATA_DIR: join(dir, 'new') } : {});
        expect(code).toBe(1);
        expect(err).toContain(`redis://127.0.0.1:${redis.port}/0 is in use by Podium (studio-7:41): stop it first.`);
      }
      await leases.leave('i-1');
    });
    expect(await copy('sqlite', 'redis')).toMatchObject({ code: 0, err: '' });
  }, 60_000);

  it('B252 says what is missing where a side cannot be found', async () => {
    const none = await copy('sqlite', 'redis');
    expect(none).toMatchObject({ code: 1, out: '' });
    expect(none.err).toMatch(/^There is no \S+podium\.db: set DATA_DIR to the folder that holds podium\.db\.\n$/);
    await fillFile([]);
    const unset = await copy('sqlite', 'redis', { REDIS_URL: '' });
    expect(unset).toMatchObject({ code: 1, err: expect.stringContaining('Set REDIS_URL') });
    const away = await copy('sqlite', 'redis', { REDIS_URL: 'redis://me:secret@127.0.0.1:1' });
    expect(away).toMatchObject({ code: 1, out: '', err: expect.stringContaining('nothing listens there') });
    expect(away.err).not.toContain('secret');
    const wrong = await copy('sqlite', 'redis', { REDIS_URL: 'http://127.0.0.1' });
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('REDIS_URL is "http://127.0.0.1"') });
  }, 60_000);
});

/** Carries connections to a port, until so many bytes went there; then all stay open and nothing moves any more. */
async function stallAfter(bytes: number, port: number) {
  let stop: () => void = () => undefined;
  const stalled = new Promise<void>((resolve) => (stop = resolve));
  let left = bytes;
  const server = createServer((inbound) => {
    const outbound = connect(port, '127.0.0.1');
    outbound.pipe(inbound);
    inbound.on('data', (chunk: Buffer) => {
      if (left > 0) outbound.write(chunk);
      left -= chunk.byteLength;
      if (left <= 0) stop();
    });
    for (const [one, other] of [
      [inbound, outbound],
      [outbound, inbound],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, stalled, close: () => void server.close() };
}
