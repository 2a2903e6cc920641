import { Hono } from 'hono';
import { expect, it } from 'vitest';
import type { ApiEnv } from './create-api.ts';
import { limitRate } from './rate-limit.ts';

it('B128 above the limit an address waits until the named time, others and other methods do not', async () => {
  const app = new Hono<ApiEnv>();
  let work = 0;
  app.use('/work', limitRate('POST', 3));
  app.all('/work', (context) => {
    work += 1;
    return context.text('done', 201);
  });
  const from = (remoteAddress: string, method = 'POST') =>
    app.request('/work', { method }, { incoming: { socket: { remoteAddress } } });
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
  expect(work).toBe(3);

  expect((await from('10.0.0.2')).status).toBe(201);
  expect((await from('10.0.0.1', 'GET')).status).toBe(201);
  expect((await from('2001:db8:1:2:3::1')).headers.get('ratelimit-remaining')).toBe('2');
  expect((await from('2001:db8:1:2:9::9')).headers.get('ratelimit-remaining')).toBe('1');
});
