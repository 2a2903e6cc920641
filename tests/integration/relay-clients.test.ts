import { connect } from 'node:net';
import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WIRE_VERSION } from '../../lib/protocol/version.ts';
import { MAX_JOB_WATCHES, MAX_REQUESTS } from '../../server/relay/requests.ts';
import { openTestFront, type TestFront, type TestSocket } from '../support/open-test-front.ts';
import { openTcpProxy } from '../support/tcp-proxy.ts';
import { waitUntil } from '../support/wait-until.ts';

let front: TestFront;
beforeEach(async () => {
  front = await openTestFront();
});
afterEach(() => front.close());

const codeOf = (answer: unknown) => (answer as { error?: { code: string } }).error?.code;

describe('many clients', () => {
  it('B142 200 browsers are each told every one of 100 changes, in order', async () => {
    const jobs = Array.from({ length: 10 }, (_, index) => front.desk.running(`job ${index}`).id);
    const clients = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        // Every tenth comes by polling, as behind a proxy that knows no WebSocket.
        const socket = await front.connected({ transports: [index % 10 === 0 ? 'polling' : 'websocket'] });
        const told: string[] = [];
        socket.on('job:changed', (event) => told.push(`${event.jobId} ${event.job.revision}`));
        const jobId = jobs[index % jobs.length] ?? '';
        if (index % 2 === 0) await socket.emitWithAck('job:watch', { jobId });
        await socket.emitWithAck('jobs:watch', { filter: {} });
        return told;
      }),
    );
    const made: string[] = [];
    for (let change = 0; change < 100; change += 1) {
      const id = jobs[change % jobs.length] ?? '';
      const job = front.desk.change(id, { type: 'note', kind: 'warning', detail: `warning ${change}` });
      made.push(`${id} ${job.revision}`);
      for (const other of jobs) front.desk.report(other, randomUUID(), change);
    }
    await waitUntil(() => clients.every((told) => told.length >= made.length), 'all are told', 20_000);
    for (const told of clients) expect(told).toEqual(made);
  });
});

describe('a browser that stops reading', () => {
  /** The TCP socket below a client of Node. */
  const lineOf = (socket: TestSocket) =>
    (socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }).ws._socket;

  it('B143 is cut before it costs more than some megabytes, while others go on, and catches up', async () => {
    const big = { metadata: { text: 'x'.repeat(60_000) } };
    const { id } = front.desk.add('big', big);
    const stuck = await front.connected();
    const well = await front.connected();
    const told: number[] = [];
    well.on('job:changed', (event) => told.push(event.job.revision));
    await stuck.emitWithAck('job:watch', { jobId: id });
    await well.emitWithAck('job:watch', { jobId: id });
    const lines = () => front.connections();
    expect(await lines()).toBe(2);

    lineOf(stuck).pause();
    front.desk.change(id, { type: 'claim', podId: 'pod-1', promptId: randomUUID() });
    let made = 1;
    await waitUntil(
      async () => {
        front.desk.change(id, { type: 'note', kind: 'warning', detail: `warning ${made}` });
        made += 1;
        return (await lines()) === 1;
      },
      'the stuck client is cut',
      20_000,
    );
    await waitUntil(() => told.length === made, 'the other one was told everything');

    const back = new Promise<void>((resolve) => stuck.once('connect', () => resolve()));
    lineOf(stuck).resume();
    await back;
    const caughtUp = await stuck.emitWithAck('job:watch', { jobId: id });
    if ('error' in caughtUp) throw new Error(caughtUp.error.message);
    expect(caughtUp.job.revision).toBe(front.desk.jobs.get(id)?.revision);
  });
});

