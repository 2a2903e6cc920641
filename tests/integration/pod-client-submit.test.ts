import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ComfyUIPodClient } from '../../server/comfy/pod-client.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import type { SettleOutcome } from '../../server/jobs/pod-client.ts';
import { startClient, submission } from '../support/pod-clients.ts';
import { failingPrompt, stepsPrompt } from '../support/prompts.ts';

const never = new AbortController().signal;
const timing = { settleDirectMs: 300, settleProxyMs: 2000, settleLookMs: 50, submitMs: 1000 };
let pod: DemoPod;
let client: ComfyUIPodClient;
const runsOf = (promptId: string) => pod.control.runs.filter((run) => run.promptId === promptId).length;

beforeEach(async () => {
  pod = await createDemoPod();
  client = startClient(pod, { timing }).client;
});
afterEach(async () => {
  await client.stop();
  await pod.close();
});

describe('what leaves', () => {
  it('B65 a submission names its id, the client and the job, and never a number or front', async () => {
    await client.probe();
    const request = submission(stepsPrompt(1, 1), { workflow: { nodes: [] }, attempt: 3 });
    expect(await client.submit(request)).toEqual({ kind: 'accepted', number: 0, warnings: [] });
    const post = pod.control.posts[0];
    expect(post?.body).toEqual({
      prompt: request.prompt,
      prompt_id: request.promptId,
      client_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      extra_data: { podium: { jobId: request.jobId, attempt: 3 }, extra_pnginfo: { workflow: { nodes: [] } } },
    });
    expect(post?.headers).not.toHaveProperty('origin');
  });
});

describe('certainly not taken', () => {
  it('B66 a refused connection is not sent', async () => {
    await pod.control.refuseConnections(true);
    const outcome = await client.submit(submission(stepsPrompt(1, 1)));
    expect(outcome).toMatchObject({ kind: 'not_sent', error: { code: 'pod_unreachable', category: 'transient' } });
  });

  it('B66 a host that does not exist is not sent', async () => {
    const lost = startClient({ url: 'http://pod.invalid:8188' }, { socket: false, timing }).client;
    expect(await lost.submit(submission(stepsPrompt(1, 1)))).toMatchObject({ kind: 'not_sent' });
    await lost.stop();
  });

  it('B66 a TLS handshake that fails is not sent', async () => {
    const secure = startClient({ url: pod.url.replace('http:', 'https:') }, { socket: false, timing }).client;
    expect(await secure.submit(submission(stepsPrompt(1, 1)))).toMatchObject({ kind: 'not_sent' });
    await secure.stop();
    expect(pod.control.posts).toHaveLength(0);
  });

  for (const status of [403, 404])
    it(`B66 ${status} with a page that is not ComfyUI's is not sent`, async () => {
      pod.control.failNextPost({ kind: 'status', status, accept: false, body: '<html>nginx</html>' });
      expect(await client.submit(submission(stepsPrompt(1, 1)))).toMatchObject({ kind: 'not_sent' });
    });

  it('B67 413 is refused, so that a prompt too large for a proxy is not offered for ever', async () => {
    pod.control.failNextPost({ kind: 'status', status: 413, accept: false, body: '<html>nginx</html>' });
    const outcome = await client.submit(submission(stepsPrompt(1, 1)));
    expect(outcome).toMatchObject({ kind: 'refused', error: { code: 'prompt_too_large', category: 'recoverable' } });
  });

  it('B66 a redirect is not followed and not sent', async () => {
    const headers = { location: 'https://example.invalid/login' };
    pod.control.failNextPost({ kind: 'status', status: 307, accept: false, headers });
    expect(await client.submit(submission(stepsPrompt(1, 1)))).toMatchObject({ kind: 'not_sent' });
    expect(pod.control.posts).toHaveLength(1);
  });

  it('B67 429 is refused, with the pause the pod asks for', async () => {
    pod.control.failNextPost({ kind: 'status', status: 429, accept: false, headers: { 'retry-after': '7' } });
    const outcome = await client.submit(submission(stepsPrompt(1, 1)));
    expect(outcome).toMatchObject({ kind: 'refused', retryAfterMs: 7000, error: { code: 'pod_busy' } });
  });

  for (const [status, contentType] of [
    [401, 'text/html'],
    [401, 'application/json'],
    [403, 'application/json'],
  ] as const)
    it(`B67 ${status} with ${contentType} is refused for the credentials`, async () => {
      pod.control.failNextPost({ kind: 'status', status, accept: false, contentType, body: '{"error":"no"}' });
      const outcome = await client.submit(submission(stepsPrompt(1, 1)));
      expect(outcome).toMatchObject({ kind: 'refused', error: { code: 'pod_unauthorized', category: 'fatal' } });
    });

  it('B67 a prompt that ComfyUI refuses is rejected, with its nodes', async () => {
    const prompt = stepsPrompt(1, 1);
    const broken = { ...prompt, '2': { class_type: 'ProbeSteps', inputs: { image: ['1', 0] } } };
    const outcome = await client.submit(submission(broken));
    expect(outcome).toMatchObject({ kind: 'rejected', error: { category: 'permanent' } });
    expect(outcome.kind === 'rejected' && Object.keys(outcome.error.nodes ?? {})).toEqual(['2']);
    expect(pod.control.runs).toHaveLength(0);
  });
});

