import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClientAddresses } from '../../server/http/client-address.ts';
import { createSession } from '../../server/http/session.ts';
import { openTestFront, post, upgrade, type Answer, type TestFront } from '../support/open-test-front.ts';
import { waitUntil } from '../support/wait-until.ts';

const TOKEN = 'correct-horse-battery-staple';
const WORKFLOW = { workflow: { '1': { class_type: 'Note', inputs: {} } } };

let front: TestFront;
beforeEach(async () => {
  front = await openTestFront({ authToken: TOKEN });
});
afterEach(() => front.close());

function signIn(token: string, next = '/', to = front): Promise<Answer> {
  return to.send('/login', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: to.origin },
    body: new URLSearchParams({ token, next }).toString(),
  });
}

function cookieOf(answer: Answer): string {
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('without a session', () => {
  it('B134 everything but /healthz and the login page is closed, on every transport', async () => {
    for (const path of [
      '/api/jobs',
      '/api/pods',
      '/api/openapi.json',
      '/api/docs',
      '/metrics',
      '/readyz',
      '/icon.svg',
    ]) {
      const answer = await front.send(path);
      expect([path, answer.status, answer.json['code']]).toEqual([path, 401, 'unauthorized']);
    }
    expect((await front.send('/api/jobs', post(WORKFLOW))).status).toBe(401);
    expect((await front.send('/socket.io/?EIO=4&transport=polling')).status).toBe(401);
    expect(await upgrade(front.port, '/socket.io/?EIO=4&transport=websocket', {})).toBe(401);
    expect((await front.send('/healthz')).status).toBe(200);
    expect((await front.send('/login')).status).toBe(200);
    expect(front.desk.jobs.size).toBe(0);
  });

  it('B134 the token as a bearer opens REST, polling and WebSocket to programs', async () => {
    expect((await front.send('/api/jobs', { headers: bearer(TOKEN) })).status).toBe(200);
    expect((await front.send('/metrics', { headers: bearer(TOKEN) })).status).toBe(200);
    for (const transport of ['polling', 'websocket']) {
      const socket = await front.connected({ transports: [transport], extraHeaders: bearer(TOKEN) });
      expect(socket.connected).toBe(true);
    }
    for (const wrong of [`${TOKEN}x`, TOKEN.slice(1), TOKEN.toUpperCase(), ''])
      expect((await front.send('/api/jobs', { headers: bearer(wrong) })).status).toBe(401);
  });

  it('B135 a page leads to the login form, which remembers where to go', async () => {
    const page = await front.send('/jobs/7?tab=outputs', { headers: { accept: 'text/html,*/*' } });
    expect([page.status, page.headers['location']]).toEqual([303, '/login?next=%2Fjobs%2F7%3Ftab%3Doutputs']);
    const form = await front.send(String(page.headers['location']));
    expect(form.body).toContain('<form method="post" action="/login">');
    expect(form.body).toContain('name="next" value="/jobs/7?tab=outputs"');
    expect(form.body).not.toContain('<script');
  });
});

describe('signing in', () => {
  it('B135 the right token gives a session that opens everything, by a cookie no script can read', async () => {
    const answer = await signIn(TOKEN, '/jobs/7?tab=outputs');
    expect([answer.status, answer.headers['location']]).toEqual([303, '/jobs/7?tab=outputs']);
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^podium_session=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const headers = { cookie: `theme=dark; ${cookieOf(answer)}` };
    expect((await front.send('/api/jobs', { headers })).status).toBe(200);
    expect((await front.connected({ extraHeaders: headers })).connected).toBe(true);
  });

  it('B135 where browsers use https the cookie is sent over https alone', async () => {
    const secure = await openTestFront({ authToken: TOKEN, publicUrl: 'https://podium.example' });
    expect(String((await signIn(TOKEN, '/', secure)).headers['set-cookie'])).toMatch(/; Secure$/);
    await secure.close();
  });

  it('B135 a wrong token is told so in words, and gives no session', async () => {
    const answer = await signIn('wrong', '/jobs/7');
    expect(answer.status).toBe(401);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.body).toContain('role="alert"');
    expect(answer.body).toContain('name="next" value="/jobs/7"');
  });

  it('B135 after signing in nobody is led to another site, in circles or anywhere odd', async () => {
    const odd = [
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example',
      '/.//evil.example',
      '\\\\evil.example',
      'javascript:alert(1)',
      '/login?next=/login',
      '/logout',
      `/${'x'.repeat(3000)}`,
      '',
    ];
    for (const next of odd) expect([next, (await signIn(TOKEN, next)).headers['location']]).toEqual([next, '/']);
  });

  it('B135 what a link puts into the form stays text', async () => {
    const form = await front.send(`/login?next=${encodeURIComponent('/"><script>alert(1)</script>')}`);
    expect(form.body).not.toContain('<script');
  });

  it('B135 another site cannot sign a browser in', async () => {
    const answer = await front.send('/login', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' },
      body: `token=${TOKEN}`,
    });
    expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined]);
  });

  it('B135 a form that is far too long is refused', async () => {
    expect((await signIn('x'.repeat(20_000))).status).toBe(413);
    expect((await front.send('/login', { method: 'DELETE' })).status).toBe(405);
  });
});

