import { gzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ComfyUIPodClient } from '../../server/comfy/pod-client.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import type { PodOutput } from '../../server/jobs/pod-events.ts';
import { accepted, followed, startClient } from '../support/pod-clients.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

let pod: DemoPod;
let client: ComfyUIPodClient;

beforeEach(async () => {
  pod = await createDemoPod();
  client = startClient(pod, { timing: { probeMs: 500, callMs: 1000, outputIdleMs: 500 } }).client;
});
afterEach(async () => {
  await client.stop();
  await pod.close();
});

const stats = { path: '/system_stats' };
const json = { 'content-type': 'application/json' };
const raw = (body: string | Buffer, headers: Record<string, string> = json) =>
  ({ kind: 'raw', body: Buffer.from(body), headers }) as const;

describe('the probe', () => {
  it('B89 tells version, memory and devices of both versions', async () => {
    for (const version of ['0.3.64', '0.8.0'] as const) {
      const own = await createDemoPod({ version });
      const asking = startClient(own).client;
      expect(await asking.probe()).toMatchObject({
        ok: true,
        stats: { version, devices: [{ type: expect.any(String) as string }] },
      });
      await asking.stop();
      await own.close();
    }
  });

  it('B89 takes a pod too old to tell its version', async () => {
    pod.control.fault(stats, raw('{"system":{"os":"posix"},"devices":[{"name":"cpu","type":"cpu","vram_total":NaN}]}'));
    const devices = [{ name: 'cpu', type: 'cpu', vramTotal: 0, vramFree: 0 }];
    expect(await client.probe()).toEqual({ ok: true, stats: { version: 'unknown', ramTotal: 0, ramFree: 0, devices } });
  });

  const rows: [string, Parameters<DemoPod['control']['fault']>[1], string][] = [
    ['502', { kind: 'status', status: 502 }, 'booting'],
    ['503', { kind: 'status', status: 503 }, 'booting'],
    ['504', { kind: 'status', status: 504 }, 'booting'],
    ['524', { kind: 'status', status: 524 }, 'booting'],
    ['404 with a page', { kind: 'status', status: 404, body: '<html>no pod</html>' }, 'booting'],
    ['403 with a page', { kind: 'status', status: 403, body: '<html>no</html>' }, 'booting'],
    ['200 with a page', { kind: 'status', status: 200, body: '<!doctype html><title>wait</title>' }, 'booting'],
    ['401', { kind: 'status', status: 401 }, 'unauthorized'],
    ['403 with JSON', { kind: 'status', status: 403, contentType: 'application/json', body: '{}' }, 'unauthorized'],
    ['404 with JSON', { kind: 'status', status: 404, contentType: 'application/json', body: '{}' }, 'not_comfyui'],
    ['a redirect', { kind: 'status', status: 302, headers: { location: 'https://example.invalid/' } }, 'not_comfyui'],
    ['JSON of another program', raw('{"hello":"world"}'), 'not_comfyui'],
    ['a reset', { kind: 'reset' }, 'unreachable'],
    ['no answer', { kind: 'hang' }, 'unreachable'],
    ['a body cut short', { kind: 'cut', bytes: 20 }, 'unreachable'],
  ];
  for (const [what, fault, kind] of rows)
    it(`B89 ${what} means ${kind}`, async () => {
      pod.control.fault(stats, fault);
      expect(await client.probe()).toMatchObject({
        ok: false,
        kind,
        reason: expect.stringContaining('The pod') as string,
      });
    });

  it('B89 a pause that the pod asks for is told', async () => {
    pod.control.fault(stats, { kind: 'status', status: 503, headers: { 'retry-after': '120' } });
    expect(await client.probe()).toMatchObject({ kind: 'booting', retryAfterMs: 120_000 });
  });
});

describe('headers', () => {
  it('B61 the extra headers of a pod go with calls and with the socket', async () => {
    pod.control.requireHeaders = { authorization: 'Bearer secret', 'x-team': 'a' };
    const headers = { Authorization: 'Bearer secret', 'X-Team': 'a', Origin: 'https://evil.invalid' };
    const allowed = startClient(pod, { headers }).client;
    const prompt = stepsPrompt(1, 1);
    await waitUntil(() => allowed.link() === 'socket', 'the socket is open');
    await followed(allowed, await accepted(allowed, prompt), prompt);
    await allowed.stop();
    expect(pod.control.requests.filter((request) => 'origin' in request.headers)).toEqual([]);
    expect(await client.probe()).toMatchObject({ kind: 'unauthorized' });
  });
});

