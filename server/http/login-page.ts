import type { IncomingMessage, ServerResponse } from 'node:http';
import { html } from 'hono/html';
import type { Session } from './session.ts';

/** Bytes; a token and a path. */
const MAX_FORM_BYTES = 8192;

const STYLE = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{min-height:100vh;margin:0;display:grid;place-content:center;padding:1rem;box-sizing:border-box}
main{width:min(22rem,calc(100vw - 2rem))}h1{font-size:1.5rem;margin:0 0 .25rem}p{margin:.25rem 0 1rem}
label{display:block;font-weight:600;margin-bottom:.25rem}
input{box-sizing:border-box;width:100%;font:inherit;padding:.5rem .75rem;border:1px solid #767676;border-radius:.5rem}
button{width:100%;margin-top:1rem;font:inherit;font-weight:600;padding:.6rem;border:0;border-radius:.5rem;background:#4f46e5;color:#fff}
:focus-visible{outline:3px solid #818cf8;outline-offset:2px}
[role=alert]{border-left:4px solid #dc2626;padding-left:.75rem}
`;

export function isLoginPath(path: string): boolean {
  return path === '/login' || path === '/logout';
}

/** Where the login page leads back to `url`, a path with its query. */
export function loginUrl(url: string): string {
  const next = localTarget(url);
  return next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`;
}

/** A path on this server, or `/`: never another site, nor the way out again. */
export function localTarget(text: string | null | undefined): string {
  if (!text?.startsWith('/') || text.length > 2000) return '/';
  const base = 'http://podium.invalid';
  if (!URL.canParse(text, base)) return '/';
  const url = new URL(text, base);
  // A path that begins with two slashes would name another host in a Location header.
  if (url.origin !== base || url.pathname.startsWith('//') || isLoginPath(url.pathname)) return '/';
  return `${url.pathname}${url.search}`;
}

/** `GET /login` shows the form, `POST /login` signs in, `POST /logout` ends the session. No script is needed. */
export async function handleLogin(req: IncomingMessage, res: ServerResponse, session: Session): Promise<void> {
  const url = new URL(req.url ?? '/login', 'http://podium.invalid');
  if (url.pathname === '/logout') {
    if (req.method !== 'POST') return refuseMethod(res, 'POST');
    res.writeHead(303, { location: '/login', 'set-cookie': session.logout(req), 'cache-control': 'no-store' }).end();
    return;
  }
  if (req.method === 'GET' || req.method === 'HEAD')
    return sendPage(res, 200, localTarget(url.searchParams.get('next')));
  if (req.method !== 'POST') return refuseMethod(res, 'GET, HEAD, POST');
  const form = await readForm(req);
  if (!form) return sendPage(res, 413, '/', 'That was too long to be a token.');
  const next = localTarget(form.get('next'));
  const login = await session.login(form.get('token') ?? '', req);
  switch (login.kind) {
    case 'signed_in':
      res.writeHead(303, { location: next, 'set-cookie': login.cookie, 'cache-control': 'no-store' }).end();
      return;
    case 'wrong':
      return sendPage(res, 401, next, 'That is not the token. It is the value of AUTH_TOKEN where Podium was started.');
    case 'limited':
      res.setHeader('retry-after', String(login.waitS));
      return sendPage(res, 429, next, `Too many wrong tokens. Wait ${login.waitS} seconds, then try again.`);
  }
}

function refuseMethod(res: ServerResponse, allow: string): void {
  res.writeHead(405, { allow, 'content-type': 'text/plain; charset=utf-8' }).end('Use the form at /login.\n');
}

async function readForm(req: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // The connection stays open for the answer where the form is too long.
  for await (const chunk of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_FORM_BYTES) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

async function sendPage(res: ServerResponse, status: number, next: string, problem?: string): Promise<void> {
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <title>Sign in · Podium</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <main>
          <h1>Podium</h1>
          <p>Sign in with the token this server was started with.</p>
          ${problem === undefined ? '' : html`<p role="alert">${problem}</p>`}
          <form method="post" action="/login">
            <input type="hidden" name="next" value="${next}" />
            <input type="text" name="username" value="podium" autocomplete="username" hidden />
            <label for="token">Token</label>
            <input id="token" name="token" type="password" required autofocus autocomplete="current-password" />
            <button>Sign in</button>
          </form>
        </main>
      </body>
    </html>`;
  res.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  res.end(String(page));
}
