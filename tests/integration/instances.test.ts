import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig, type Config } from '../../server/config.ts';
import { openDesk, type Desk } from '../../server/create-desk.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { startRedis } from '../support/redis-process.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

const LEASE_MS = 600;

describe('several instances over one Redis', { timeout: 90_000 }, () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let dataDir: string;
  let pods: DemoPod[];
  const desks: Desk[] = [];
  beforeEach(async () => {
    redis = await startRedis();
    dataDir = mkdtempSync(join(tmpdir(), 'podium-instances-'));
    pods = await Promise.all([createDemoPod({ stepMs: 20 }), createDemoPod({ stepMs: 20 })]);
  });
  afterEach(async () => {
    await Promise.all(desks.splice(0).map((desk) => desk.close()));
    await Promise.all(pods.map((pod) => pod.close()));
    await redis.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function instance(more: Partial<Config> = {}): Promise<Desk> {
    const urls = pods.map((pod, index) => `pod-${index}=${pod.url}`).join(',');
    const env = { COMFYUI_POD_URL: urls, REDIS_URL: `redis://127.0.0.1:${redis.port}/0`, LEASE_MS: String(LEASE_MS) };
    const desk = await openDesk({ ...readConfig(env), dataDir, retryBackoffBaseMs: 20, ...more });
    desks.push(desk);
    await desk.start();
    return desk;
  }
  const driven = (desk: Desk) => desk.runner.driven().map(({ id }) => id);
  const ready = (...all: Desk[]) =>
    waitUntil(
      () =>
        all.every((desk) => driven(desk).length === 2 / all.length) &&
        all.every((desk) => desk.runner.pods().every(({ state }) => state === 'up')),
      'the pods are shared evenly and known to be up everywhere',
    );
  const ends = (desk: Desk, id: string, state = 'succeeded') =>
    waitUntil(async () => (await desk.service.get(id))?.state === state, `job ${id} is ${state}`, 60_000);
  const runs = () => pods.flatMap((pod) => pod.control.runs);

  it('B260 share the pods, and every job runs once wherever it was submitted', async () => {
    const [one, two] = [await instance(), await instance()];
    await ready(one, two);
    const jobs = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        (index % 2 ? one : two).service.submit({ workflow: stepsPrompt(3, 10) }),
      ),
    );
    for (const { job } of jobs) await ends(one, job.id);
    expect(runs()).toHaveLength(12);
    const used = new Set((await one.service.list({ filter: {}, limit: 50 })).jobs.map((job) => job.podId));
    expect(used).toEqual(new Set(['pod-0', 'pod-1']));
  });

  it('B262 hand over at a stop, and the heir goes on where the bar was', async () => {
    const [one, two] = [await instance(), await instance()];
    await ready(one, two);
    const [podId = ''] = driven(one);
    const { job } = await two.service.submit({ workflow: stepsPrompt(60, 40), pod: podId });
    await waitUntil(async () => ((await two.service.get(job.id))?.progress ?? 0) > 20, 'it is at 20 %');
    const seen: number[] = [];
    two.events.add({ jobProgress: (id, { percent }) => id === job.id && seen.push(percent) });
    await one.close();
    desks.splice(desks.indexOf(one), 1);
    await ends(two, job.id);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(20);
    expect(runs()).toHaveLength(1);
    const ended = await two.service.get(job.id);
    expect(ended?.timeline.map(({ kind }) => kind)).toContain('reattached');
    expect(ended?.attempts).toHaveLength(1);
  });

  it('B260 take a cancel from any instance', async () => {
    const [one, two] = [await instance(), await instance()];
    await ready(one, two);
    const [podId = ''] = driven(one);
    const { job } = await one.service.submit({ workflow: stepsPrompt(200, 40), pod: podId });
    await ends(one, job.id, 'running');
    await two.service.cancel(job.id);
    await ends(two, job.id, 'cancelled');
    await waitUntil(() => runs().every(({ endedAt }) => endedAt !== undefined), 'the pod has stopped');
    expect(runs()).toHaveLength(1);
  });

  it('B260 take one idempotency key for one job', async () => {
    const [one, two] = [await instance(), await instance()];
    await ready(one, two);
    const workflow = stepsPrompt(2, 5);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => (index % 2 ? one : two).service.submit({ workflow }, 'key')),
    );
    expect(new Set(answers.map(({ job }) => job.id)).size).toBe(1);
    expect(answers.filter(({ kind }) => kind === 'created')).toHaveLength(1);
  });
});