describe('bodies', () => {
  it('B60 a gzip bomb ends in an error, not in memory', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000, ' '));
    pod.control.fault({ path: '/queue' }, raw(bomb, { ...json, 'content-encoding': 'gzip' }));
    const before = process.memoryUsage().arrayBuffers;
    await expect(client.queue()).rejects.toMatchObject({ code: 'pod_call_failed', kind: 'too_large' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(150_000_000);
  });

  it('B60 a page, a cut body and garbage are retryable errors', async () => {
    for (const fault of [
      { kind: 'status', status: 200, body: '<html></html>' },
      { kind: 'cut', bytes: 5 },
      raw('{"queue_running": '),
      raw('[]'),
    ] as const) {
      const undo = pod.control.fault({ path: '/queue' }, fault);
      await expect(client.queue()).rejects.toMatchObject({ code: 'pod_call_failed', retryable: true });
      undo();
    }
  });

  it('B60 unknown fields and rows are left out', async () => {
    const body = {
      queue_running: [[1, 'a', {}, { podium: { jobId: 'j' } }, [], { more: 1 }], 'odd'],
      queue_pending: [],
      x: 1,
    };
    pod.control.fault({ path: '/queue' }, raw(JSON.stringify(body)));
    expect(await client.queue()).toEqual({ running: [{ number: 1, promptId: 'a', jobId: 'j' }], pending: [] });
  });

  it('B62 a call that is never answered ends by itself', async () => {
    pod.control.fault({ path: '/queue' }, { kind: 'hang' });
    await expect(client.queue()).rejects.toMatchObject({ kind: 'unreachable' });
  });
});

describe('models and memory', () => {
  it('B91 lists the files of a model folder', async () => {
    expect(await client.models('checkpoints')).toContain('v1-5-pruned-emaonly-fp16.safetensors');
    await expect(client.models('no such folder')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('B91 asks the pod to free memory, with a body', async () => {
    await client.free({ unloadModels: true, freeMemory: false });
    await expect(client.free({ unloadModels: true, freeMemory: true })).resolves.toBeUndefined();
  });
});

describe('downloads', () => {
  let file: Extract<PodOutput, { kind: 'file' }>;
  beforeEach(async () => {
    const prompt = stepsPrompt(1, 1);
    const end = await followed(client, await accepted(client, prompt), prompt);
    const first = end.kind === 'succeeded' ? end.outputs[0] : undefined;
    if (first?.kind !== 'file') throw new Error('The prompt left no file');
    file = first;
  });

  it('B90 streams a file, and its rest from a byte on', async () => {
    const whole = await client.openOutput(file, 0);
    const bytes = await buffer(whole.body);
    expect(whole).toMatchObject({ offset: 0, length: bytes.length });
    const rest = await client.openOutput(file, 100);
    expect(rest).toMatchObject({ offset: 100, length: bytes.length - 100 });
    expect(await buffer(rest.body)).toEqual(bytes.subarray(100));
  });

  it('B90 a file already whole has no rest', async () => {
    const { length = 0, body } = await client.openOutput(file, 0);
    body.resume();
    const rest = await client.openOutput(file, length);
    expect([rest.offset, (await buffer(rest.body)).length]).toEqual([length, 0]);
  });

  it('B90 a cut download is an error that may be tried again', async () => {
    pod.control.fault({ path: '/view' }, { kind: 'cut', bytes: 50 });
    const { body } = await client.openOutput(file, 0);
    await expect(buffer(body)).rejects.toMatchObject({ code: 'pod_call_failed', retryable: true });
  });

  it('B90 a file that is gone is not tried again; a page in its place is', async () => {
    await expect(client.openOutput({ ...file, filename: 'gone.png' }, 0)).rejects.toMatchObject({ kind: 'not_found' });
    pod.control.fault({ path: '/view' }, { kind: 'status', status: 200, body: '<html>sign in</html>' });
    await expect(client.openOutput(file, 0)).rejects.toMatchObject({ retryable: true });
  });

  it('B90 names are sent encoded', async () => {
    const odd = { ...file, filename: 'a&b=c #1?ü.png', subfolder: 'x y/z' };
    await expect(client.openOutput(odd, 0)).rejects.toMatchObject({ kind: 'not_found' });
    const asked = new URL(pod.control.requests.at(-1)?.path ?? '', 'http://pod').searchParams;
    expect([asked.get('filename'), asked.get('subfolder'), asked.get('type')]).toEqual([
      odd.filename,
      odd.subfolder,
      'output',
    ]);
  });
});

describe('what a pod lacks', () => {
  it('B274 is told by the pod’s own description of its nodes, also to a client that was not started', async () => {
    const loader = { classType: 'CheckpointLoaderSimple', input: 'ckpt_name' };
    const present = { kind: 'model', name: 'dreamscape-xl.safetensors', ...loader } as const;
    const absent = [
      { kind: 'model', name: 'gone.safetensors', ...loader },
      { kind: 'node_type', name: 'NoSuchNode' },
    ] as const;
    const unstarted = new ComfyUIPodClient({ baseUrl: pod.url });
    expect(await unstarted.lacks([present, ...absent])).toEqual(absent);
    await unstarted.close();
  });
});
