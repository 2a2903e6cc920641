import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../server/config.ts';
import { openDesk, type Desk } from '../../server/create-desk.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { startRedis } from '../support/redis-process.ts';
import { waitUntil } from '../support/wait-until.ts';
import { compare, type Comparison } from './compare.ts';

const PODS = 50;
const JOBS_A_POD = 20;
const JOBS = PODS * JOBS_A_POD;
/** Asked by the first health probe, which begins as soon as it is known what the pod has; so is one more `/queue`. */
const HEALTH = ['/system_stats', '/models/checkpoints'];
/** Longer than the bench: what is in flight stays there. */
const STEP_MS = 60_000;
const WITHIN_MS = 180_000;

/** From the start of a Podium to all jobs that were in flight being followed again, over reading the pods one by one. */
export function reattachBench(repeats: number, onRepeat: (done: number) => void): Promise<Comparison> {
  return reattach('SQLite', undefined, repeats, onRepeat);
}

export async function redisReattachBench(repeats: number, onRepeat: (done: number) => void): Promise<Comparison> {
  const redis = await startRedis();
  try {
    return await reattach('Redis', `redis://127.0.0.1:${redis.port}`, repeats, onRepeat);
  } finally {
    await redis.stop();
  }
}

async function reattach(
  store: string,
  redisUrl: string | undefined,
  repeats: number,
  onRepeat: (done: number) => void,
): Promise<Comparison> {
  const dataDir = mkdtempSync(join(tmpdir(), 'podium-bench-'));
  const pods = await Promise.all(Array.from({ length: PODS }, () => createDemoPod({ stepMs: STEP_MS })));
  const open = () =>
    openDesk({
      ...readConfig({
        COMFYUI_POD_URL: pods.map(({ url }, nth) => `pod-${nth}=${url}`).join(','),
        POD_SLOTS: String(JOBS_A_POD),
        POD_REQUESTS_PER_SECOND: '0',
        LOG_LEVEL: 'silent',
        ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
      }),
      dataDir,
    });
  const calls: number[] = [];
  const reads: number[] = [];
  let desk = await open();
  try {
    await fill(desk, pods);
    const subject = async () => {
      await desk.close();
      desk = await open();
      const before = pods.map(({ control }) => control.requests.length);
      const all = allFollowed(desk, (nth) => {
        const paths = (pods[nth]?.control.requests ?? []).slice(before[nth]).map(({ path }) => path);
        calls.push(paths.length);
        reads.push(paths.filter((path) => !HEALTH.includes(path)).length);
      });
      const started = performance.now();
      await desk.start();
      await all;
      return performance.now() - started;
    };
    const baseline = async () => {
      const started = performance.now();
      let seen = 0;
      for (const { url } of pods)
        for (const path of ['/queue', `/history?max_items=${4 * JOBS_A_POD}`]) {
          const answer = (await (await fetch(url + path)).json()) as Record<string, unknown[]>;
          seen += (answer['queue_running']?.length ?? 0) + (answer['queue_pending']?.length ?? 0);
        }
      if (seen !== JOBS) throw new Error(`The pods hold ${seen} prompts instead of ${JOBS}`);
      return performance.now() - started;
    };
    const comparison = await compare(
      `start → ${JOBS} jobs on ${PODS} pods followed again (${store}) / reading the pods one after the other`,
      { subject, baseline },
      { repeats, unit: 'ms', aim: '≤ 2000 ms and ≤ 3 calls a pod', onRepeat },
    );
    const range = (counts: readonly number[]) => `${Math.min(...counts)}–${Math.max(...counts)}`;
    const note = `calls a pod until its jobs are followed again: ${range(reads)}, with its first health probe ${range(calls)}`;
    return { ...comparison, notes: [note] };
  } finally {
    await desk.close();
    await Promise.all(pods.map((pod) => pod.close()));
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function fill(desk: Desk, pods: readonly DemoPod[]): Promise<void> {
  await desk.start();
  for (let job = 0; job < JOBS; job += 1)
    await desk.service.submit({ workflow: stepsPrompt(1000, STEP_MS), pod: `pod-${job % PODS}` });
  const taken = () => pods.reduce((sum, { control }) => sum + control.posts.length, 0);
  await waitUntil(() => taken() === JOBS, 'the pods hold all jobs', WITHIN_MS);
  await waitUntil(async () => (await desk.store.counts()).running === JOBS, 'all jobs run', WITHIN_MS);
}

/** Resolves once each job's record says that it is followed again; `onPod` is called with each pod whose jobs all are. */
function allFollowed(desk: Desk, onPod: (nth: number) => void): Promise<void> {
  const followed = new Set<string>();
  const left = new Map(Array.from({ length: PODS }, (_, nth) => [`pod-${nth}`, JOBS_A_POD]));
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`Only ${followed.size} jobs are followed again`)), WITHIN_MS);
    desk.events.add({
      jobChanged: (job) => {
        if (job.state !== 'running' || job.timeline.at(-1)?.kind !== 'reattached' || followed.has(job.id)) return;
        followed.add(job.id);
        const more = (left.get(job.podId) ?? 0) - 1;
        left.set(job.podId, more);
        if (more === 0) onPod(Number(job.podId.slice('pod-'.length)));
        if (followed.size < JOBS) return;
        clearTimeout(late);
        resolve();
      },
    });
  });
}
