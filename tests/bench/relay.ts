import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { WebSocket, WebSocketServer } from 'ws';
import { readConfig } from '../../server/config.ts';
import { createServer } from '../../server/create-server.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';
import { BenchPod } from './bench-pod.ts';
import { compare, median, type Comparison } from './compare.ts';

const FRAMES_A_ROUND = 15;
/** Longer than the relay's own interval, so that no frame waits for the one before. */
const GAP_MS = 130;

const gap = () => new Promise((resolve) => setTimeout(resolve, GAP_MS));

/** From a pod's frame to a browser's client through Podium, over a bare `ws` pass-through. */
export async function relayBench(repeats: number, onRepeat: (done: number) => void): Promise<Comparison> {
  const dir = mkdtempSync(join(tmpdir(), 'podium-bench-'));
  const pod = new BenchPod();
  const podium = await createServer(
    {
      ...readConfig({
        COMFYUI_POD_URL: await pod.listen(),
        POD_REQUESTS_PER_SECOND: '0',
        PORT: '0',
        LOG_LEVEL: 'silent',
      }),
      dataDir: dir,
    },
    { pages: false },
  );
  await podium.start();
  await waitUntil(() => podium.desk.runner.pods()[0]?.state === 'up', 'the pod is up');
  const browser = io(podium.url, { transports: ['websocket'] });

  const source = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const middle = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const address = (server: WebSocketServer) => `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const server of [source, middle])
    if (!server.address()) await new Promise((resolve) => server.once('listening', resolve));
  const upstream = new WebSocket(address(source));
  await new Promise((resolve) => upstream.once('open', resolve));
  upstream.on('message', (data) => {
    for (const client of middle.clients) client.send(data.toString());
  });
  const viewer = new WebSocket(address(middle));
  await new Promise((resolve) => viewer.once('open', resolve));

  const subject = async () => {
    const arrival = pod.nextPrompt();
    const { job } = await podium.desk.service.submit({ workflow: stepsPrompt(1000, 10) });
    const { promptId } = await arrival;
    await browser.emitWithAck('job:watch', { jobId: job.id });
    await waitUntil(async () => (await podium.desk.service.get(job.id))?.state === 'running', 'the job runs');
    pod.send('execution_start', { prompt_id: promptId });
    const times: number[] = [];
    for (let frame = 1; frame <= FRAMES_A_ROUND; frame += 1) {
      await gap();
      const heard = new Promise<number>((resolve) => browser.once('job:progress', () => resolve(performance.now())));
      const sent = performance.now();
      pod.send('progress', { value: frame * 10, max: 1000, node: '2', prompt_id: promptId });
      times.push((await heard) - sent);
    }
    pod.finish(promptId);
    await waitUntil(async () => (await podium.desk.service.get(job.id))?.state === 'succeeded', 'the job ends');
    browser.emit('job:unwatch', { jobId: job.id }, () => undefined);
    return median(times);
  };
  const baseline = async () => {
    const times: number[] = [];
    for (let frame = 1; frame <= FRAMES_A_ROUND; frame += 1) {
      await gap();
      const heard = new Promise<number>((resolve) => viewer.once('message', () => resolve(performance.now())));
      const sent = performance.now();
      const text = JSON.stringify({ type: 'progress', data: { value: frame, max: 1000, node: '2' } });
      for (const client of source.clients) client.send(text);
      times.push((await heard) - sent);
    }
    return median(times);
  };
  try {
    return await compare(
      'relay: pod frame → browser / bare ws pass-through',
      { subject, baseline },
      { repeats, unit: 'ms', aim: '≤ 1.35', onRepeat },
    );
  } finally {
    browser.disconnect();
    viewer.terminate();
    upstream.terminate();
    source.close();
    middle.close();
    await podium.close();
    await pod.close();
    rmSync(dir, { recursive: true, force: true });
  }
}
