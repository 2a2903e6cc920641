import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { openDesk, type Desk } from '../../server/create-desk.ts';
import { createDemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import type { JobStore } from '../../server/jobs/job-store.ts';
import { openRedisJobStore } from '../../server/redis/job-store.ts';
import { openSqliteJobStore } from '../../server/sqlite/job-store.ts';
import { startRedis } from '../support/redis-process.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

const MAIN = fileURLToPath(new URL('../support/batch-store-process.ts', import.meta.url));

/** Kills the process while it takes in the batch after the first `accepted` ones. @returns ids by what was said of them */
async function killWithin(args: string[], accepted: number) {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.startsWith('?') && lines.length > 2 * accepted) child.kill('SIGKILL');
  }
  await exited;
  const of = (mark: string) => lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(1));
  return { sent: of('?'), accepted: of('+') };
}

/** Whether the batch is there with all its jobs; nothing of it is there otherwise. */
async function isWhole(store: JobStore, id: string): Promise<boolean> {
  const batch = await store.batch(id);
  const { jobs } = await store.batchJobs(id, { limit: 1000 });
  if (!batch) {
    expect(jobs).toEqual([]);
    return false;
  }
  expect(batch.counts.queued).toBe(300);
  expect(jobs.map(({ job }) => job.batch?.index)).toEqual(Array.from({ length: 300 }, (_, at) => at));
  const last = jobs.at(-1)?.job.id ?? '';
  expect(await store.workflow(last)).toMatchObject({ prompt: { '1': { inputs: { mark: 'value 299' } } } });
  return true;
}

describe('batches and the end of a process', () => {
  let dir: string;
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'podium-batches-'));
    redis = await startRedis();
  });
  afterEach(async () => {
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('B408 after a kill each batch is there whole or not at all, and each accepted one is (SQLite, Redis)', async () => {
    const path = join(dir, 'podium.db');
    const url = `redis://127.0.0.1:${redis.port}`;
    const prefix = randomUUID();
    const kinds: [string[], () => JobStore | Promise<JobStore>][] = [
      [['sqlite', path, ''], () => openSqliteJobStore({ path })],
      [['redis', url, prefix], () => openRedisJobStore({ url, prefix })],
    ];
    for (const [args, open] of kinds)
      for (const round of [0, 1, 2]) {
        const { sent, accepted } = await killWithin(args, round);
        const store = await open();
        const whole = new Map<string, boolean>();
        for (const id of sent) whole.set(id, await isWhole(store, id));
        for (const id of accepted) expect(whole.get(id)).toBe(true);
        const there = (await store.batches({ limit: 50 })).batches.length;
        expect((await store.counts()).queued).toBe(there * 300);
        await store.close();
      }
  }, 120_000);

  it('B408 three instances run sixty jobs of a batch, none of them twice', async () => {
    const pods = await Promise.all([0, 1, 2].map(() => createDemoPod({ stepMs: 5 })));
    const desks: Desk[] = [];
    try {
      const env = {
        COMFYUI_POD_URL: pods.map((pod, at) => `pod-${at}=${pod.url}`).join(','),
        REDIS_URL: `redis://127.0.0.1:${redis.port}/0`,
        LEASE_MS: '600',
      };
      for (let at = 0; at < 3; at += 1) {
        const desk = await openDesk({ ...readConfig(env), dataDir: dir, retryBackoffBaseMs: 20 });
        desks.push(desk);
        await desk.start();
      }
      await waitUntil(
        () =>
          desks.every(
            (desk) => desk.runner.driven().length === 1 && desk.runner.pods().every(({ state }) => state === 'up'),
          ),
        'each instance drives one pod',
      );
      const [one, two] = desks;
      const axis = {
        nodeId: '1',
        input: 'width',
        label: 'Width',
        values: Array.from({ length: 60 }, (_, at) => 64 + at),
      };
      const made = await one?.batches.submit({ workflow: stepsPrompt(2, 10), plan: { axes: [axis], seeds: 'fixed' } });
      const id = made?.batch.id ?? '';
      const ended = await waitUntil(
        async () => {
          const batch = await two?.batches.get(id);
          return batch?.ended && batch;
        },
        'the batch has ended',
        40_000,
      );
      expect(ended.counts.succeeded).toBe(60);
      const runs = pods.map((pod) => pod.control.runs.length);
      expect(runs.reduce((sum, count) => sum + count, 0)).toBe(60);
      expect(Math.min(...runs)).toBeGreaterThan(0);
      const jobs = (await two?.batches.jobs(id, { limit: 100 }))?.jobs ?? [];
      expect(jobs.map(({ attemptCount }) => attemptCount)).toEqual(jobs.map(() => 1));
    } finally {
      await Promise.all(desks.map((desk) => desk.close()));
      await Promise.all(pods.map((pod) => pod.close()));
    }
  }, 60_000);
});
