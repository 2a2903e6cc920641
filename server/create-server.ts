import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { pino, type Logger } from 'pino';
import type { Config } from './config.ts';
import { openDesk, type DeskOptions } from './create-desk.ts';
import { createApi, isApiPath } from './http/create-api.ts';
import { createGate, pathOf, type GateVerdict } from './http/gate.ts';
import { handleLogin, isLoginPath, loginUrl } from './http/login-page.ts';
import { createMetrics } from './http/metrics.ts';
import { problemOf } from './http/problems.ts';
import { newNonce, securityHeaders } from './http/security-headers.ts';
import { createSession } from './http/session.ts';
import { openPages, type Pages } from './pages.ts';
import { createRelay } from './relay/create-relay.ts';

/** Shown by the API's description and in the pages. */
export const PODIUM_VERSION = '0.1.0';

export interface ServerOptions extends Omit<DeskOptions, 'log'> {
  log?: Logger;
  /** Without pages the API and the sockets run alone. */
  pages?: boolean;
}

export type PodiumServer = Awaited<ReturnType<typeof createServer>>;

/** The composition root: one HTTP server for pages, API and sockets over one desk. Nothing listens before `start`. */
export async function createServer(config: Config, options: ServerOptions = {}) {
  const log = options.log ?? pino({ level: 'silent' });
  const desk = await openDesk(config, { ...options, log });
  const { service: jobs, runner: pods, outputs } = desk;
  let port = config.port;
  let pages: Pages | undefined;
  const https = config.publicUrl?.startsWith('https:') ?? false;

  const session =
    config.authToken === undefined
      ? undefined
      : createSession({ token: config.authToken, now: () => new Date(), secure: https });
  const gate = createGate({
    port: () => port,
    host: config.host,
    ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
    ...(session && { session }),
  });
  const metrics = createMetrics({ jobs, pods });
  const report = (error: unknown) =>
    log.error({ reason: error instanceof Error ? error.stack : String(error) }, 'a request failed');
  const api = createApi({
    jobs,
    pods,
    outputs,
    metrics,
    version: PODIUM_VERSION,
    report,
  });
  const answerApi = getRequestListener((request) => api.fetch(request), { overrideGlobalObjects: false });

  const server = createHttpServer((req, res) => {
    answer(req, res).catch((error: unknown) => {
      log.error({ reason: String(error) }, 'a request broke off');
      if (!res.headersSent)
        sendProblem(res, { ok: false, code: 'internal', detail: 'Podium met an error of its own.' });
      else res.destroy();
    });
  });
  server.requestTimeout = 60_000;
  server.headersTimeout = 20_000;

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = pathOf(req);
    const nonce = newNonce();
    const headers = securityHeaders(nonce, { development: config.development, https });
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
    const verdict = await gate.check(req, 'http');
    if (!verdict.ok) {
      if (verdict.login) res.writeHead(303, { location: loginUrl(req.url ?? '/'), 'cache-control': 'no-store' }).end();
      else sendProblem(res, verdict);
      return;
    }
    if (session && isLoginPath(path)) {
      await handleLogin(req, res, session);
      if (path === '/logout') await relay.recheck();
      return;
    }
    if (isApiPath(path)) return answerApi(req, res);
    if (!pages) return sendProblem(res, { ok: false, code: 'not_found', detail: 'Pages are switched off.' });
    req.headers['content-security-policy'] = headers['content-security-policy'];
    req.headers['x-podium-origin'] = `http://${ownAddress(config.host)}:${port}`;
    await pages.handle(req, res);
  }

  const relay = createRelay({
    server,
    jobs,
    pods,
    report,
    refused: async (req) => {
      const verdict = await gate.check(req, 'upgrade');
      return verdict.ok ? undefined : refusal(verdict);
    },
  });
  desk.events.add(relay);
  desk.events.add(metrics);
  server.on('upgrade', (req: IncomingMessage, socket: Socket, head: Buffer) => {
    const path = pathOf(req);
    if (path.startsWith('/socket.io/')) return;
    if (pages && config.development && path.startsWith('/_next/')) pages.upgrade(req, socket, head);
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  });

  return {
    desk,
    get url() {
      return `http://${urlHost(config.host)}:${port}`;
    },
    /** Listens, then recovers and begins to work. Rejects where the port is taken. */
    async start(): Promise<void> {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(config.port, config.host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      port = (server.address() as AddressInfo).port;
      if (options.pages !== false)
        pages = await openPages({ development: config.development, host: config.host, port, server });
      await desk.start();
    },
    /** No new work, flush, close sockets; jobs stay on their pods. */
    async close(): Promise<void> {
      jobs.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await relay.close();
      server.closeIdleConnections();
      await desk.close();
      server.closeAllConnections();
      await closed;
      await pages?.close();
    },
  };
}

/** Where our own pages reach the API: a wildcard is listened on, not connected to. */
function ownAddress(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '[::1]' : urlHost(host);
}

function urlHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

function refusal(verdict: Extract<GateVerdict, { ok: false }>) {
  const problem = problemOf(verdict.code, verdict.detail);
  return {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(verdict.retryAfterS !== undefined && { 'retry-after': String(verdict.retryAfterS) }),
      ...(verdict.code === 'unauthorized' && { 'www-authenticate': 'Bearer' }),
    },
    body: JSON.stringify(problem),
  };
}

function sendProblem(res: ServerResponse, verdict: Extract<GateVerdict, { ok: false }>): void {
  const { status, headers, body } = refusal(verdict);
  res.writeHead(status, headers).end(body);
}
