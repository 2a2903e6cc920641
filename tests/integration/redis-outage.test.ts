import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readConfig } from '../../server/config.ts';
import { createServer, type PodiumServer } from '../../server/create-server.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { startRedis, type RedisProcess } from '../support/redis-process.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

const accepted = z.object({ job: z.object({ id: z.string() }) });

describe('Podium while Redis is away', () => {
  let redis: RedisProcess;
  let dataDir: string;
  let pod: DemoPod;
  let server: PodiumServer;
  beforeEach(async () => {
    redis = await startRedis();
    dataDir = mkdtempSync(join(tmpdir(), 'podium-outage-'));
    pod = await createDemoPod({ stepMs: 20 });
    const config = readConfig({ COMFYUI_POD_URL: `pod=${pod.url}`, REDIS_URL: redis.url, PORT: '0', LEASE_MS: '600' });
    server = await createServer({ ...config, dataDir }, { pages: false });
    await server.start();
    await waitUntil(() => server.desk.runner.pod('pod')?.state === 'up', 'the pod is up');
  });
  afterEach(async () => {
    await server.close();
    await pod.close();
    await redis.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const post = (steps: number) =>
    fetch(`${server.url}/api/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ workflow: stepsPrompt(steps, 20) }),
    });
  const submit = async (steps: number) => accepted.parse(await (await post(steps)).json()).job.id;
  const stateOf = async (id: string) => (await server.desk.service.get(id).catch(() => undefined))?.state;
  const isReady = async () => (await fetch(`${server.url}/readyz`)).status === 200;

  it('B210 takes nothing in, says when to come back, and writes the end of what ran when it is back', async () => {
    const running = await submit(400);
    await waitUntil(async () => (await stateOf(running)) === 'running', 'it runs');
    const progress: number[] = [];
    server.desk.events.add({ jobProgress: (_id, { percent }) => progress.push(percent) });
    await redis.kill();
    const refused = await post(2);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const readyz = await fetch(`${server.url}/readyz`);
    expect(readyz.status).toBe(503);
    expect(Number(readyz.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    progress.length = 0;
    await pod.control.idle();
    expect(progress.length).toBeGreaterThan(0);
    await redis.start();
    await waitUntil(async () => (await stateOf(running)) === 'succeeded', 'its end is written');
    await waitUntil(isReady, 'it is ready again');
    const next = await submit(2);
    await waitUntil(async () => (await stateOf(next)) === 'succeeded', 'it works again');
    expect(pod.control.runs).toHaveLength(2);
    expect((await server.desk.service.list({ filter: {}, limit: 10 })).jobs).toHaveLength(2);
  }, 60_000);

  it('B210 bears a Redis that does not answer', async () => {
    redis.freeze();
    expect((await post(2)).status).toBe(503);
    redis.thaw();
    await waitUntil(isReady, 'it is ready again');
    const next = await submit(2);
    await waitUntil(async () => (await stateOf(next)) === 'succeeded', 'it works again');
    await pod.control.idle();
    const kept = (await server.desk.service.list({ filter: {}, limit: 10 })).jobs.map(({ id }) => id);
    expect(kept).toEqual([next]);
    expect(pod.control.runs).toHaveLength(1);
  }, 60_000);

  it('B210 starts without Redis, answers 503, and works as soon as there is one', async () => {
    await server.close();
    await redis.kill();
    const config = readConfig({ COMFYUI_POD_URL: `pod=${pod.url}`, REDIS_URL: redis.url, PORT: '0', LEASE_MS: '600' });
    server = await createServer({ ...config, dataDir }, { pages: false });
    const started = server.start();
    const refused = await waitUntil(async () => {
      const answer = await post(2).catch(() => undefined);
      return answer?.status === 503 && answer;
    }, 'it answers');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await redis.start();
    await started;
    await waitUntil(isReady, 'it is ready');
    const next = await submit(2);
    await waitUntil(async () => (await stateOf(next)) === 'succeeded', 'it works');
  }, 60_000);
});
