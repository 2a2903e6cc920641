import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '../support/redis-process.ts';
import { waitUntil } from '../support/wait-until.ts';
import { compare, type Comparison } from './compare.ts';
import { deskLineSchema, type DeskLine, type DeskProcessOptions } from './desk-lines.ts';
import { JsonChild } from './json-child.ts';
import { podsLineSchema } from './pods-lines.ts';

const PODS = 12;
const INSTANCES = 3;
/** Divisible by the number of instances, as are the submissions in flight. */
const JOBS_A_ROUND = 300;
const IN_FLIGHT = 33;
const ROUND_MS = 120_000;
/** Of each instance before anything is measured: a third of the jobs must not mean a third as well compiled. */
const WARM_UP_JOBS = 500;

/** A studio of its own: Redis, pods that end prompts at once, and so many instances that share them. */
async function openStudio(instances: number) {
  const dir = mkdtempSync(join(tmpdir(), 'podium-bench-'));
  const redis = await startRedis();
  const pods = new JsonChild('./pods-process.ts', { pods: PODS, tell: false }, podsLineSchema);
  const listening = await pods.next(({ event }) => event === 'listening', 'the pods listen');
  const options: DeskProcessOptions = {
    redisUrl: `redis://127.0.0.1:${redis.port}`,
    dataDir: dir,
    podUrls: listening.event === 'listening' ? listening.urls : [],
    slots: 2,
    progress: false,
  };
  const desks: JsonChild<DeskLine>[] = [];
  for (let index = 0; index < instances; index += 1) {
    const desk = new JsonChild('./desk-process.ts', options, deskLineSchema);
    await desk.next(({ event }) => event === 'ready', 'an instance is ready');
    desks.push(desk);
  }
  await waitUntil(
    async () => {
      const answers = await Promise.all(desks.map((desk) => desk.ask({ do: 'driven' }, 'driven')));
      return answers.every((answer) => answer.event === 'driven' && answer.pods.length === PODS / instances);
    },
    'the pods are spread evenly',
    ROUND_MS,
  );
  await Promise.all(
    desks.map((desk) => desk.ask({ do: 'run', count: WARM_UP_JOBS, inFlight: IN_FLIGHT / instances }, 'ran', ROUND_MS)),
  );
  let jobs = 0;
  let twice = 0;
  return {
    /** Every instance submits its part of the jobs. @returns jobs a second, until all have ended */
    async round(): Promise<number> {
      const started = performance.now();
      const share = { do: 'run', count: JOBS_A_ROUND / instances, inFlight: IN_FLIGHT / instances };
      await Promise.all(desks.map((desk) => desk.ask(share, 'ran', ROUND_MS)));
      const rate = JOBS_A_ROUND / ((performance.now() - started) / 1000);
      const counted = await pods.ask({}, 'counted');
      if (counted.event === 'counted') {
        jobs += counted.jobs;
        twice += counted.twice;
      }
      return rate;
    },
    counted: () => ({ jobs, twice }),
    async end() {
      await Promise.all([pods, ...desks].map((child) => child.end()));
      await redis.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Jobs a second from submission to their end, by three instances that share one Redis and its pods, over one instance. */
export async function instancesBench(repeats: number, onRepeat: (done: number) => void): Promise<Comparison> {
  const [three, one] = [await openStudio(INSTANCES), await openStudio(1)];
  try {
    const comparison = await compare(
      `${INSTANCES} instances / 1 instance, ${PODS} pods that end prompts at once`,
      { subject: () => three.round(), baseline: () => one.round() },
      { repeats, unit: 'jobs/s', aim: '≥ 0.9', onRepeat },
    );
    const { jobs, twice } = three.counted();
    return { ...comparison, notes: [`${twice} of ${jobs} jobs posted twice by ${INSTANCES} instances   aim 0`] };
  } finally {
    await three.end();
    await one.end();
  }
}