describe('unknown', () => {
  const unknown: [string, Parameters<DemoPod['control']['failNextPost']>[0]][] = [
    ['a reset before the prompt was taken', { kind: 'reset-before' }],
    ['a reset after the prompt was taken', { kind: 'reset-after' }],
    ['no answer in time', { kind: 'hang-after' }],
    ['200 that does not parse', { kind: 'status', status: 200, accept: true, body: '{"prompt_id": "cut' }],
    ['200 with a web page', { kind: 'status', status: 200, accept: false, body: '<html>booting</html>' }],
    ...[500, 502, 503, 504, 520, 522, 524].flatMap((status): typeof unknown => [
      [`${status}, taken`, { kind: 'status', status, accept: true }],
      [`${status}, not taken`, { kind: 'status', status, accept: false }],
    ]),
  ];
  for (const [what, fault] of unknown)
    it(`B68 ${what} is unknown, and what settling finds is true`, async () => {
      pod.control.failNextPost(fault);
      const request = submission(stepsPrompt(2, 20));
      expect(await client.submit(request)).toMatchObject({ kind: 'unknown' });
      const taken = fault.kind === 'reset-after' || fault.kind === 'hang-after' || ('accept' in fault && fault.accept);
      const found: SettleOutcome = await client.settle(request.promptId, never);
      expect(found.kind).toBe(taken ? 'present' : 'absent');
      await pod.control.idle();
      expect(pod.control.posts).toHaveLength(1);
      expect(runsOf(request.promptId)).toBe(taken ? 1 : 0);
    });

  it('B68 an answer that comes late is no loss', async () => {
    pod.control.failNextPost({ kind: 'late', ms: 300 });
    expect(await client.submit(submission(stepsPrompt(1, 1)))).toMatchObject({ kind: 'accepted' });
  });
});

describe('settling', () => {
  it('B69 absence counts only after the settle time, and that is longer behind a proxy', async () => {
    pod.control.failNextPost({ kind: 'reset-before' });
    const direct = submission(stepsPrompt(1, 1));
    await client.submit(direct);
    const begun = performance.now();
    expect(await client.settle(direct.promptId, never)).toEqual({ kind: 'absent' });
    const directMs = performance.now() - begun;
    expect(directMs).toBeGreaterThanOrEqual(300);
    expect(directMs).toBeLessThan(2000);

    const headers = { 'cf-ray': '8a1', server: 'cloudflare' };
    pod.control.failNextPost({ kind: 'status', status: 524, accept: false, headers });
    const proxied = submission(stepsPrompt(1, 1));
    await client.submit(proxied);
    const begunProxied = performance.now();
    expect(await client.settle(proxied.promptId, never)).toEqual({ kind: 'absent' });
    expect(performance.now() - begunProxied).toBeGreaterThanOrEqual(2000);
  });

  it('B69 reads that fail prove no absence', async () => {
    pod.control.failNextPost({ kind: 'reset-after' });
    const request = submission(stepsPrompt(1, 1));
    await client.submit(request);
    const undo = pod.control.fault({ path: '/queue' }, { kind: 'status', status: 502 });
    const settling = client.settle(request.promptId, never);
    await expect.poll(() => pod.control.requests.filter(({ path }) => path === '/queue').length).toBeGreaterThan(2);
    undo();
    expect(await settling).toMatchObject({ kind: 'present' });
  });

  it('B69 the signal ends settling', async () => {
    await pod.control.refuseConnections(true);
    const stop = new AbortController();
    const settling = client.settle('00000000-0000-4000-8000-000000000000', stop.signal);
    stop.abort(new Error('enough'));
    await expect(settling).rejects.toThrow('enough');
  });

  it('B70 of an id that stands twice only one copy is left to run', async () => {
    const blocker = submission(stepsPrompt(40, 50));
    await client.submit(blocker);
    const twice = submission(stepsPrompt(1, 1));
    await client.submit(twice);
    await client.submit(twice);
    await client.dropDuplicate(twice.promptId);
    expect((await client.queue()).pending.map((entry) => entry.promptId)).toEqual([twice.promptId]);
    await client.cancel(blocker.promptId);
    await pod.control.idle();
    expect(runsOf(twice.promptId)).toBe(1);
  });

  it('B70 the pending copy of a prompt that has ended is deleted too', async () => {
    const twice = submission(stepsPrompt(1, 1));
    await client.submit(twice);
    await pod.control.idle();
    const blocker = submission(stepsPrompt(40, 50));
    await client.submit(blocker);
    await client.submit(twice);
    await client.dropDuplicate(twice.promptId);
    expect((await client.queue()).pending).toEqual([]);
    expect(await client.whereabouts(twice.promptId)).toMatchObject({ kind: 'ended' });
  });
});

describe('never by itself twice', () => {
  let server: Server;
  let posts = 0;
  beforeEach(async () => {
    posts = 0;
    server = createServer((request, response) => {
      if (request.method === 'POST') posts += 1;
      request.resume().on('end', () => {
        if (request.method === 'POST') response.socket?.destroy();
        else response.end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('B71 a POST whose connection breaks is not repeated', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const alone = startClient({ url }, { socket: false, timing }).client;
    expect(await alone.submit(submission(failingPrompt('error')))).toMatchObject({ kind: 'unknown' });
    await alone.probe();
    await alone.stop();
    expect(posts).toBe(1);
  });
});
