import { afterAll, beforeAll, expect, it } from 'vitest';
import { securityHeaders } from '../../server/http/security-headers.ts';
import type { Pages } from '../../server/pages.ts';
import { openTestFront, type TestFront } from '../support/open-test-front.ts';

let front: TestFront;
beforeAll(async () => {
  front = await openTestFront({ authToken: 'correct-horse-battery-staple' });
});
afterAll(() => front.close());

it.each(['/healthz', '/login', '/api/jobs', '/nothing'])('B138 %s carries every safety header', async (path) => {
  const { headers } = await front.send(path);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
  expect(headers['permissions-policy']).toContain('camera=()');
  expect(headers['strict-transport-security']).toBeUndefined();
  expect(headers['x-powered-by']).toBeUndefined();
});

it('B138 scripts run by a nonce that no two answers share, never inline or from elsewhere', async () => {
  const policies = await Promise.all(
    ['/login', '/login'].map(async (path) => String((await front.send(path)).headers['content-security-policy'])),
  );
  const [first, second] = policies.map((policy) => /script-src ([^;]+)/.exec(policy)?.[1] ?? '');
  expect(first).toMatch(/^'self' 'nonce-[A-Za-z0-9+/=]{24}'$/);
  expect(first).not.toBe(second);
  for (const part of ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "object-src 'none'"])
    expect(policies[0]).toContain(part);
});

it('B138 only where browsers use https are they told to stay with it', () => {
  const named = (https: boolean) => securityHeaders('n', { development: false, https });
  expect(named(true)).toHaveProperty('strict-transport-security', 'max-age=31536000');
  expect(named(false)).not.toHaveProperty('strict-transport-security');
});

it('B138 pages are given their nonce and our own address, whatever a visitor sends', async () => {
  const seen: Record<string, unknown>[] = [];
  let open: (pages: Pages) => void = () => undefined;
  const opened = new Promise<Pages>((resolve) => (open = resolve));
  const visited = await openTestFront({}, undefined, opened);
  const headers = { 'x-podium-origin': 'http://evil.example', 'content-security-policy': "script-src 'nonce-x'" };
  const early = await visited.send('/', { headers });
  expect([early.status, early.json['code'], early.headers['retry-after']]).toEqual([503, 'not_ready', '1']);
  open({
    async handle(req, res) {
      seen.push(req.headers);
      res.end('<!doctype html>');
    },
    upgrade: (_req, socket) => socket.destroy(),
    close: () => Promise.resolve(),
  });
  await opened;
  const page = await visited.send('/jobs/1', { headers });
  expect(page.body).toBe('<!doctype html>');
  expect(seen).toMatchObject([
    { 'content-security-policy': page.headers['content-security-policy'], 'x-podium-origin': visited.origin },
  ]);
  await visited.close();
});