describe('guessing', () => {
  it('B136 after ten wrong tokens an address waits, even with the right one, while sessions go on', async () => {
    const headers = { cookie: cookieOf(await signIn(TOKEN)) };
    const other = { cookie: cookieOf(await signIn(TOKEN)) };
    const program = await front.connected({ extraHeaders: bearer(TOKEN), reconnection: false });
    for (let attempt = 1; attempt <= 5; attempt += 1) expect((await signIn(`wrong-${attempt}`)).status).toBe(401);
    for (let attempt = 6; attempt <= 10; attempt += 1)
      expect((await front.send('/api/jobs', { headers: bearer(`wrong-${attempt}`) })).status).toBe(401);

    const form = await signIn(TOKEN);
    expect(form.status).toBe(429);
    expect(Number(form.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(form.headers['retry-after'])).toBeLessThanOrEqual(60);
    const api = await front.send('/api/jobs', { headers: bearer(TOKEN) });
    expect([api.status, api.json['code']]).toEqual([429, 'too_many_requests']);
    expect(Number(api.headers['retry-after'])).toBeGreaterThan(0);
    expect((await front.send('/api/jobs', { headers })).status).toBe(200);

    // Signing out makes the server look at every connection again.
    const browser = await front.connected({ extraHeaders: other, reconnection: false });
    await front.send('/logout', { method: 'POST', headers: other });
    await waitUntil(() => browser.disconnected, 'the socket of the ended session is closed');
    expect(program.connected).toBe(true);
  });
});

describe('the end of a session', () => {
  it('B137 signing out ends it at once, its sockets too', async () => {
    const headers = { cookie: cookieOf(await signIn(TOKEN)) };
    const socket = await front.connected({ extraHeaders: headers, reconnection: false });
    const out = await front.send('/logout', { method: 'POST', headers });
    expect([out.status, out.headers['location']]).toEqual([303, '/login']);
    expect(String(out.headers['set-cookie'])).toContain('Max-Age=0');
    await waitUntil(() => socket.disconnected, 'the socket is closed');
    expect((await front.send('/api/jobs', { headers })).status).toBe(401);
  });

  it('B137 it outlives a restart, and ends when the token is changed', async () => {
    const headers = { cookie: cookieOf(await signIn(TOKEN)) };
    const again = await openTestFront({ authToken: TOKEN });
    expect((await again.send('/api/jobs', { headers })).status).toBe(200);
    await again.close();
    const changed = await openTestFront({ authToken: `${TOKEN}-2` });
    expect((await changed.send('/api/jobs', { headers })).status).toBe(401);
    await changed.close();
  });

  it('B137 it ends after seven days, and nobody can lengthen it', async () => {
    let now = new Date('2026-01-01T00:00:00Z');
    const session = createSession({ token: TOKEN, now: () => now, addresses: createClientAddresses() });
    const bare = { headers: {}, socket: {} };
    const login = await session.login(TOKEN, bare as never);
    if (login.kind !== 'signed_in') throw new Error(login.kind);
    const cookie = login.cookie.split(';')[0] ?? '';
    const check = async (text: string) => (await session.check({ ...bare, headers: { cookie: text } } as never)).kind;
    now = new Date('2026-01-07T23:59:59Z');
    expect(await check(cookie)).toBe('valid');
    now = new Date('2026-01-08T00:00:00Z');
    expect(await check(cookie)).toBe('missing');
    const later = cookie.replace(/=\d+/, `=${now.getTime() + 1000}`);
    expect(later).not.toBe(cookie);
    expect(await check(later)).toBe('missing');
  });
});
