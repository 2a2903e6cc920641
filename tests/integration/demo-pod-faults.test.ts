import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { baseImagesPrompt } from '../../lib/workflow/base-images.ts';
import { told } from '../conformance/conformance-pod.ts';
import { FrameLog, type LoggedFrame } from '../conformance/frame-log.ts';
import { PodBench } from '../support/pod-bench.ts';
import { waitUntil } from '../support/wait-until.ts';

let bench: PodBench;
beforeEach(async () => {
  bench = await PodBench.open();
});
afterEach(() => bench.pod.close());

const types = (frames: LoggedFrame[]): string[] => frames.map((frame) => frame.type);
const isEnd = (frames: LoggedFrame[]): boolean =>
  frames.some(({ content }) => {
    const { type, data } = content as { type?: string; data?: { node?: unknown } };
    return type === 'executing' && data?.node === null;
  });

describe('faults of the socket', () => {
  it('B107 a refused upgrade has the status asked for', async () => {
    bench.pod.control.socket.refuse = 503;
    await expect(FrameLog.open(bench.pod.url, PodBench.clientId)).rejects.toThrow('503');
  });

  it('B107 silent sends nothing but answers pings, frozen not even these', async () => {
    bench.pod.control.socket.silent = true;
    const socket = new WebSocket(`${bench.pod.url.replace('http', 'ws')}/ws?clientId=${PodBench.clientId}`);
    const heard: string[] = [];
    socket.on('message', () => heard.push('frame'));
    socket.on('pong', () => heard.push('pong'));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.ping();
    await waitUntil(() => heard.includes('pong'), 'a pong comes');
    bench.pod.control.socket.silent = false;
    bench.pod.control.socket.frozen = true;
    socket.ping();
    await bench.caller.ended(await bench.posted());
    bench.pod.control.socket.frozen = false;
    await bench.caller.ended(await bench.posted());
    await waitUntil(() => heard.includes('frame'), 'a frame comes');
    expect(heard.filter((sound) => sound === 'pong')).toHaveLength(1);
    socket.terminate();
  });

  it('B107 withheld ends leave a prompt without its last frames', async () => {
    bench.pod.control.socket.withholdFinal = true;
    const log = await FrameLog.open(bench.pod.url, PodBench.clientId);
    await bench.caller.ended(await bench.posted());
    await log.until((frames) => frames.some((frame) => frame.type === 'executed'), 'the file is told');
    expect(types(log.frames)).not.toContain('execution_success');
    expect(isEnd(log.frames)).toBe(false);
  });

  it('B107 duplicated frames come twice, disordered ones all come, and the end comes last', async () => {
    const log = await FrameLog.open(bench.pod.url, PodBench.clientId);
    await bench.posted();
    await log.until(isEnd, 'the end is told');
    const plain = types(log.frames).filter((type) => type !== 'status');
    bench.pod.control.socket.duplicate = true;
    const twice = await FrameLog.open(bench.pod.url, PodBench.clientId);
    await bench.posted();
    await twice.until(
      (frames) => frames.filter((frame) => frame.type === 'execution_success').length === 2,
      'two ends',
    );
    expect(twice.ofType('progress')).toHaveLength(log.ofType('progress').length * 2);
    bench.pod.control.socket.duplicate = false;
    bench.pod.control.socket.disorder = true;
    const mixed = await FrameLog.open(bench.pod.url, PodBench.clientId);
    await bench.posted();
    await mixed.until(isEnd, 'the end is told');
    const heard = types(mixed.frames).filter((type) => type !== 'status');
    expect(heard.toSorted()).toEqual(plain.toSorted());
    expect(heard).not.toEqual(plain);
  });

  it('B107 dropped sockets end with 1006 or the code asked for', async () => {
    const first = await FrameLog.open(bench.pod.url, PodBench.clientId);
    bench.pod.control.dropSockets();
    await first.until(() => first.closeCode !== undefined, 'it is cut');
    const second = await FrameLog.open(bench.pod.url, PodBench.clientId);
    bench.pod.control.dropSockets(1012);
    await second.until(() => second.closeCode !== undefined, 'it is closed');
    expect([first.closeCode, second.closeCode]).toEqual([1006, 1012]);
  });

  it('B107 a deafened socket hears nothing more, a new one does', async () => {
    const deaf = await FrameLog.open(bench.pod.url, PodBench.clientId);
    bench.pod.control.deafen();
    const fresh = await FrameLog.open(bench.pod.url, PodBench.clientId);
    await bench.posted();
    await fresh.until(isEnd, 'the end is told');
    expect(types(deaf.frames)).toEqual(['status']);
    expect(deaf.closeCode).toBeUndefined();
  });
});

