import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { Config } from '../../server/config.ts';
import type { Pages } from '../../server/pages.ts';
import { createFront } from '../../server/create-front.ts';
import { TemplateDesk } from '../../server/jobs/templates/template-desk.ts';
import { createFileUploadStore } from '../../server/uploads/file-upload-store.ts';
import type { ClientToServer, ServerToClient } from '../../lib/protocol/socket.ts';
import { FakeDesk } from './fake-desk.ts';
import { FakeSystem } from './fake-system.ts';
import { memoryTemplates } from './memory-templates.ts';
import { noBatches } from './no-batches.ts';

export type TestSocket = Socket<ServerToClient, ClientToServer>;
export type TestFront = Awaited<ReturnType<typeof openTestFront>>;

/** API and sockets on a free port over a desk that the test moves by hand. */
export async function openTestFront(config: Partial<Config> = {}, desk = new FakeDesk(), pages?: Promise<Pages>) {
  const errors: object[] = [];
  const system = new FakeSystem();
  const uploadsDir = mkdtempSync(join(tmpdir(), 'podium-front-'));
  const uploads = createFileUploadStore({ dir: uploadsDir, maxBytes: 1_000_000, keepMs: 86_400_000 });
  const front = createFront({
    config: {
      host: '127.0.0.1',
      port: 0,
      trustedProxies: [],
      submitsPerMinute: 1000,
      requestsPerMinute: 10_000,
      development: false,
      ...config,
    },
    jobs: desk,
    batches: noBatches,
    templates: new TemplateDesk({ book: memoryTemplates(), clock: { now: () => new Date() } }),
    workflows: desk.workflows,
    pods: desk,
    system,
    outputs: desk.outputs,
    uploads,
    events: desk.events,
    onPreviewInterest: (jobId, wanted) => desk.onPreviewInterest(jobId, wanted),
    version: 'test',
    log: { error: (fields: object) => void errors.push(fields) },
  });
  await front.listen();
  if (pages) void front.serve(pages);
  const sockets: TestSocket[] = [];
  const origin = `http://127.0.0.1:${front.port}`;
  return {
    desk,
    system,
    port: front.port,
    origin,
    /** What the front reported as its own failure. */
    errors,
    send: (path: string, options?: RequestOptions) => send(front.port, path, options),
    /** A browser's socket that is not connected yet. */
    socket(options: Partial<ManagerOptions & SocketOptions> = {}): TestSocket {
      const socket: TestSocket = io(origin, {
        transports: ['websocket'],
        reconnectionDelay: 50,
        forceNew: true,
        autoConnect: false,
        ...options,
      });
      sockets.push(socket);
      return socket;
    },
    async connected(options: Partial<ManagerOptions & SocketOptions> = {}): Promise<TestSocket> {
      const socket = this.socket(options);
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
        socket.connect();
      });
      return socket;
    },
    /** Connections that are open. */
    connections: () =>
      new Promise<number>((resolve, reject) =>
        front.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    async close({ keepClients = false } = {}): Promise<void> {
      if (!keepClients) for (const socket of sockets) socket.disconnect();
      await front.close();
      rmSync(uploadsDir, { recursive: true, force: true });
    },
  };
}

export interface RequestOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  json: Record<string, unknown>;
}

/** A request whose headers are sent exactly as given, `Host` and `Origin` too. */
export function send(port: number, path: string, { method = 'GET', headers = {}, body }: RequestOptions = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const req = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const isJson = /json/.test(res.headers['content-type'] ?? '') && text !== '';
        const json = (isJson ? JSON.parse(text) : {}) as Record<string, unknown>;
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body: text, json });
      });
    });
    req.on('error', reject);
    req.end(body);
  });
}

/** A POST of JSON. */
export function post(body: unknown, headers: Record<string, string> = {}): RequestOptions {
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** A WebSocket handshake; the status it is answered with, 101 where it is let in. */
export function upgrade(port: number, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const req = request({
      host: '127.0.0.1',
      port,
      path,
      agent: false,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      },
    });
    req.on('upgrade', (res, socket) => {
      socket.destroy();
      resolve(res.statusCode ?? 0);
    });
    req.on('response', (res) => {
      res.resume();
      resolve(res.statusCode ?? 0);
    });
    req.on('error', reject);
    req.end();
  });
}
