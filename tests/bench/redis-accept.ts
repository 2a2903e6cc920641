import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { readConfig } from '../../server/config.ts';
import { openDesk } from '../../server/create-desk.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { startRedis } from '../support/redis-process.ts';
import { compare, type Comparison } from './compare.ts';
import { each } from './each.ts';

const JOBS_A_ROUND = 1000;
const IN_FLIGHT = 32;
/** Nothing listens there: jobs are accepted and wait. */
const NO_POD = 'http://127.0.0.1:9';

async function jobsASecond(accept: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await each(JOBS_A_ROUND, IN_FLIGHT, accept);
  return JOBS_A_ROUND / ((performance.now() - started) / 1000);
}

/** Jobs accepted a second by the service over Redis, over BullMQ's `add` of the same prompts to the same Redis. */
export async function redisAcceptBench(repeats: number, onRepeat: (done: number) => void): Promise<Comparison> {
  const dir = mkdtempSync(join(tmpdir(), 'podium-bench-'));
  const redis = await startRedis();
  const desk = await openDesk({
    ...readConfig({ COMFYUI_POD_URL: NO_POD, REDIS_URL: `redis://127.0.0.1:${redis.port}` }),
    dataDir: dir,
  });
  await desk.start();
  const queue = new Queue('bench', { connection: { host: '127.0.0.1', port: redis.port } });
  await queue.waitUntilReady();
  try {
    return await compare(
      `accept on Redis, AOF synced always, ${IN_FLIGHT} in flight / BullMQ’s add`,
      {
        subject: () => jobsASecond(() => desk.service.submit({ workflow: stepsPrompt(10, 10) })),
        baseline: () => jobsASecond(() => queue.add('prompt', stepsPrompt(10, 10))),
      },
      { repeats, unit: 'jobs/s', aim: '≥ 1.0', onRepeat },
    );
  } finally {
    await queue.close();
    await desk.close();
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
