import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { podAddress, podHeaders } from './pod-address.ts';
import { PodHttp } from './pod-http.ts';
import { DEFAULT_TIMING, type PodTiming } from './timing.ts';

let servers: (Server | TcpServer)[] = [];
let sockets: Socket[] = [];
let clients: PodHttp[] = [];
let calls: boolean[] = [];

afterEach(async () => {
  for (const client of clients) await client.close();
  for (const socket of sockets) socket.destroy();
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  [servers, sockets, clients, calls] = [[], [], [], []];
});

async function listen<T extends Server | TcpServer>(server: T): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function httpTo(baseUrl: string, timing: Partial<PodTiming> = {}, headers: Record<string, string> = {}): PodHttp {
  const address = podAddress(baseUrl);
  const onCall = (answered: boolean) => calls.push(answered);
  const http = new PodHttp(address, podHeaders(address, headers), { ...DEFAULT_TIMING, ...timing }, { onCall });
  clients.push(http);
  return http;
}

async function serve(answer: RequestListener, timing: Partial<PodTiming> = {}): Promise<PodHttp> {
  return httpTo(`http://127.0.0.1:${await listen(createServer(answer))}`, timing);
}
const call = { path: '/queue', maxBytes: 100_000 };

describe('calls', () => {
  it('B60 a body of a gigabyte is given up early', async () => {
    let sent = 0;
    const http = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const part = Buffer.alloc(65_536, ' ');
      const more = (): void => {
        while (sent < 1_000_000_000 && !response.destroyed) {
          sent += part.length;
          if (!response.write(part)) {
            response.once('drain', more);
            return;
          }
        }
      };
      more();
    });
    await expect(http.call(call)).rejects.toMatchObject({ kind: 'too_large', retryable: false });
    expect(sent).toBeLessThan(50_000_000);
    expect(calls).toEqual([true]);
  });

  it('B60 broken and unknown encodings are bad answers', async () => {
    for (const encoding of ['gzip', 'br', 'zstd']) {
      const http = await serve((_request, response) => {
        response.writeHead(200, { 'content-encoding': encoding });
        response.end('not that');
      });
      await expect(http.call(call)).rejects.toMatchObject({ kind: 'bad_answer' });
    }
  });

  it('B62 a body that drips for ever ends within the call’s time', async () => {
    let drip: NodeJS.Timeout | undefined;
    const http = await serve(
      (_request, response) => {
        response.writeHead(200);
        drip = setInterval(() => response.write(' '), 50);
        response.on('close', () => clearInterval(drip));
      },
      { callMs: 400 },
    );
    await expect(http.call(call)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(calls).toEqual([false]);
  });

  it('B63 a redirect is not followed, not even on the same host', async () => {
    const asked: (string | undefined)[] = [];
    const http = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(302, { location: '/elsewhere' });
      response.end();
    });
    await expect(http.json(z.unknown(), call)).rejects.toMatchObject({ kind: 'bad_answer' });
    expect(asked).toEqual(['/queue']);
  });

  it('B61 headers that belong to the connection are not taken from the settings', async () => {
    const port = await listen(createServer((request, response) => void response.end(JSON.stringify(request.headers))));
    const mine = { Origin: 'https://evil.invalid', Host: 'other', 'X-Key': 'k', Upgrade: 'x' };
    const http = httpTo(`http://me:pa%3Ass@127.0.0.1:${port}`, {}, mine);
    const seen = await http.json(z.record(z.string(), z.string()), call);
    expect(seen).toMatchObject({ 'x-key': 'k', host: `127.0.0.1:${port}` });
    expect(Buffer.from(seen.authorization?.slice(6) ?? '', 'base64').toString()).toBe('me:pa:ss');
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['origin']));
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['upgrade']));
  });

  it('B64 a path prefix and a query of the base URL go with each call', async () => {
    const port = await listen(createServer((request, response) => void response.end(JSON.stringify(request.url))));
    const http = httpTo(`http://127.0.0.1:${port}/pods/one/?token=t%20t`);
    expect(await http.json(z.string(), { ...call, query: { a: 'b&c' } })).toBe('/pods/one/queue?token=t+t&a=b%26c');
  });

  it('B60 errors name the pod without user, password or query', async () => {
    const port = await listen(createServer());
    const server = servers.pop();
    await new Promise((resolve) => server?.close(resolve));
    const http = httpTo(`http://user:secret@127.0.0.1:${port}/p?token=secret`);
    const error: unknown = await http.call(call).catch((cause: unknown) => cause);
    expect(String(error)).toContain(`http://127.0.0.1:${port}/p refuses connections`);
    expect(String(error)).not.toContain('secret');
  });
});

describe('sending once', () => {
  it('B66 a TLS handshake that never ends is not sent', async () => {
    const port = await listen(createTcpServer());
    const http = httpTo(`https://127.0.0.1:${port}`, { connectMs: 200 });
    expect(await http.once('/prompt', {}, 1000)).toMatchObject({ kind: 'not_sent' });
  });

  it('B68 a connection that stood and said nothing in time is unknown', async () => {
    const port = await listen(createTcpServer((socket) => socket.on('error', () => undefined).resume()));
    const http = httpTo(`http://127.0.0.1:${port}`, { submitMs: 300 });
    expect(await http.once('/prompt', {}, 1000)).toMatchObject({ kind: 'unknown' });
  });

  it('B68 a connection closed by the pod the moment it stood is unknown', async () => {
    const port = await listen(createTcpServer((socket) => socket.on('error', () => undefined).destroy()));
    const http = httpTo(`http://127.0.0.1:${port}`);
    expect(await http.once('/prompt', {}, 1000)).toMatchObject({ kind: 'unknown' });
  });

  it('B69 its connection is closed when the outcome is known', async () => {
    let closed = 0;
    const tcp = createTcpServer((socket) => {
      socket.on('error', () => undefined).on('close', () => (closed += 1));
      socket.once('data', () => socket.write('HTTP/1.1 502 Bad\r\ncontent-length: 0\r\n\r\n'));
    });
    const http = httpTo(`http://127.0.0.1:${await listen(tcp)}`);
    expect(await http.once('/prompt', {}, 1000)).toMatchObject({ kind: 'answer', answer: { status: 502 } });
    await expect.poll(() => closed).toBe(1);
  });
});

describe('signs of a proxy', () => {
  for (const headers of [{ via: '1.1 x' }, { 'cf-ray': '1' }, { server: 'nginx/1.25' }, { server: 'cloudflare' }])
    it(`B69 ${JSON.stringify(headers)} shows one`, async () => {
      const http = await serve((_request, response) => void response.writeHead(200, headers).end('{}'));
      expect(http.proxied).toBe(false);
      await http.call(call);
      expect(http.proxied).toBe(true);
    });

  it('B69 ComfyUI’s own server shows none; TLS to another host does before any answer', async () => {
    const headers = { server: 'Python/3.12 aiohttp/3.11.8' };
    const http = await serve((_request, response) => void response.writeHead(200, headers).end('{}'));
    await http.call(call);
    expect(http.proxied).toBe(false);
    expect(httpTo('https://pod.example').proxied).toBe(true);
    expect(httpTo('https://localhost:8188').proxied).toBe(false);
  });
});
