import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { readConfig } from '../../server/config.ts';
import { createServer } from '../../server/create-server.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { compare, median, type Comparison } from './compare.ts';

const POSTS_A_ROUND = 100;
/** Nothing listens there: jobs are accepted and wait. */
const NO_POD = 'http://127.0.0.1:9';

async function medianPostMs(url: string): Promise<number> {
  const times: number[] = [];
  for (let post = 0; post < POSTS_A_ROUND; post += 1) {
    const body = JSON.stringify({ workflow: stepsPrompt(10, 10) });
    const started = performance.now();
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    await response.arrayBuffer();
    times.push(performance.now() - started);
    if (response.status !== 201) throw new Error(`${url} answered ${response.status}`);
  }
  return median(times);
}

/** Accepting a job durably, over a bare Hono round trip that writes the body and syncs it once. */
export async function acceptBench(repeats: number, onRepeat: (done: number) => void): Promise<Comparison> {
  const dir = mkdtempSync(join(tmpdir(), 'podium-bench-'));
  const podium = await createServer(
    {
      ...readConfig({ COMFYUI_POD_URL: NO_POD, PORT: '0', LOG_LEVEL: 'silent' }),
      dataDir: join(dir, 'podium'),
    },
    { pages: false },
  );
  await podium.start();

  const file = openSync(join(dir, 'bare'), 'a');
  const bare = new Hono().post('/jobs', async (context) => {
    writeSync(file, JSON.stringify(await context.req.json()));
    fdatasyncSync(file);
    return context.json({ id: crypto.randomUUID() }, 201);
  });
  const listening = await new Promise<{ port: number; close: () => void }>((resolve) => {
    const server = serve({ fetch: bare.fetch, port: 0, hostname: '127.0.0.1' }, (info) =>
      resolve({ port: info.port, close: () => server.close() }),
    );
  });
  try {
    return await compare(
      'durable accept / bare Hono + one fdatasync',
      {
        subject: () => medianPostMs(`${podium.url}/api/jobs`),
        baseline: () => medianPostMs(`http://127.0.0.1:${listening.port}/jobs`),
      },
      { repeats, unit: 'ms a job', aim: '≤ 3', onRepeat },
    );
  } finally {
    await podium.close();
    listening.close();
    closeSync(file);
    rmSync(dir, { recursive: true, force: true });
  }
}
