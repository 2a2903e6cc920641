import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { createServer, type PodiumServer } from '../../server/create-server.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { post, send, type TestSocket } from '../support/open-test-front.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

let dataDir: string;
let demoPod: DemoPod;
let podium: PodiumServer;
const open = async () => {
  const server = await createServer(readConfig({ DATA_DIR: dataDir, PORT: '0' }), { pages: false, demoPod });
  await server.start();
  return server;
};
const portOf = () => Number(new URL(podium.url).port);

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'podium-whole-'));
  demoPod = await createDemoPod({ stepMs: 5 });
  podium = await open();
});
afterEach(async () => {
  await podium.close();
  await demoPod.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it('B120 a job is submitted, followed live, finished and its picture fetched, and is all there after a restart', async () => {
  const socket: TestSocket = io(podium.url, { transports: ['websocket'] });
  const told: string[] = [];
  const bar: number[] = [];
  socket.on('job:changed', (event) => told.push(event.state));
  socket.on('job:progress', (event) => bar.push(event.progress));
  await socket.emitWithAck('jobs:watch', { filter: {} });
  const options = post({ workflow: stepsPrompt(20, 20), name: 'whole' }, { 'idempotency-key': 'whole-1' });
  const submitted = await send(portOf(), '/api/jobs', options);
  expect(submitted.status).toBe(201);
  const { id } = submitted.json['job'] as { id: string };
  const watched = await socket.emitWithAck('job:watch', { jobId: id });
  expect(watched).toMatchObject({ job: { id, name: 'whole' } });
  await waitUntil(() => told.at(-1) === 'succeeded', 'the socket tells of its success');
  expect(told[0]).toBe('queued');
  expect(bar.length).toBeGreaterThan(1);
  expect(bar).toEqual(bar.toSorted((a, b) => a - b));

  const job = (await send(portOf(), `/api/jobs/${id}`)).json['job'] as {
    progress: number;
    outputs: { url: string; bytes: number }[];
  };
  expect(job.progress).toBe(100);
  const [output] = job.outputs;
  if (!output) throw new Error('the job has an output');
  const file = await fetch(podium.url + output.url);
  const bytes = Buffer.from(await file.arrayBuffer());
  expect([file.headers.get('content-type'), bytes.length]).toEqual(['image/png', output.bytes]);
  const part = await fetch(podium.url + output.url, { headers: { range: 'bytes=1-3' } });
  expect([part.status, await part.text()]).toEqual([206, 'PNG']);
  expect((await fetch(podium.url + output.url, { method: 'HEAD' })).headers.get('content-length')).toBe(
    String(output.bytes),
  );
  const small = await fetch(`${podium.url}${output.url}/thumbnail?w=32`);
  expect([small.status, small.headers.get('content-type')]).toEqual([200, 'image/webp']);
  expect((await send(portOf(), '/metrics')).body).toMatch(/podium_job_finish_seconds_count\{state="succeeded"\} 1/);

  socket.disconnect();
  await podium.close();
  podium = await open();
  expect((await send(portOf(), `/api/jobs/${id}`)).json['job']).toEqual(job);
  const again = await send(portOf(), '/api/jobs', options);
  expect([again.status, (again.json['job'] as { id: string }).id]).toEqual([200, id]);
  expect(Buffer.from(await (await fetch(podium.url + output.url)).arrayBuffer()).equals(bytes)).toBe(true);
});

it('B146 a server whose port is taken says so and can be closed', async () => {
  const second = await createServer(readConfig({ DATA_DIR: join(dataDir, 'second'), PORT: String(portOf()) }), {
    pages: false,
    demoPod,
  });
  await expect(second.start()).rejects.toThrow('EADDRINUSE');
  await second.close();
  expect((await send(portOf(), '/healthz')).status).toBe(200);
});

it('B146 a stop in the middle of everything takes a moment, and what was accepted goes on afterwards', async () => {
  const socket: TestSocket = io(podium.url, { transports: ['websocket'], reconnection: false });
  await socket.emitWithAck('jobs:watch', { filter: {} });
  const submitted = await send(portOf(), '/api/jobs', post({ workflow: stepsPrompt(40, 50) }));
  const { id } = submitted.json['job'] as { id: string };
  await waitUntil(async () => (await podium.desk.service.get(id))?.state === 'running', 'the job runs');
  const gone = new Promise<void>((resolve) => socket.once('disconnect', () => resolve()));
  const before = performance.now();
  await podium.close();
  expect(performance.now() - before).toBeLessThan(9000);
  await gone;
  podium = await open();
  const ended = await waitUntil(async () => {
    const job = await podium.desk.service.get(id);
    return job?.endedAt !== undefined && job;
  }, 'the job ends');
  expect([ended.state, ended.attempts.length]).toEqual(['succeeded', 1]);
});
