import { createServer as createHttpServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { createServer, type PodiumServer } from '../../server/create-server.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { post, send, type Answer } from '../support/open-test-front.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

const SECRETS = {
  token: 'auth-token-3f9c1b7a5d',
  header: 'pod-header-secret-8a2e6c',
  user: 'poduser-c41d',
  password: 'podpass-77b0e2',
  query: 'query-secret-5e11',
};

/** A proxy before a pod that repeats what it was sent, as some do on their error pages. */
const echo = createHttpServer((req, res) => {
  const refused = req.url?.includes('refuse') === true;
  res.writeHead(refused ? 401 : 502, { 'content-type': 'text/html', 'x-echo': String(req.headers['x-pod-key']) });
  res.end(`<h1>Bad gateway</h1><pre>${req.url} ${JSON.stringify(req.headers)}</pre>`);
});
let demoPod: DemoPod;
let podium: PodiumServer;
let dataDir: string;
let logged = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const { port } = echo.address() as AddressInfo;
  demoPod = await createDemoPod({ stepMs: 5 });
  dataDir = mkdtempSync(join(tmpdir(), 'podium-secrets-'));
  const { user, password, query, header, token } = SECRETS;
  const config = readConfig({
    COMFYUI_POD_URL: [
      `echo=http://${user}:${password}@127.0.0.1:${port}/?key=${query}`,
      `refuse=http://127.0.0.1:${port}/refuse`,
      `gone=http://${user}:${password}@127.0.0.1:1`,
      `well=${demoPod.url}`,
    ].join(','),
    COMFYUI_POD_HEADERS: JSON.stringify({ 'X-Pod-Key': header, Authorization: `Bearer ${header}` }),
    AUTH_TOKEN: token,
    DATA_DIR: dataDir,
    PORT: '0',
  });
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged += chunk.toString();
      done();
    },
  });
  podium = await createServer(config, { pages: false, log: pino({ level: 'trace' }, sink) });
  await podium.start();
});
afterAll(async () => {
  await podium.close();
  await demoPod.close();
  await new Promise((resolve) => echo.close(resolve));
  rmSync(dataDir, { recursive: true, force: true });
});

it('B139 no secret of the configuration is in any answer, event, figure or line of the log', async () => {
  const port = Number(new URL(podium.url).port);
  const bearer = { authorization: `Bearer ${SECRETS.token}` };
  const heard: unknown[] = [];
  const socket = io(podium.url, { transports: ['websocket'], extraHeaders: bearer });
  socket.onAny((...args: unknown[]) => heard.push(args));
  heard.push(await socket.emitWithAck('jobs:watch', { filter: {} }));
  heard.push(await socket.emitWithAck('pods:watch', {}));

  const answers: Answer[] = [];
  const ask = async (path: string, options: Parameters<typeof send>[2] = {}) => {
    const answer = await send(port, path, { ...options, headers: { ...bearer, ...options.headers } });
    answers.push(answer);
    return answer;
  };
  for (const pod of ['echo', 'refuse', 'gone', 'well']) {
    const job = await ask('/api/jobs', post({ workflow: stepsPrompt(1, 1), pod }));
    expect(job.status).toBe(201);
    await ask(String(job.headers['location']));
  }
  await waitUntil(async () => {
    const { json } = await ask('/api/pods');
    const states = (json['pods'] as { state: string }[]).map((pod) => pod.state);
    return states.includes('unauthorized') && states.filter((state) => state === 'up').length === 1;
  }, 'every pod was asked');
  for (const path of ['/api/jobs', '/readyz', '/healthz', '/metrics', '/api/openapi.json', '/api/docs', '/api/nothing'])
    await ask(path);
  for (const path of ['/api/pods/echo', '/api/pods/refuse', '/api/pods/gone', '/login']) await ask(path);
  answers.push(await send(port, '/api/jobs', { headers: { authorization: `Bearer ${SECRETS.token}x` } }));
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const login = (token: string) => send(port, '/login', { method: 'POST', headers: form, body: `token=${token}` });
  answers.push(await login(SECRETS.token), await login(`${SECRETS.token}x`));
  await waitUntil(
    () => logged.includes('pod unauthorized') && logged.includes('job succeeded'),
    'the log tells of both',
  );
  // A store that is gone makes every part complain.
  await podium.desk.store.close();
  await ask('/api/jobs');
  await ask('/api/jobs', post({ workflow: stepsPrompt(1, 1) }));
  await waitUntil(() => logged.includes('"level":50'), 'the log has errors');
  socket.disconnect();

  const said = JSON.stringify(answers.map(({ headers, body }) => [headers, body])) + JSON.stringify(heard) + logged;
  expect(heard.length).toBeGreaterThan(2);
  for (const [name, secret] of Object.entries(SECRETS)) {
    const at = said.indexOf(secret);
    expect([name, at < 0 ? '' : said.slice(Math.max(0, at - 200), at + 100)]).toEqual([name, '']);
  }
});
