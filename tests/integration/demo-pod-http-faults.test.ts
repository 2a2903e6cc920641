import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FrameLog } from '../conformance/frame-log.ts';
import { PodCaller } from '../conformance/pod-caller.ts';
import { PodBench } from '../support/pod-bench.ts';
import { stepsPrompt } from '../support/prompts.ts';

let bench: PodBench;
beforeEach(async () => {
  bench = await PodBench.open();
});
afterEach(() => bench.pod.close());

describe('faults of a POST', () => {
  it.each([
    [{ kind: 'reset-before' }, 0],
    [{ kind: 'reset-after' }, 1],
    [{ kind: 'status', status: 524, accept: true }, 1],
    [{ kind: 'status', status: 502, accept: false }, 0],
  ] as const)('B104 a POST under %j leaves %i run', async (fault, runs) => {
    bench.pod.control.failNextPost(fault);
    const id = randomUUID();
    const answer = await bench.post(id).catch(() => 'no answer');
    if (fault.kind === 'status') expect(answer).toMatchObject({ status: fault.status, contentType: 'text/html' });
    else expect(answer).toBe('no answer');
    await bench.pod.control.idle();
    expect(bench.pod.control.runs.map((run) => run.promptId)).toEqual(runs ? [id] : []);
    expect(bench.pod.control.posts).toMatchObject([
      { promptId: id, clientId: PodBench.clientId, jobId: `job-of-${id}` },
    ]);
    expect(await bench.post(randomUUID())).toMatchObject({ status: 200 });
  });

  it('B104 a hanging POST is taken, and answered never', async () => {
    bench.pod.control.failNextPost({ kind: 'hang-after' });
    const leaving = new AbortController();
    const id = randomUUID();
    const body = JSON.stringify({ prompt: stepsPrompt(1, 1), prompt_id: id });
    const answer = fetch(`${bench.pod.url}/prompt`, { method: 'POST', body, signal: leaving.signal }).catch(
      () => 'left',
    );
    expect((await bench.caller.ended(id)).status.status_str).toBe('success');
    leaving.abort();
    expect(await answer).toBe('left');
  });

  it('B104 a late answer comes after the prompt was taken', async () => {
    bench.pod.control.failNextPost({ kind: 'late', ms: 300 });
    const id = randomUUID();
    const answer = bench.post(id, 1);
    await bench.caller.ended(id);
    expect(await answer).toMatchObject({ status: 200, json: { prompt_id: id } });
  });

  it('B104 faults of POSTs are used up in the order in which they were set', async () => {
    for (const status of [429, 401]) bench.pod.control.failNextPost({ kind: 'status', status, accept: false });
    expect([
      await bench.post(randomUUID()),
      await bench.post(randomUUID()),
      await bench.post(randomUUID()),
    ]).toMatchObject([{ status: 429 }, { status: 401 }, { status: 200 }]);
  });
});

describe('faults of any request', () => {
  it('B105 an answer of a proxy stands for the paths it matches until it is ended', async () => {
    const end = bench.pod.control.fault(
      { path: /^\/(queue|history)/ },
      { kind: 'status', status: 502, headers: { 'retry-after': '7' } },
    );
    expect([
      (await bench.caller.call('GET', '/queue')).status,
      (await bench.caller.call('GET', '/api/queue')).status,
    ]).toEqual([502, 502]);
    expect((await bench.caller.call('GET', '/system_stats')).status).toBe(200);
    end();
    expect((await bench.caller.call('GET', '/queue')).status).toBe(200);
  });

  it.each([{ kind: 'reset' }, { kind: 'cut', bytes: 5 }] as const)('B105 %j leaves no whole answer', async (fault) => {
    bench.pod.control.fault({ method: 'GET' }, fault);
    await expect(bench.caller.call('GET', '/queue')).rejects.toThrow();
  });

  it('B105 a hang is answered never, a delay late', async () => {
    const end = bench.pod.control.fault({ path: '/queue' }, { kind: 'hang' });
    const asked = fetch(`${bench.pod.url}/queue`, { signal: AbortSignal.timeout(100) });
    await expect(asked).rejects.toThrow('timeout');
    end();
    bench.pod.control.fault({ path: '/queue' }, { kind: 'delay', ms: 80 });
    const before = performance.now();
    expect((await bench.caller.call('GET', '/queue')).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(75);
  });

  it('B105 raw bytes with headers of their own, once or without end', async () => {
    const body = Buffer.from('abc');
    const end = bench.pod.control.fault(
      { path: '/queue' },
      { kind: 'raw', body, headers: { 'content-type': 'text/x' } },
    );
    expect(await bench.caller.call('GET', '/queue')).toMatchObject({ status: 200, contentType: 'text/x', text: 'abc' });
    end();
    bench.pod.control.fault(
      { path: '/queue' },
      { kind: 'raw', body: Buffer.alloc(65_536), headers: {}, endless: true },
    );
    const response = await fetch(`${bench.pod.url}/queue`);
    let read = 0;
    for await (const part of Readable.fromWeb(response.body as ReadableStream)) {
      read += (part as Uint8Array).length;
      if (read > 5_000_000) break;
    }
    expect(read).toBeGreaterThan(5_000_000);
  });

  it('B106 without its headers every request and upgrade is answered 401', async () => {
    bench.pod.control.requireHeaders = { Authorization: 'Bearer key' };
    expect((await bench.caller.call('GET', '/queue')).status).toBe(401);
    await expect(FrameLog.open(bench.pod.url, PodBench.clientId)).rejects.toThrow('401');
    const headers = { authorization: 'Bearer key' };
    expect((await new PodCaller(bench.pod.url, headers).call('GET', '/queue')).status).toBe(200);
    await (await FrameLog.open(bench.pod.url, PodBench.clientId, { headers })).close();
    expect(bench.pod.control.sockets).toMatchObject({ opened: 1, upgradesRefused: 1 });
  });
});
