import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { openSqliteJobStore } from '../../server/sqlite/job-store.ts';
import { openKept, prepareKept } from '../../server/sqlite/kept-objects.ts';
import { ROOT } from '../support/build-server.ts';
import { runPodium } from '../support/podium-command.ts';
import { startRedis, type RedisProcess } from '../support/redis-process.ts';
import { sampleBundles } from '../support/sample-desk.ts';

/** What the compose file tells its Redis, as name and value. */
function composeRedis(): Record<string, string> {
  const { services } = z
    .object({ services: z.object({ redis: z.object({ command: z.array(z.string()) }) }) })
    .parse(parse(readFileSync(join(ROOT, 'deploy/compose.yaml'), 'utf8'), { merge: true }));
  const [program, ...args] = services.redis.command;
  expect(program).toBe('redis-server');
  return Object.fromEntries(
    Array.from({ length: args.length / 2 }, (_, at) => [args[2 * at]?.slice(2) ?? '', args[2 * at + 1] ?? '']),
  );
}

describe('store:check', () => {
  let redis: RedisProcess;
  let dir: string;
  beforeAll(async () => {
    redis = await startRedis(composeRedis());
  });
  afterAll(() => redis.stop());
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'podium-check-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const check = (settings: Record<string, string> = {}) => runPodium(['store:check'], { DATA_DIR: dir, ...settings });

  it('B253 B256 finds the compose file’s Redis safe, and says what it is', async () => {
    const { code, out, err } = await check({ REDIS_URL: redis.url });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^Store: redis:\/\/127\.0\.0\.1:\d+\/0, Redis \d+\.\d+\.\d+\.\nJobs: 0\. Instances: none running\.\n/,
    );
    expect(out).toContain('nothing about it is unsafe');
  });

  it('B253 tells what is unsafe about Redis, each with its remedy, and ends with 1', async () => {
    const unsafe = await startRedis({
      appendfsync: 'everysec',
      'maxmemory-policy': 'allkeys-lru',
      requirepass: 'secret-word',
    });
    const { code, out, err } = await check({ REDIS_URL: `redis://:secret-word@127.0.0.1:${unsafe.port}` });
    await unsafe.stop();
    expect(code).toBe(1);
    expect(err).toMatch(/^Unsafe \(evicts\): .*maxmemory-policy noeviction/m);
    expect(err).toMatch(/^Unsafe \(synced_late\): .*appendfsync always/m);
    expect(out).not.toContain('nothing about it is unsafe');
    expect(out + err).not.toContain('secret-word');
  });

  it('B253 ends with 1 and one sentence where the store is away', async () => {
    const { code, out, err } = await check({ REDIS_URL: 'redis://127.0.0.1:1' });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^Redis at 127\.0\.0\.1:1 cannot be reached: [^\n]+\.\n$/);
  });

  it('B253 looks at the file where no Redis is set, and makes none', async () => {
    expect(await check()).toMatchObject({ code: 0, out: expect.stringContaining('the first start makes it') });
    const store = openSqliteJobStore({ path: join(dir, 'podium.db') });
    await store.takeIn(sampleBundles(20));
    const locked = await check();
    expect(locked).toMatchObject({ code: 1, err: expect.stringContaining('in use by a running Podium') });
    await store.close();
    expect(await check()).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/SQLite, format \d+\.\nJobs: 20\./),
    });
    const db = openKept(join(dir, 'podium.db'), {});
    prepareKept(db, `UPDATE active SET record = '{"half' WHERE state = 'running'`).run();
    db.close();
    const damaged = await check();
    expect(damaged.code).toBe(1);
    expect(damaged.err).toMatch(/^(Job \S+ cannot be read: The record is damaged\.\n){2}$/);
  });
});
