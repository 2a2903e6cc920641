import { afterEach, expect, it } from 'vitest';
import type { Pages } from '../../server/pages.ts';
import { openTestFront, post, type TestFront } from '../support/open-test-front.ts';

const WORKFLOW = { '1': { class_type: 'Note', inputs: {} } };
const TOKEN = 'correct-horse-battery-staple';

let front: TestFront;
afterEach(() => front.close());

it('B319 B320 what is left is told beside every answer of the API, refusals too, and never to those who watch Podium', async () => {
  front = await openTestFront({ submitsPerMinute: 2, requestsPerMinute: 3 });
  const ask = async (path: string, options = {}) => {
    const { status, headers } = await front.send(path, options);
    return [status, headers['ratelimit-policy'], String(headers['ratelimit']).replace(/t=\d+/, 't=…')];
  };
  const requests = '"requests";q=3;w=60';
  expect(await ask('/api/jobs')).toEqual([200, requests, '"requests";r=2;t=…']);
  expect(await ask('/api/nothing')).toEqual([404, requests, '"requests";r=1;t=…']);
  expect(await ask('/api/jobs', post({}))).toEqual([400, '"submit";q=2;w=60', '"submit";r=1;t=…']);
  expect(await ask('/api/jobs?limit=0')).toEqual([400, requests, '"requests";r=0;t=…']);
  const refused = await front.send('/api/pods');
  expect([refused.status, refused.json['code']]).toEqual([429, 'too_many_requests']);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(refused.json['detail']).toMatch(/^At most 3 requests of one address .* Go on in \d+ seconds\.$/);
  for (const path of ['/healthz', '/readyz', '/metrics']) expect((await ask(path))[0]).toBe(200);
  expect((await front.send('/api/jobs', post({ workflow: WORKFLOW }))).status).toBe(201);
});

it('B321 behind a trusted proxy each client has its own limits, on submissions and on wrong tokens', async () => {
  front = await openTestFront({ authToken: TOKEN, submitsPerMinute: 1, trustedProxies: ['127.0.0.1'] });
  const submit = async (client: string, token = TOKEN) =>
    (
      await front.send(
        '/api/jobs',
        post({ workflow: WORKFLOW }, { authorization: `Bearer ${token}`, 'x-forwarded-for': client }),
      )
    ).status;
  expect([await submit('203.0.113.1'), await submit('203.0.113.1'), await submit('203.0.113.2')]).toEqual([
    201, 429, 201,
  ]);
  expect(await submit('9.9.9.9, 203.0.113.1')).toBe(429);
  for (let wrong = 0; wrong < 10; wrong += 1) expect(await submit('203.0.113.3', 'wrong')).toBe(401);
  expect([await submit('203.0.113.3'), await submit('203.0.113.4')]).toEqual([429, 201]);
});

it('B321 without a trusted proxy nobody is believed', async () => {
  front = await openTestFront({ submitsPerMinute: 1 });
  const submit = async (client: string) =>
    (await front.send('/api/jobs', post({ workflow: WORKFLOW }, { 'x-forwarded-for': client }))).status;
  expect([await submit('203.0.113.1'), await submit('203.0.113.2')]).toEqual([201, 429]);
});

it('B321 a page that reads the API for its visitor takes of the visitor’s limit, not of its own', async () => {
  const seen: string[] = [];
  const pages: Pages = {
    async handle(req, res) {
      seen.push(String(req.headers['x-podium-visitor']));
      res.end();
    },
    upgrade: (_req, socket) => socket.destroy(),
    close: () => Promise.resolve(),
  };
  const opened = Promise.resolve(pages);
  front = await openTestFront({ requestsPerMinute: 2, trustedProxies: ['127.0.0.1'] }, undefined, opened);
  await opened;
  const visit = (client: string) =>
    front.send('/', { headers: { 'x-forwarded-for': client, 'x-podium-visitor': 'nobody' } });
  await visit('203.0.113.1');
  await visit('203.0.113.2');
  const read = async (visitor = '') =>
    (await front.send('/api/jobs', { headers: { 'x-podium-visitor': visitor } })).headers['ratelimit-remaining'];
  expect([await read(seen[0]), await read(seen[0]), await read(seen[1])]).toEqual(['1', '0', '1']);
  expect((await front.send('/')).headers['ratelimit']).toBeUndefined();
});
