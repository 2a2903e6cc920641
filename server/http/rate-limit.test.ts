import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { createClientAddresses } from './client-address.ts';
import type { ApiEnv } from './create-api.ts';
import { limitRates } from './rate-limit.ts';

function limitedApp(limits: { submitsPerMinute: number; requestsPerMinute: number }) {
  const app = new Hono<ApiEnv>();
  const worked: string[] = [];
  app.use('/api/*', limitRates({ addresses: createClientAddresses(), ...limits }));
  app.all('/api/*', (context) => {
    worked.push(context.req.method);
    return context.text('done', 201);
  });
  const from = (remoteAddress: string, path = '/api/jobs', method = 'POST') =>
    app.request(path, { method }, { incoming: { socket: { remoteAddress }, headers: {} } as never });
  return { from, worked };
}

it('B128 above the limit an address waits until the named time, others do not', async () => {
  const { from, worked } = limitedApp({ submitsPerMinute: 3, requestsPerMinute: 100 });
  const left = [];
  for (let sent = 0; sent < 3; sent += 1) left.push((await from('10.0.0.1')).headers.get('ratelimit-remaining'));
  expect(left).toEqual(['2', '1', '0']);

  const refused = await from('::ffff:10.0.0.1');
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ code: 'too_many_requests', status: 429 });
  const [retryAfter, reset] = ['retry-after', 'ratelimit-reset'].map((name) => Number(refused.headers.get(name)));
  expect(retryAfter).toBe(reset);
  expect(retryAfter).toBeGreaterThan(0);
  expect(retryAfter).toBeLessThanOrEqual(60);
  expect(worked).toHaveLength(3);

  expect((await from('10.0.0.2')).status).toBe(201);
  expect((await from('2001:db8:1:2:3::1')).headers.get('ratelimit-remaining')).toBe('2');
  expect((await from('2001:db8:1:2:9::9')).headers.get('ratelimit-remaining')).toBe('1');
});

it('B319 each answer under a limit names the limit and what is left of it in the standard fields', async () => {
  const { from } = limitedApp({ submitsPerMinute: 2, requestsPerMinute: 5 });
  const fields = ({ headers }: Response) => [headers.get('ratelimit-policy'), headers.get('ratelimit')];
  expect(fields(await from('10.0.0.1'))).toEqual(['"submit";q=2;w=60', '"submit";r=1;t=60']);
  expect(fields(await from('10.0.0.1', '/api/jobs', 'GET'))).toEqual(['"requests";q=5;w=60', '"requests";r=4;t=60']);
  await from('10.0.0.1');
  const refused = await from('10.0.0.1');
  expect([refused.status, refused.headers.get('content-type'), refused.headers.get('retry-after')]).toEqual([
    429,
    'application/problem+json',
    '60',
  ]);
  expect(fields(refused)).toEqual(['"submit";q=2;w=60', '"submit";r=0;t=60']);
});

it('B320 whoever has submitted too much may still ask and cancel, and the other way round', async () => {
  const { from, worked } = limitedApp({ submitsPerMinute: 1, requestsPerMinute: 2 });
  const statuses = async (...calls: [string, string][]) => {
    const answers = [];
    for (const [method, path] of calls) answers.push((await from('10.0.0.1', path, method)).status);
    return answers;
  };
  expect(await statuses(['POST', '/api/jobs'], ['POST', '/api/jobs'])).toEqual([201, 429]);
  expect(await statuses(['POST', '/api/jobs/1/cancel'], ['GET', '/api/jobs'])).toEqual([201, 201]);
  expect(await statuses(['GET', '/api/jobs'], ['POST', '/api/jobs/2/cancel'])).toEqual([429, 429]);
  expect(worked).toEqual(['POST', 'POST', 'GET']);
});
