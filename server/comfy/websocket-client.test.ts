import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { waitUntil } from '../../tests/support/wait-until.ts';
import type { PodFrame } from './frames.ts';
import { ComfyUIWebSocketClient, type SocketOptions } from './websocket-client.ts';

let server: Server;
let sockets: WebSocketServer;
let opened: { socket: WebSocket; request: IncomingMessage; messages: string[] }[] = [];
let refused: number | undefined;
let upgrades: number[] = [];
let client: ComfyUIWebSocketClient;
let log: string[] = [];
let frames: PodFrame[] = [];

beforeEach(async () => {
  [opened, upgrades, log, frames, refused] = [[], [], [], [], undefined];
  server = createServer();
  sockets = new WebSocketServer({ noServer: true, autoPong: false });
  server.on('upgrade', (request, socket, head) => {
    upgrades.push(performance.now());
    if (refused !== undefined) return socket.end(`HTTP/1.1 ${refused} No\r\nconnection: close\r\n\r\n`);
    sockets.handleUpgrade(request, socket, head, (one) => {
      const entry = { socket: one, request, messages: [] as string[] };
      opened.push(entry);
      one.on('message', (data: Buffer) => entry.messages.push(data.toString()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await client.stop();
  for (const { socket } of opened) socket.terminate();
  sockets.close();
  await new Promise((resolve) => server.close(resolve));
});

function open(options: SocketOptions = {}, headers: Record<string, string> = {}): void {
  client = new ComfyUIWebSocketClient({ random: () => 0, ...options });
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws?clientId=c`;
  client.start(
    { url, headers },
    {
      onOpen: () => log.push('open'),
      onDown: (_reason, lost) => log.push(lost ? 'lost' : 'down'),
      onFrame: (frame) => frames.push(frame),
    },
  );
}
const first = () => waitUntil(() => opened[0], 'the socket is open');

describe('ComfyUIWebSocketClient', () => {
  it('B73 sends feature flags as its first text frame', async () => {
    open({}, { authorization: 'Bearer x' });
    const { messages, request } = await first();
    await waitUntil(() => messages.length > 0, 'a frame arrives');
    expect(JSON.parse(messages[0] ?? '')).toEqual({ type: 'feature_flags', data: { supports_preview_metadata: true } });
    expect(request.headers.authorization).toBe('Bearer x');
    expect(request.headers).not.toHaveProperty('origin');
    expect(request.url).toBe('/ws?clientId=c');
  });

  it('B73 reads text and binary frames in their order', async () => {
    open();
    const { socket } = await first();
    socket.send(JSON.stringify({ type: 'execution_start', data: { prompt_id: 'p' } }));
    socket.send(Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 0xff, 0xd8]));
    socket.send(Buffer.concat([Buffer.from([0, 0, 0, 3, 0, 0, 0, 1]), Buffer.from('7hello')]));
    await waitUntil(() => frames.length === 3, 'the frames are there');
    expect(frames).toMatchObject([
      { kind: 'event', event: { type: 'execution_start', data: { prompt_id: 'p' } } },
      { kind: 'preview', contentType: 'image/jpeg' },
      { kind: 'text', nodeId: '7', text: 'hello' },
    ]);
  });

  it('B78 a frame that cannot be read is counted and skipped', async () => {
    open();
    const { socket } = await first();
    for (const bad of ['{', '[]', '{"type":"executing"}']) socket.send(bad);
    socket.send(Buffer.from([1]));
    socket.send(JSON.stringify({ type: 'execution_start', data: { prompt_id: 'p' } }));
    await waitUntil(() => frames.some((frame) => frame.kind === 'event'), 'the good frame is there');
    expect(client.malformedFrames).toBe(4);
    expect(log).toEqual(['open']);
  });

  it('B78 a frame that is too large closes the connection, and another is opened', async () => {
    open({ maxPayloadBytes: 1000 });
    const { socket } = await first();
    socket.send('x'.repeat(2000));
    await waitUntil(() => opened.length === 2, 'another socket is open');
    expect(log.slice(0, 2)).toEqual(['open', 'lost']);
    expect(frames).toEqual([]);
  });

  it('B74 a connection on which neither pong nor frame comes back is cut', async () => {
    open({ timing: { pingMs: 100, pongMs: 100 } });
    await first();
    await waitUntil(() => opened.length === 2, 'another socket is open');
    expect(log.slice(0, 2)).toEqual(['open', 'lost']);
  });

  it('B74 any frame keeps a connection without pongs, and a pong keeps a silent one', async () => {
    open({ timing: { pingMs: 50, pongMs: 150 } });
    const { socket } = await first();
    let pings = 0;
    socket.on('ping', (data: Buffer) => {
      pings += 1;
      if (pings % 2 === 0) socket.pong(data);
      else socket.send('{"type":"status","data":{}}');
    });
    await waitUntil(() => pings >= 12, 'a dozen pings have come');
    expect(opened).toHaveLength(1);
  });

  it('B75 opens a new socket only after the old one is closed on both sides', async () => {
    open();
    const { socket } = await first();
    let closedBefore = false;
    socket.on('close', () => (closedBefore = opened.length === 1));
    await waitUntil(() => log.length === 1, 'the socket is open');
    client.reconnect();
    await waitUntil(() => opened.length === 2, 'another socket is open');
    expect(closedBefore).toBe(true);
    expect(log.slice(0, 2)).toEqual(['open', 'down']);
  });

  it('B75 a pod that does not answer the close is cut after a bounded wait', async () => {
    open({ timing: { closeMs: 200 } });
    const { socket } = await first();
    socket.pause();
    await waitUntil(() => log.length === 1, 'the socket is open');
    client.reconnect();
    await waitUntil(() => opened.length === 2, 'another socket is open');
    expect((upgrades[1] ?? 0) - (upgrades[0] ?? 0)).toBeGreaterThanOrEqual(200);
  });

  for (const status of [401, 403])
    it(`B76 a refusal with ${status} is not asked again soon, but at once on demand`, async () => {
      refused = status;
      open();
      await waitUntil(() => log.length === 1, 'the refusal is told');
      expect(log).toEqual(['down']);
      refused = undefined;
      expect(upgrades).toHaveLength(1);
      client.reconnect();
      await first();
      expect(upgrades).toHaveLength(2);
    });

  it('B76 a pod that opens and closes at once is not stormed', async () => {
    open({ random: () => 1 });
    for (const count of [1, 2, 3]) {
      const { socket } = await waitUntil(() => opened[count - 1], 'the socket is open');
      socket.close();
    }
    await waitUntil(() => upgrades.length === 4, 'a fourth try');
    const gaps = upgrades.slice(1).map((at, index) => at - (upgrades[index] ?? 0));
    expect(gaps[0]).toBeGreaterThanOrEqual(450);
    expect(gaps[1]).toBeGreaterThanOrEqual(950);
    expect(gaps[2]).toBeGreaterThanOrEqual(1950);
  });

  it('B75 stop closes the socket and ends a pause', async () => {
    refused = 403;
    open();
    await waitUntil(() => log.length === 1, 'the refusal is told');
    await client.stop();
    expect(upgrades).toHaveLength(1);
    expect(client.openSince()).toBeUndefined();
  });
});
