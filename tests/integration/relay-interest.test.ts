import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io } from 'socket.io-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRelay, type Relay } from '../../server/relay/create-relay.ts';
import { FakeDesk } from '../support/fake-desk.ts';
import type { TestSocket } from '../support/open-test-front.ts';
import { waitUntil } from '../support/wait-until.ts';

let desk: FakeDesk;
let relay: Relay;
let url: string;
let told: string[];
const sockets: TestSocket[] = [];

beforeEach(async () => {
  desk = new FakeDesk();
  told = [];
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  relay = createRelay({
    server,
    jobs: desk,
    pods: desk,
    refused: async () => undefined,
    report: (error) => expect.fail(String(error)),
    onPreviewInterest: (jobId, wanted) => told.push(`${wanted ? 'begin' : 'end'} ${jobId}`),
  });
  desk.events.add(relay);
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect();
  await relay.close();
});

async function open(transport: 'websocket' | 'polling' = 'websocket'): Promise<TestSocket> {
  const socket: TestSocket = io(url, { transports: [transport], forceNew: true, reconnectionDelay: 20 });
  sockets.push(socket);
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return socket;
}

it('B220 says when the first browser begins to watch a job and when the last has left it', async () => {
  const { id: jobId } = desk.running('watched');
  const { id: other } = desk.running('other');
  const [one, two] = [await open(), await open()];
  await one.emitWithAck('job:watch', { jobId });
  await two.emitWithAck('job:watch', { jobId });
  await two.emitWithAck('job:watch', { jobId: other });
  await two.emitWithAck('jobs:watch', { filter: {} });
  expect(told).toEqual([`begin ${jobId}`, `begin ${other}`]);
  await one.emitWithAck('job:unwatch', { jobId });
  expect(told).toHaveLength(2);
  two.disconnect();
  await waitUntil(() => told.length === 4, 'both ends are told');
  expect(told.slice(2).toSorted()).toEqual([`end ${jobId}`, `end ${other}`].toSorted());
});

it('B222 brings every browser back to a new snapshot when something may have been missed', async () => {
  const { id: jobId } = desk.running('changed unheard');
  const states: string[] = [];
  const [one, two] = [await open(), await open('polling')];
  for (const socket of [one, two])
    socket.on('connect', () => {
      void socket.emitWithAck('job:watch', { jobId }).then((answer) => {
        if (!('error' in answer)) states.push(answer.job.state);
      });
    });
  await one.emitWithAck('job:watch', { jobId });
  desk.changeUnheard(jobId, { type: 'succeed', outputs: [] });
  relay.missed();
  await waitUntil(() => states.length === 2, 'both browsers have a new snapshot');
  expect(states).toEqual(['succeeded', 'succeeded']);
});