describe('what a client may ask', () => {
  it('B144 anything malformed is refused in the acknowledgement', async () => {
    const socket = await front.connected();
    const ask = (name: string, body: unknown) =>
      (socket as unknown as { emitWithAck(name: string, body: unknown): Promise<unknown> }).emitWithAck(name, body);
    for (const body of [undefined, null, 7, 'x', [], {}, { jobId: 'x' }, { jobId: { $gt: '' } }])
      expect([body, codeOf(await ask('job:watch', body))]).toEqual([body, 'invalid_request']);
    for (const filter of [undefined, { state: ['flying'] }, { q: 'x'.repeat(201) }, { state: 'running' }])
      expect([filter, codeOf(await ask('jobs:watch', { filter }))]).toEqual([filter, 'invalid_request']);
    expect(codeOf(await ask('job:watch', { jobId: randomUUID() }))).toBe('job_not_found');
    expect(socket.connected).toBe(true);
    socket.emit('jobs:watch', { filter: {} }, undefined as never);
    expect(codeOf(await ask('pods:watch', {}))).toBeUndefined();
    expect(front.errors).toEqual([]);
  });

  it('B144 a store that is away is told, and the watch works when it is back', async () => {
    const socket = await front.connected();
    const { id } = front.desk.add('later');
    front.desk.away = true;
    expect(codeOf(await socket.emitWithAck('job:watch', { jobId: id }))).toBe('store_unavailable');
    expect(codeOf(await socket.emitWithAck('jobs:watch', { filter: {} }))).toBe('store_unavailable');
    front.desk.away = false;
    expect(await socket.emitWithAck('job:watch', { jobId: id })).toHaveProperty('job.name', 'later');
  });

  it('B144 watches of one connection are bounded, and given back', async () => {
    const socket = await front.connected();
    const ids = Array.from({ length: MAX_JOB_WATCHES + 1 }, (_, index) => front.desk.add(`job ${index}`).id);
    const answers = [];
    for (const jobId of ids) answers.push(codeOf(await socket.emitWithAck('job:watch', { jobId })));
    expect(answers).toEqual([...Array<undefined>(MAX_JOB_WATCHES).fill(undefined), 'too_many_requests']);
    const [first, last] = [ids[0] ?? '', ids.at(-1) ?? ''];
    await socket.emitWithAck('job:unwatch', { jobId: first });
    expect(codeOf(await socket.emitWithAck('job:watch', { jobId: last }))).toBeUndefined();
  });

  it('B144 requests of one connection are bounded', async () => {
    const socket = await front.connected();
    const answers = await Promise.all(
      Array.from({ length: MAX_REQUESTS + 1 }, () => socket.emitWithAck('pods:watch', {})),
    );
    expect(answers.map(codeOf).filter((code) => code === 'too_many_requests')).toHaveLength(1);
  });

  it('B144 a message that is far too large ends the connection, not the server', async () => {
    const socket = await front.connected({ reconnection: false });
    const gone = new Promise<void>((resolve) => socket.once('disconnect', () => resolve()));
    socket.emit('jobs:watch', { filter: { q: 'x'.repeat(100_000) } }, () => undefined);
    await gone;
    expect((await front.connected()).connected).toBe(true);
  });

  it('B144 connections that are reset in the middle of a handshake leave the server as it was', async () => {
    const handshake = [
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
      `Host: 127.0.0.1:${front.port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ].join('\r\n');
    for (const origin of ['', '\r\nOrigin: https://evil.example'])
      for (let attempt = 0; attempt < 50; attempt += 1) {
        const line = connect(front.port, '127.0.0.1');
        await new Promise<void>((resolve) => line.once('connect', () => resolve()));
        line.write(`${handshake}${origin}\r\n\r\n`, () => line.resetAndDestroy());
        await new Promise<void>((resolve) => line.once('close', () => resolve()));
      }
    expect((await front.connected()).connected).toBe(true);
    await waitUntil(async () => (await front.connections()) === 1, 'only the good connection is left');
  });

  it('B144 after unwatching nothing arrives', async () => {
    const socket = await front.connected();
    const { id } = front.desk.add('quiet');
    const told: string[] = [];
    socket.on('job:changed', (event) => told.push(event.state));
    await socket.emitWithAck('job:watch', { jobId: id });
    await socket.emitWithAck('jobs:watch', { filter: {} });
    await socket.emitWithAck('job:unwatch', { jobId: id });
    await socket.emitWithAck('jobs:unwatch', {});
    front.desk.change(id, { type: 'cancel_request' });
    await socket.emitWithAck('pods:watch', {});
    expect(told).toEqual([]);
  });
});

describe('lists', () => {
  it('B147 each list is told of its own jobs, also when one leaves its filter', async () => {
    const socket = await front.connected();
    const told: string[] = [];
    socket.on('job:changed', (event) => told.push(`${event.job.name} ${event.state}`));
    const cat = front.desk.running('A Cat');
    const snapshot = await socket.emitWithAck('jobs:watch', { filter: { q: 'cat', state: ['running'] } });
    if ('error' in snapshot) throw new Error(snapshot.error.message);
    expect(snapshot.jobs.map((job) => job.name)).toEqual(['A Cat']);
    expect(snapshot.counts.running).toBe(1);
    front.desk.running('A dog');
    front.desk.change(cat.id, { type: 'succeed', outputs: [] });
    front.desk.add('Another CAT');
    await socket.emitWithAck('pods:watch', {});
    expect(told).toEqual(['A Cat succeeded', 'Another CAT queued']);
  });

  it('B147 a list of one pod is told of jobs that pod had, and of no others', async () => {
    const socket = await front.connected();
    const told: string[] = [];
    socket.on('job:changed', (event) => told.push(`${event.job.name} ${event.state}`));
    await socket.emitWithAck('jobs:watch', { filter: { pod: 'pod-1' } });
    const { id } = front.desk.running('here');
    const elsewhere = front.desk.add('elsewhere');
    front.desk.change(elsewhere.id, { type: 'claim', podId: 'pod-2', promptId: randomUUID() });
    front.desk.change(id, { type: 'rework', reason: 'The pod restarted.' });
    await socket.emitWithAck('pods:watch', {});
    expect(told).toEqual(['here submitting', 'here running', 'here queued']);
  });

  it('B147 a browser that looks at a job and at the list is told each change once, with the detail', async () => {
    const socket = await front.connected();
    const told: (string | boolean)[] = [];
    const { id, promptId } = front.desk.running('twice');
    socket.on('job:changed', (event) => told.push(event.state, event.detail !== undefined));
    socket.on('job:progress', (event) => told.push(`${event.progress} %`));
    await socket.emitWithAck('jobs:watch', { filter: {} });
    await socket.emitWithAck('job:watch', { jobId: id });
    front.desk.report(id, promptId, 10);
    front.desk.change(id, { type: 'succeed', outputs: [] });
    await socket.emitWithAck('pods:watch', {});
    expect(told).toEqual(['10 %', 'succeeded', true]);
  });
});

it('B145 a page of another wire version is told so, one of ours is let in', async () => {
  const old = front.socket({ auth: { wire: WIRE_VERSION + 1 } });
  const refused = new Promise<Error & { data?: unknown }>((resolve) => old.once('connect_error', resolve));
  old.connect();
  expect((await refused).data).toEqual({ code: 'wire_version', expected: WIRE_VERSION });
  expect((await front.connected({ auth: { wire: WIRE_VERSION } })).connected).toBe(true);
  expect((await front.connected({ query: { wire: String(WIRE_VERSION) } })).connected).toBe(true);
});

describe('the end of the process', () => {
  it('B146 browsers are told, come back by themselves and begin with a new snapshot of another epoch', async () => {
    const socket = await front.connected();
    const { id } = front.desk.add('kept');
    const first = await socket.emitWithAck('job:watch', { jobId: id });
    const closing = new Promise<void>((resolve) => socket.once('server:closing', () => resolve()));
    const { desk, port } = front;
    await front.close({ keepClients: true });
    await closing;
    const back = new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    front = await openTestFront({ port }, desk);
    await back;
    const second = await socket.emitWithAck('job:watch', { jobId: id });
    if ('error' in first || 'error' in second) throw new Error('both are snapshots');
    expect(second.job).toEqual(first.job);
    expect(second.epoch).not.toBe(first.epoch);
    socket.disconnect();
  });

  it('B146 a browser whose network is gone does not hold it up', async () => {
    const proxy = await openTcpProxy();
    const origin = `http://127.0.0.1:${proxy.port}`;
    const own = await openTestFront({ publicUrl: origin });
    proxy.switchTo(own.port);
    const socket: TestSocket = io(origin, { transports: ['websocket'], forceNew: true, reconnection: false });
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    proxy.silence();
    const before = performance.now();
    await own.close();
    expect(performance.now() - before).toBeLessThan(6000);
    socket.disconnect();
    await proxy.close();
  });

  it('B146 neither kept-alive connections nor a download nobody reads hold it up', async () => {
    const job = front.desk.finished('film', [
      { filename: 'a.mp4', contentType: 'video/mp4', bytes: Buffer.alloc(64 * 1024 * 1024) },
    ]);
    const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${front.port}\r\n\r\n`;
    const idle = connect(front.port, '127.0.0.1');
    idle.write(get('/healthz'));
    await new Promise((resolve) => idle.once('data', resolve));
    const slow = connect(front.port, '127.0.0.1');
    slow.write(get(`/api/jobs/${job.id}/outputs/0`));
    await new Promise((resolve) => slow.once('data', resolve));
    slow.pause();
    const before = performance.now();
    await front.close();
    expect(performance.now() - before).toBeLessThan(6000);
    idle.destroy();
    slow.destroy();
    front = await openTestFront();
  });
});
