import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { readConfig } from '../../server/config.ts';
import { openDesk } from '../../server/create-desk.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { startRedis } from '../support/redis-process.ts';
import { compare, type Comparison } from './compare.ts';

const JOBS = 1000;
/** Nothing listens there: jobs are accepted and wait. */
const NO_POD = 'http://127.0.0.1:9';

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** A thousand jobs accepted as one batch, over BullMQ's `addBulk` of as many prompts to a Redis that syncs every write. */
async function batchAccept(
  store: 'SQLite' | 'Redis',
  repeats: number,
  onRepeat: (done: number) => void,
): Promise<Comparison> {
  const dir = mkdtempSync(join(tmpdir(), 'podium-bench-'));
  const redis = await startRedis();
  const own = store === 'Redis' ? { REDIS_URL: `redis://127.0.0.1:${redis.port}` } : {};
  const desk = await openDesk({ ...readConfig({ COMFYUI_POD_URL: NO_POD, ...own }), dataDir: dir });
  await desk.start();
  const queue = new Queue('bench', { connection: { host: '127.0.0.1', port: redis.port } });
  await queue.waitUntilReady();
  const seedFields = [{ nodeId: '2', input: 'seed' }];
  const plan = { count: JOBS, seeds: 'random' as const, seedFields };
  try {
    return await compare(
      `${JOBS} jobs as one batch on ${store} / BullMQ’s addBulk, AOF synced always`,
      {
        subject: () => timed(() => desk.batches.submit({ workflow: stepsPrompt(10, 10), plan, wait: true })),
        baseline: () =>
          timed(() =>
            queue.addBulk(Array.from({ length: JOBS }, () => ({ name: 'prompt', data: stepsPrompt(10, 10) }))),
          ),
      },
      { repeats, unit: 'ms', aim: '≤ 1', onRepeat },
    );
  } finally {
    await queue.close();
    await desk.close();
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

export function batchAcceptBench(repeats: number, onRepeat: (done: number) => void): Promise<Comparison> {
  return batchAccept('SQLite', repeats, onRepeat);
}

export function redisBatchAcceptBench(repeats: number, onRepeat: (done: number) => void): Promise<Comparison> {
  return batchAccept('Redis', repeats, onRepeat);
}
