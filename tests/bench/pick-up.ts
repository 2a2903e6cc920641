import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue, Worker } from 'bullmq';
import { readConfig } from '../../server/config.ts';
import { createServer } from '../../server/create-server.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { startRedis } from '../support/redis-process.ts';
import { waitUntil } from '../support/wait-until.ts';
import { BenchPod } from './bench-pod.ts';
import { compare, median, type Comparison } from './compare.ts';

const JOBS_A_ROUND = 20;

/** From a job's submission to its POST at an idle pod, over BullMQ's `add` to a worker that posts the same. */
export function pickUpBench(repeats: number, onRepeat: (done: number) => void): Promise<Comparison> {
  return compareStore('SQLite', repeats, onRepeat);
}

/** The same, with Podium's jobs in the Redis that BullMQ uses. */
export function redisPickUpBench(repeats: number, onRepeat: (done: number) => void): Promise<Comparison> {
  return compareStore('Redis', repeats, onRepeat);
}

async function compareStore(
  store: 'SQLite' | 'Redis',
  repeats: number,
  onRepeat: (done: number) => void,
): Promise<Comparison> {
  const dir = mkdtempSync(join(tmpdir(), 'podium-bench-'));
  const pod = new BenchPod();
  const podUrl = await pod.listen();
  const redis = await startRedis();
  const podium = await createServer(
    {
      ...readConfig({
        COMFYUI_POD_URL: podUrl,
        PORT: '0',
        LOG_LEVEL: 'silent',
        ...(store === 'Redis' && { REDIS_URL: `redis://127.0.0.1:${redis.port}` }),
      }),
      dataDir: dir,
    },
    { pages: false },
  );
  await podium.start();
  await waitUntil(() => podium.desk.runner.pods()[0]?.state === 'up', 'the pod is up');

  const connection = { host: '127.0.0.1', port: redis.port, maxRetriesPerRequest: null };
  const queue = new Queue('bench', { connection });
  const worker = new Worker(
    'bench',
    async (job) => {
      const prompt = { prompt: job.data as unknown, prompt_id: crypto.randomUUID() };
      const answer = await fetch(`${podUrl}/prompt`, { method: 'POST', body: JSON.stringify(prompt) });
      await answer.arrayBuffer();
    },
    { connection },
  );
  await worker.waitUntilReady();
  await queue.waitUntilReady();

  const subject = async () => {
    const times: number[] = [];
    for (let round = 0; round < JOBS_A_ROUND; round += 1) {
      const arrival = pod.nextPrompt();
      const started = performance.now();
      const { job } = await podium.desk.service.submit({ workflow: stepsPrompt(10, 10) });
      const { atMs, promptId } = await arrival;
      times.push(atMs - started);
      pod.finish(promptId);
      await waitUntil(async () => (await podium.desk.service.get(job.id))?.state === 'succeeded', 'the job ends');
    }
    return median(times);
  };
  const baseline = async () => {
    const times: number[] = [];
    for (let round = 0; round < JOBS_A_ROUND; round += 1) {
      const arrival = pod.nextPrompt();
      const started = performance.now();
      await queue.add('prompt', stepsPrompt(10, 10));
      const { atMs, promptId } = await arrival;
      times.push(atMs - started);
      pod.finish(promptId);
    }
    return median(times);
  };
  try {
    return await compare(
      `pick-up on ${store}: submit → POST at an idle pod / BullMQ`,
      { subject, baseline },
      { repeats, unit: 'ms', aim: '≤ 0.5', onRepeat },
    );
  } finally {
    await worker.close();
    await queue.close();
    await podium.close();
    await redis.stop();
    await pod.close();
    rmSync(dir, { recursive: true, force: true });
  }
}
