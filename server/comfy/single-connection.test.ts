import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SingleConnections } from './single-connection.ts';

describe('connections for one request each', () => {
  let server: Server;
  let origin: string;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    server = createServer((_request, response) => response.end('{}'));
    server.on('connection', (socket) => sockets.push(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    for (const socket of sockets.splice(0)) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const request = async (singles: SingleConnections) => {
    const { client, connected } = singles.take();
    try {
      const answer = await client.request({ method: 'GET', path: '/' });
      await answer.body.dump();
      return { status: answer.statusCode, connected: connected() };
    } catch {
      return { status: 0, connected: connected() };
    } finally {
      await client.destroy();
    }
  };

  it('B71 uses the connection that was opened ahead, and only for one request', async () => {
    const singles = new SingleConnections(origin, 1000);
    singles.openAhead();
    await once(server, 'connection');
    expect(await request(singles)).toEqual({ status: 200, connected: true });
    expect(sockets).toHaveLength(1);
    expect(await request(singles)).toEqual({ status: 200, connected: true });
    expect(sockets).toHaveLength(2);
  });

  it('B71 opens another where the one opened ahead was closed before a byte left', async () => {
    const singles = new SingleConnections(origin, 1000);
    singles.openAhead();
    await once(server, 'connection');
    const [first] = sockets;
    first?.destroy();
    if (first && !first.closed) await once(first, 'close');
    // The news of it takes a few turns of the loop to cross the loopback interface.
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const { status } = await request(singles);
    expect(status).toBe(200);
  });

  it('B66 knows that nothing left where no connection came about', async () => {
    await new Promise((resolve) => server.close(resolve));
    const singles = new SingleConnections(origin, 1000);
    singles.openAhead();
    expect(await request(singles)).toEqual({ status: 0, connected: false });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  it('closes what was opened ahead and not used', async () => {
    const singles = new SingleConnections(origin, 1000);
    singles.openAhead();
    await once(server, 'connection');
    singles.discard();
    const [socket] = sockets;
    socket?.resume();
    if (socket && !socket.closed) await once(socket, 'close');
    expect(socket?.closed).toBe(true);
  });
});
