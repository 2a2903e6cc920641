import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { VISITOR_HEADER } from '../lib/protocol/visitor-header.ts';
import { createClientAddresses } from './http/client-address.ts';
import { createApi, isApiPath, type ApiDeps } from './http/create-api.ts';
import { createGate, pathOf, type GateVerdict } from './http/gate.ts';
import { handleLogin, isLoginPath, loginUrl } from './http/login-page.ts';
import { createMetrics } from './http/metrics.ts';
import { problemOf } from './http/problems.ts';
import { newNonce, securityHeaders } from './http/security-headers.ts';
import { createSession } from './http/session.ts';
import type { JobEvents } from './jobs/job-events.ts';
import type { Pages } from './pages.ts';
import { createRelay } from './relay/create-relay.ts';

export interface FrontOptions extends Pick<
  ApiDeps,
  'jobs' | 'batches' | 'workflows' | 'pods' | 'system' | 'templates' | 'outputs' | 'uploads' | 'version'
> {
  config: Pick<
    Config,
    | 'host'
    | 'port'
    | 'authToken'
    | 'publicUrl'
    | 'trustedProxies'
    | 'submitsPerMinute'
    | 'requestsPerMinute'
    | 'development'
  >;
  /** Takes the listeners that want to hear what happens. */
  events: { add(listener: Partial<JobEvents>): unknown; addOwn(listener: Partial<JobEvents>): unknown };
  /** Called when the first browser here begins to watch a job, and when the last has left it. */
  onPreviewInterest?: (jobId: string, wanted: boolean) => void;
  log: Pick<Logger, 'error'>;
}

/** Requests under way when Podium stops get this long; a slow download does not hold it up. */
const FINISH_WITHIN_MS = 3000;
const LOOK_AGAIN_MS = 50;

/** What the outside reaches: one HTTP server with the gate before API, pages and sockets. Nothing listens before `listen`. */
export function createFront(options: FrontOptions) {
  const { config, jobs, batches, workflows, pods, system, templates } = options;
  const { outputs, uploads, version, events, log, onPreviewInterest } = options;
  let port = config.port;
  /** `none` for good, `opening` for a moment. */
  let pages: Pages | 'none' | 'opening' = 'none';
  const https = config.publicUrl?.startsWith('https:') ?? false;
  const report = (error: unknown) =>
    log.error({ reason: error instanceof Error ? error.stack : String(error) }, 'a request failed');

  const addresses = createClientAddresses(config.trustedProxies);
  const session =
    config.authToken === undefined
      ? undefined
      : createSession({ token: config.authToken, now: () => new Date(), addresses, secure: https });
  const gate = createGate({
    port: () => port,
    host: config.host,
    ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
    ...(session && { session }),
  });
  const desk = { jobs, pods, system };
  const metrics = createMetrics(desk);
  const { submitsPerMinute, requestsPerMinute } = config;
  const limits = { addresses, submitsPerMinute, requestsPerMinute };
  const api = createApi({ ...desk, batches, workflows, templates, outputs, uploads, metrics, version, report, limits });
  const answerApi = getRequestListener((request, env) => api.fetch(request, env), { overrideGlobalObjects: false });

  const server = createHttpServer((req, res) => {
    answer(req, res).catch((error: unknown) => {
      report(error);
      if (res.headersSent) res.destroy();
      else sendProblem(res, { ok: false, code: 'internal', detail: 'Podium met an error of its own.' });
    });
  });
  server.requestTimeout = 60_000;
  server.headersTimeout = 20_000;

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = pathOf(req);
    const headers = securityHeaders(newNonce(), { development: config.development, https });
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
    if (pages === 'none') return sendProblem(res, { ok: false, code: 'not_found', detail: 'Pages are switched off.' });
    if (pages === 'opening')
      return sendProblem(res, { ok: false, code: 'not_ready', detail: 'Podium is starting.', retryAfterS: 1 });
    // Next takes the nonce for its scripts from here.
    req.headers['content-security-policy'] = headers['content-security-policy'];
    req.headers['x-podium-origin'] = `http://${ownAddress(config.host)}:${port}`;
    req.headers[VISITOR_HEADER] = addresses.vouchFor(req);
    await pages.handle(req, res);
  }

  const relay = createRelay({
    server,
    jobs,
    pods,
    report,
    ...(onPreviewInterest && { onPreviewInterest }),
    refused: async (req) => {
      const verdict = await gate.check(req, 'upgrade');
      return verdict.ok ? undefined : refusal(verdict);
    },
  });
  events.add(relay);
  events.addOwn(metrics);
  server.on('upgrade', (req: IncomingMessage, socket: Socket, head: Buffer) => {
    // Node takes its own listener off at an upgrade: without one, a reset connection would end the process.
    socket.on('error', () => socket.destroy());
    const path = pathOf(req);
    if (path.startsWith('/socket.io/')) return;
    void gate.check(req, 'upgrade').then((verdict) => {
      const forNext = verdict.ok && config.development && path.startsWith('/_next/');
      if (forNext && typeof pages === 'object') pages.upgrade(req, socket, head);
      else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    }, report);
  });

  return {
    server,
    get port() {
      return port;
    },
    get url() {
      return `http://${urlHost(config.host)}:${port}`;
    },
    /** Rejects where the port is taken. */
    async listen(): Promise<void> {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(config.port, config.host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      port = (server.address() as AddressInfo).port;
    },
    /** Serves pages from now on; until `opened` resolves, visitors are told to wait. */
    async serve(opened: Promise<Pages>): Promise<void> {
      pages = 'opening';
      pages = await opened;
    },
    /** Takes no new connection, tells browsers, lets what is under way finish for a moment, then cuts it. */
    async close(): Promise<void> {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await relay.close();
      // A kept-alive connection becomes idle only when its answer has left.
      const sweep = setInterval(() => server.closeIdleConnections(), LOOK_AGAIN_MS);
      const cut = setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS);
      await closed;
      clearInterval(sweep);
      clearTimeout(cut);
      if (typeof pages === 'object') await pages.close();
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
