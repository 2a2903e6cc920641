import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { readConfig } from '../../server/config.ts';
import { createServer } from '../../server/create-server.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { startRedis } from '../support/redis-process.ts';
import { waitUntil } from '../support/wait-until.ts';
import { compare, median, type Comparison } from './compare.ts';
import { JsonChild } from './json-child.ts';
import { machineMs } from './machine-clock.ts';
import { podsLineSchema } from './pods-lines.ts';

const JOBS_A_ROUND = 20;
/** After a job's end, so that the runner and the worker wait for the next one again. */
const IDLE_MS = 20;

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
  // In a process of its own, so that neither side's arrivals wait for what that side does after sending.
  const pod = new JsonChild('./pods-process.ts', { pods: 1, tell: true }, podsLineSchema);
  const listening = await pod.next(({ event }) => event === 'listening', 'the pod listens');
  const [podUrl = ''] = listening.event === 'listening' ? listening.urls : [];
  const redis = await startRedis();
  const podium = await createServer(
    {
      ...readConfig({
        COMFYUI_POD_URL: podUrl,
        POD_REQUESTS_PER_SECOND: '0',
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

  /** @param submit resolves to a function that tells whether the job has ended */
  const round = async (submit: () => Promise<() => Promise<boolean>>) => {
    const times: number[] = [];
    for (let job = 0; job < JOBS_A_ROUND; job += 1) {
      await sleep(IDLE_MS);
      const arrival = pod.next(({ event }) => event === 'arrived', 'the prompt arrives');
      const started = machineMs();
      const hasEnded = await submit();
      const arrived = await arrival;
      if (arrived.event === 'arrived') times.push(arrived.machineMs - started);
      await waitUntil(hasEnded, 'the job ends');
    }
    return median(times);
  };
  const subject = () =>
    round(async () => {
      const { job } = await podium.desk.service.submit({ workflow: stepsPrompt(10, 10) });
      return async () => (await podium.desk.service.get(job.id))?.state === 'succeeded';
    });
  const baseline = () =>
    round(async () => {
      const job = await queue.add('prompt', stepsPrompt(10, 10));
      return () => job.isCompleted();
    });
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
    await pod.end();
    rmSync(dir, { recursive: true, force: true });
  }
}
