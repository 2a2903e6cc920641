import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BatchView, SubmitBatchBody } from '../../lib/protocol/batches.ts';
import type { JobSummary } from '../../lib/protocol/jobs.ts';
import { readConfig } from '../../server/config.ts';
import { createServer, type PodiumServer } from '../../server/create-server.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { post, send, type Answer, type TestSocket } from '../support/open-test-front.ts';
import { failingPrompt, stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('batches over the API', () => {
  let dataDir: string;
  let pod: DemoPod;
  let podium: PodiumServer;
  const opened: TestSocket[] = [];
  const open = async (env: Record<string, string> = {}) => {
    const config = readConfig({ DATA_DIR: dataDir, PORT: '0', COMFYUI_POD_URL: `one=${pod.url}`, ...env });
    podium = await createServer(config, { pages: false });
    await podium.start();
    await waitUntil(() => podium.desk.runner.pod('one')?.state === 'up', 'the pod is up');
  };
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'podium-batches-'));
    pod = await createDemoPod({ stepMs: 5 });
  });
  afterEach(async () => {
    for (const socket of opened.splice(0)) socket.disconnect();
    await podium.close();
    await pod.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const ask = (path: string, options?: Parameters<typeof send>[2]) =>
    send(Number(new URL(podium.url).port), path, options);
  const batchOf = ({ json }: Answer) => json['batch'] as BatchView;
  const pixels = { nodeId: '1', input: 'width', label: 'Width', values: [64, 80, 96] };
  const body = (more: Partial<SubmitBatchBody> = {}): SubmitBatchBody => ({
    workflow: stepsPrompt(2, 5),
    name: 'sweep',
    plan: { axes: [pixels], count: 2, seeds: 'fixed' },
    ...more,
  });
  const ended = (id: string) =>
    waitUntil(async () => {
      const batch = batchOf(await ask(`/api/batches/${id}`));
      return batch.ended && batch;
    }, 'the batch has ended');

  it('B413 a batch is accepted, runs in order, is one thing on the list and shows its pictures', async () => {
    await open();
    const given = body();
    const key = { 'idempotency-key': 'one' };
    const sent = await ask('/api/batches', post(given, key));
    expect([sent.status, sent.body]).toEqual([201, expect.any(String)]);
    const made = batchOf(sent);
    expect(sent.headers['location']).toBe(`/api/batches/${made.id}`);
    expect(made).toMatchObject({ name: 'sweep', total: 6 });
    const again = await ask('/api/batches', post(given, key));
    expect([again.status, batchOf(again).id]).toEqual([200, made.id]);
    expect((await ask('/api/batches', post({ ...given, name: 'x' }, key))).status).toBe(409);

    const batch = await ended(made.id);
    expect(batch.counts).toMatchObject({ succeeded: 6 });
    expect([batch.progress, batch.pictures.length]).toEqual([100, 4]);
    expect(pod.control.runs).toHaveLength(6);
    const listed = (await ask('/api/batches')).json['batches'] as BatchView[];
    expect(listed).toEqual([batch]);
    const page = await ask(`/api/batches/${made.id}/jobs?limit=4`);
    const first = page.json['jobs'] as JobSummary[];
    const rest = await ask(`/api/batches/${made.id}/jobs?limit=4&cursor=${String(page.json['nextCursor'])}`);
    const jobs = [...first, ...(rest.json['jobs'] as JobSummary[])];
    expect(jobs.map(({ batch: place }) => place?.index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(jobs[4]?.name).toBe('sweep (5 of 6)');
    const workflow = await ask(`/api/jobs/${jobs[4]?.id ?? ''}/workflow`);
    expect(workflow.json['prompt']).toMatchObject({ '1': { inputs: { width: 96 } } });
    expect((await ask('/api/jobs?batch=none')).json['jobs']).toEqual([]);
    expect((await ask(`/api/jobs?batch=${made.id}`)).json['jobs']).toHaveLength(6);
  });

  it('B414 what cannot be taken is told by field and sentence, and nothing of it is kept', async () => {
    await open();
    const refused = async (given: unknown) => {
      const { status, json } = await ask('/api/batches', post(given));
      return [status, json['code'], json['detail']];
    };
    const steps = { nodeId: '1', input: 'height', label: 'Height', values: [64, 80] };
    expect(await refused(body({ plan: { axes: [pixels, steps], mode: 'zip' } }))).toEqual([
      400,
      'invalid_request',
      expect.stringMatching(/^Side by side, “Width” has 3 values and “Height” has 2 values/),
    ]);
    expect(await refused(body({ plan: { count: 1001 } }))).toEqual([400, 'invalid_request', expect.any(String)]);
    expect(await refused(body({ metadata: { note: 'x'.repeat(5000) } }))).toEqual([
      400,
      'invalid_request',
      'The metadata of a batch has at most 4000 characters of JSON.',
    ]);
    expect(await refused(body({ pod: 'nowhere' }))).toEqual([400, 'invalid_request', 'There is no pod "nowhere".']);
    expect(await refused(body({ workflow: {} }))).toEqual([422, 'invalid_workflow', expect.any(String)]);
    const wide = { ...pixels, values: [64, 1_000_000] };
    const [status, code, detail] = await refused(body({ plan: { axes: [wide] } }));
    expect([status, code]).toEqual([422, 'no_pod_can_run']);
    expect(detail).toMatch(/On one .*1000000|On one .*1,000,000|width/i);
    expect((await ask('/api/batches')).json['batches']).toEqual([]);
    expect((await ask('/api/batches/no-uuid')).status).toBe(400);
    for (const path of ['', '/jobs'])
      expect((await ask(`/api/batches/00000000-0000-4000-8000-000000000000${path}`)).json['code']).toBe(
        'batch_not_found',
      );
  });

  it('B414 a job that no pod can run waits where the person says so; the others run', async () => {
    await open();
    const wide = { ...pixels, values: [64, 1_000_000] };
    const made = batchOf(await ask('/api/batches', post(body({ plan: { axes: [wide] }, wait: true }))));
    const jobs = await waitUntil(async () => {
      const answer = (await ask(`/api/batches/${made.id}/jobs`)).json['jobs'] as JobSummary[];
      return answer[0]?.state === 'succeeded' && answer;
    }, 'the first job has succeeded');
    expect(jobs[1]).toMatchObject({ state: 'queued', waitsFor: expect.stringContaining('It waits for a pod') });
  });

  it('B415 the rest of a batch is cancelled, and what failed is retried, by one call each that says how many', async () => {
    await open();
    const slow = body({ workflow: stepsPrompt(400, 20), plan: { count: 40, seeds: 'fixed' } });
    const made = batchOf(await ask('/api/batches', post(slow)));
    await waitUntil(() => pod.control.runs.length > 0, 'the first one runs');
    const cancelled = await ask(`/api/batches/${made.id}/cancel`, post({}));
    expect([cancelled.status, cancelled.json['changed']]).toEqual([202, 40]);
    expect((await ended(made.id)).counts).toMatchObject({ cancelled: 40 });
    expect((await ask(`/api/batches/${made.id}/cancel`, post({}))).json['changed']).toBe(0);
    expect(pod.control.runs.length).toBeLessThan(4);

    const broken = batchOf(
      await ask('/api/batches', post(body({ workflow: failingPrompt('error'), plan: { count: 3 } }))),
    );
    expect((await ended(broken.id)).counts).toMatchObject({ failed: 3 });
    const retried = await ask(`/api/batches/${broken.id}/retry`, post({}));
    expect([retried.status, retried.json['changed']]).toEqual([202, 3]);
    expect((await ended(broken.id)).counts).toMatchObject({ failed: 3 });
  });

  it('B416 a thousand jobs are told of once; then a batch is told of at most once a second', async () => {
    await open({ START_PAUSED: '1' });
    const socket: TestSocket = io(podium.url, { transports: ['websocket'] });
    opened.push(socket);
    const told: string[] = [];
    socket.on('job:changed', ({ jobId }) => told.push(jobId));
    socket.on('batch:changed', ({ batchId }) => told.push(batchId));
    await socket.emitWithAck('jobs:watch', { filter: {} });
    const made = batchOf(await ask('/api/batches', post(body({ plan: { count: 1000, seeds: 'fixed' } }))));
    expect(made.counts).toMatchObject({ queued: 1000 });
    await waitUntil(() => told.length > 0, 'the list is told');
    await socket.emitWithAck('jobs:watch', { filter: { batch: 'none' } });
    expect(told).toEqual([made.id]);
    await ask(`/api/batches/${made.id}/cancel`, post({}));
    await waitUntil(() => told.length > 1, 'the list is told again');
    expect(new Set(told)).toEqual(new Set([made.id]));
    expect(told.length).toBeLessThan(10);
  }, 30_000);

  it('B416 a batch counts as one submission', async () => {
    await open({ SUBMITS_PER_MINUTE: '2' });
    const policy = (await ask('/api/batches', post(body()))).headers['ratelimit'];
    expect(policy).toMatch(/^"submit";r=1;/);
    await ask('/api/batches', post(body()));
    expect((await ask('/api/batches', post(body()))).status).toBe(429);
  });
});
