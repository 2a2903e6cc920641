import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobPreviewEvent, JobProgressEvent } from '../../lib/protocol/socket.ts';
import { Coalescer } from '../../server/jobs/runs/coalescer.ts';
import { createRelay, type Relay } from '../../server/relay/create-relay.ts';
import { FakeDesk } from '../support/fake-desk.ts';
import { ManualTime } from '../support/manual-time.ts';
import type { TestSocket } from '../support/open-test-front.ts';

describe('a coalescer', () => {
  it('B141 sends the first at once, then the latest of each interval, and holds nothing afterwards', () => {
    const time = new ManualTime();
    const sent: string[] = [];
    const lane = new Coalescer<number>(100, (key, value) => sent.push(`${time.now()} ${key}${value}`), time.after);
    lane.offer('a', 1);
    lane.offer('a', 2);
    lane.offer('b', 1);
    time.pass(50);
    lane.offer('a', 3);
    time.pass(60);
    lane.offer('a', 4);
    time.pass(1000);
    lane.offer('a', 5);
    expect(sent).toEqual(['0 a1', '0 b1', '100 a3', '200 a4', '1110 a5']);
    time.pass(100);
    expect(time.waiting).toBe(0);
  });

  it('B142 what waits is forgotten when something newer goes another way, and the pace is kept', () => {
    const time = new ManualTime();
    const sent: string[] = [];
    const lane = new Coalescer<number>(100, (_key, value) => sent.push(`${time.now()} ${value}`), time.after);
    lane.offer('a', 1);
    lane.offer('a', 2);
    lane.drop('a');
    time.pass(50);
    lane.offer('a', 3);
    time.pass(200);
    expect(sent).toEqual(['0 1', '100 3']);
    lane.offer('a', 4);
    lane.offer('a', 5);
    lane.stop();
    time.pass(200);
    expect(sent).toEqual(['0 1', '100 3', '250 4']);
  });
});

describe('progress on the wire', () => {
  const time = new ManualTime();
  let desk: FakeDesk;
  let relay: Relay;
  let url: string;
  const sockets: TestSocket[] = [];

  beforeEach(async () => {
    desk = new FakeDesk();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    relay = createRelay({
      server,
      jobs: desk,
      pods: desk,
      refused: async () => undefined,
      report: (error) => expect.fail(String(error)),
      after: time.after,
    });
    desk.events.add(relay);
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.disconnect();
    await relay.close();
  });

  async function open(): Promise<TestSocket> {
    const socket: TestSocket = io(url, { transports: ['websocket'], forceNew: true });
    sockets.push(socket);
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    return socket;
  }
  async function watchJob(jobId: string) {
    const socket = await open();
    const progress: JobProgressEvent[] = [];
    const previews: JobPreviewEvent[] = [];
    socket.on('job:progress', (event) => progress.push(event));
    socket.on('job:preview', (event) => previews.push(event));
    await socket.emitWithAck('job:watch', { jobId });
    return { socket, progress, previews };
  }
  async function watchList() {
    const socket = await open();
    const progress: JobProgressEvent[] = [];
    socket.on('job:progress', (event) => progress.push(event));
    await socket.emitWithAck('jobs:watch', { filter: {} });
    return { socket, progress };
  }
  /** Everything sent before this call has arrived when it resolves. */
  const settled = (socket: TestSocket) => socket.emitWithAck('pods:watch', {});

  it('B141 a minute of 1,000 reports a second is 10 a second to a job page and 1 a second to a list', async () => {
    const { id, promptId } = desk.running('fast');
    const job = await watchJob(id);
    const list = await watchList();
    for (let ms = 0; ms < 60_000; ms += 1) {
      desk.report(id, promptId, ms / 600);
      time.pass(1);
      if (ms % 1000 === 0) await Promise.all([settled(job.socket), settled(list.socket)]);
    }
    time.pass(1000);
    await Promise.all([settled(job.socket), settled(list.socket)]);
    expect(job.progress).toHaveLength(601);
    expect(list.progress).toHaveLength(61);
    const last = 59_999 / 600;
    expect([job.progress.at(-1)?.progress, list.progress.at(-1)?.progress]).toEqual([last, last]);
    expect(job.progress.map((event) => event.progress)).toEqual(
      job.progress.map((event) => event.progress).toSorted((a, b) => a - b),
    );
  });

  it('B141 many jobs at once do not starve one another', async () => {
    const running = Array.from({ length: 30 }, (_, index) => desk.running(`job ${index}`));
    const list = await watchList();
    for (let second = 0; second < 5; second += 1) {
      for (const { id, promptId } of running) desk.report(id, promptId, second);
      time.pass(1000);
      await settled(list.socket);
    }
    for (const { id } of running) expect(list.progress.filter((event) => event.jobId === id)).toHaveLength(5);
  });

  it('B142 a change of state is followed by no progress from before it', async () => {
    const { id, promptId } = desk.running('ends');
    const { socket, progress } = await watchJob(id);
    const order: string[] = [];
    socket.on('job:progress', (event) => order.push(`${event.progress} %`));
    socket.on('job:changed', (event) => order.push(event.state));
    desk.report(id, promptId, 10);
    desk.report(id, promptId, 20);
    desk.change(id, { type: 'succeed', outputs: [] });
    time.pass(5000);
    await settled(socket);
    expect(order).toEqual(['10 %', 'succeeded']);
    expect(progress).toHaveLength(1);
  });

  it('B142 a change in mid-run carries the newest progress, which the record has not yet', async () => {
    const { id, promptId } = desk.running('noted');
    const { socket } = await watchJob(id);
    const seen: (number | null)[] = [];
    socket.on('job:changed', (event) => seen.push(event.job.progress, event.detail?.progress ?? -1));
    desk.report(id, promptId, 10);
    desk.report(id, promptId, 35);
    desk.change(id, { type: 'note', kind: 'warning', detail: 'A node is slow.' });
    await settled(socket);
    expect(seen).toEqual([35, 35]);
  });

  it('B148 previews go to those who look at the job, at most four a second, the latest of them', async () => {
    const { id, promptId } = desk.running('pictures');
    const job = await watchJob(id);
    const list = await watchList();
    const inList: unknown[] = [];
    list.socket.on('job:preview', (event) => inList.push(event));
    const preview = (byte: number, size = 100) =>
      desk.events.jobPreview(id, {
        promptId,
        nodeId: '3',
        contentType: 'image/jpeg',
        bytes: new Uint8Array(size).fill(byte),
      });
    for (let ms = 0; ms < 1000; ms += 10) {
      preview(ms / 10);
      time.pass(10);
    }
    time.pass(1000);
    preview(1, 1024 * 1024);
    await Promise.all([settled(job.socket), settled(list.socket)]);
    const shown = job.previews.map(({ image, contentType, nodeId }) => [Buffer.from(image)[0], contentType, nodeId]);
    expect(shown.map(([first]) => first)).toEqual([0, 24, 49, 74, 99]);
    expect(shown[0]).toEqual([0, 'image/jpeg', '3']);
    expect(inList).toEqual([]);
  });
});