describe('faults of the worker', () => {
  it('B108 a stuck worker leaves what waits alone until it is freed', async () => {
    bench.pod.control.worker.stuck = true;
    const id = await bench.posted();
    expect(await bench.caller.queue()).toMatchObject({ running: [], pending: [id] });
    bench.pod.control.worker.stuck = false;
    expect((await bench.caller.ended(id)).status.completed).toBe(true);
  });

  it('B108 a lost interrupt is answered 200 and does nothing; the next one is heard', async () => {
    bench.pod.control.worker.interruptsLost = 1;
    const id = await bench.posted(500);
    await bench.caller.runs(id);
    expect((await bench.caller.call('POST', '/interrupt', { prompt_id: id })).status).toBe(200);
    expect((await bench.caller.queue()).running).toEqual([id]);
    await bench.caller.call('POST', '/interrupt', { prompt_id: id });
    expect((await bench.caller.ended(id)).status.messages.at(-1)?.[0]).toBe('execution_interrupted');
  });

  it('B108 history can be late, with the prompt still running, or leave a gap, with it nowhere', async () => {
    const log = await FrameLog.open(bench.pod.url, PodBench.clientId);
    bench.pod.control.worker.historyLateMs = 300;
    const late = await bench.posted();
    await log.until((frames) => types(frames).includes('execution_success'), 'success is told');
    expect([await bench.caller.history(late), (await bench.caller.queue()).running]).toEqual([undefined, [late]]);
    await bench.caller.ended(late);
    bench.pod.control.worker.historyLateMs = 0;
    bench.pod.control.worker.historyGapMs = 400;
    const heard = log.frames.length;
    const gone = await bench.posted();
    await log.until((frames) => isEnd(frames.slice(heard)), 'the end is told');
    expect([await bench.caller.history(gone), await bench.caller.queue()]).toMatchObject([
      undefined,
      { running: [], pending: [] },
    ]);
    await bench.caller.ended(gone);
  });
});

describe('the pod’s process', () => {
  it('B109 a restart cuts sockets, forgets queue and history, counts from 0 and keeps saved files', async () => {
    const done = await bench.posted();
    const file = (await bench.caller.ended(done)).outputs['3']?.images?.[0];
    const log = await FrameLog.open(bench.pod.url, PodBench.clientId);
    const running = await bench.posted(500);
    const waiting = await bench.posted(500);
    await bench.caller.runs(running);
    await bench.pod.control.restart({ downMs: 50 });
    await log.until(() => log.closeCode !== undefined, 'the socket ends');
    expect(log.closeCode).toBe(1006);
    expect(await bench.caller.queue()).toMatchObject({ running: [], pending: [] });
    expect([await bench.caller.history(done), await bench.caller.history(waiting)]).toEqual([undefined, undefined]);
    if (!file) throw new Error('nothing was saved');
    expect((await bench.caller.view(file)).response.status).toBe(200);
    expect((await bench.post(randomUUID())).json).toMatchObject({ number: 0 });
    await bench.pod.control.idle();
    expect(bench.pod.control.runs.map((run) => run.outcome)).toEqual(['success', 'lost', 'success']);
    await bench.pod.control.restart({ keepDisk: false });
    expect((await bench.caller.view(file)).response.status).toBe(404);
  });

  it('B109 a process killed while it draws neither saves nor says anything afterwards', async () => {
    const log = await FrameLog.open(bench.pod.url, PodBench.clientId);
    const prompt = baseImagesPrompt(
      { prompt: 'a city at night', width: 1024, height: 1024, steps: 1 },
      'v1-5-pruned-emaonly-fp16.safetensors',
      1,
    );
    const id = randomUUID();
    await bench.caller.post(prompt, { prompt_id: id, client_id: PodBench.clientId });
    await log.until((frames) => told(frames, id).includes('executing:8'), 'it decodes');
    await bench.pod.control.restart();
    const after = await FrameLog.open(bench.pod.url, PodBench.clientId);
    await waitUntil(() => bench.pod.control.runs[0]?.outcome === 'lost', 'the run is lost');
    const next = await bench.posted();
    await after.until(isEnd, 'the next prompt ends');
    expect([told(after.frames, id), told(after.frames, next).at(-1)]).toEqual([[], 'executing:null']);
    const file = { filename: 'podium_00001_.png', subfolder: '', type: 'output' };
    expect((await bench.caller.view(file)).response.status).toBe(404);
  });

  it('B109 refused connections come back on the same port, with the work done meanwhile', async () => {
    const id = await bench.posted(10);
    await bench.pod.control.refuseConnections(true);
    await expect(bench.caller.call('GET', '/queue')).rejects.toThrow();
    await bench.pod.control.idle();
    await bench.pod.control.refuseConnections(false);
    expect((await bench.caller.ended(id)).status.status_str).toBe('success');
  });

  it('B110 an old pod’s interrupt stops whatever runs, whatever it names', async () => {
    bench.pod.control.targetedInterrupt = false;
    const id = await bench.posted(500);
    await bench.caller.runs(id);
    await bench.caller.call('POST', '/interrupt', { prompt_id: randomUUID() });
    expect((await bench.caller.ended(id)).status.messages.at(-1)?.[0]).toBe('execution_interrupted');
  });

  it('B110 the newest pods’ cancel ends what runs and drops what waits', async () => {
    bench.pod.control.atomicCancel = true;
    const running = await bench.posted(500);
    const waiting = await bench.posted(500);
    await bench.caller.runs(running);
    for (const id of [waiting, running]) await bench.caller.call('POST', `/api/jobs/${id}/cancel`, {});
    expect((await bench.caller.ended(running)).status.messages.at(-1)?.[0]).toBe('execution_interrupted');
    await bench.pod.control.idle();
    expect(await bench.caller.history(waiting)).toBeUndefined();
    expect(bench.pod.control.runs).toHaveLength(1);
  });
});
