import type { IncomingMessage } from 'node:http';
import { hostname } from 'node:os';
import { isIP } from 'node:net';
import type { ProblemCode } from '../../lib/protocol/errors.ts';
import { isApiPath } from './create-api.ts';
import { isLoginPath } from './login-page.ts';
import type { Session } from './session.ts';

export type GateVerdict =
  | { ok: true }
  | {
      ok: false;
      code: ProblemCode;
      detail: string;
      /** A person should be sent to the login page instead of being shown a problem body. */
      login?: boolean;
      retryAfterS?: number;
    };

export interface GateOptions {
  /** The port that is listened on. */
  port: () => number;
  /** What HOST is. */
  host: string;
  /** The address browsers open, where a proxy stands before Podium. */
  publicUrl?: string;
  /** Present where AUTH_TOKEN is set. */
  session?: Session;
}

export interface Gate {
  check(req: IncomingMessage, transport: 'http' | 'upgrade'): Promise<GateVerdict>;
}

/** Decides, before anything else reads a request, whether it is for us, from our own pages or a program, and signed in. */
export function createGate(options: GateOptions): Gate {
  const publicUrl = options.publicUrl === undefined ? undefined : new URL(options.publicUrl);

  function isOurHost(host: string): boolean {
    if (publicUrl && host === publicUrl.host) return true;
    const parsed = parseHost(host);
    if (!parsed || parsed.port !== options.port()) return false;
    const { name } = parsed;
    if (isLoopbackName(name) || name === bare(options.host)) return true;
    // An address cannot be rebound to another one, a name can.
    return isWildcard(options.host) && (isIP(name) !== 0 || name === hostname().toLowerCase());
  }

  function checkSource(req: IncomingMessage, transport: 'http' | 'upgrade'): GateVerdict {
    const host = req.headers.host?.toLowerCase();
    if (host === undefined || !isOurHost(host))
      return {
        ok: false,
        code: 'host_refused',
        detail:
          'The Host header names another server. Open Podium by its own address, or set PUBLIC_URL to the one in use.',
      };
    const origin = req.headers.origin;
    const ownOrigin = host === publicUrl?.host ? publicUrl.origin : `http://${host}`;
    if (origin !== undefined && origin !== ownOrigin && origin !== publicUrl?.origin)
      return { ok: false, code: 'origin_refused', detail: 'Requests made by pages of another origin are refused.' };
    const site = req.headers['sec-fetch-site'];
    if ((site === 'cross-site' || site === 'same-site') && !(transport === 'http' && isPageVisit(req)))
      return { ok: false, code: 'origin_refused', detail: 'Requests made by pages of another site are refused.' };
    return { ok: true };
  }

  async function checkSession(req: IncomingMessage, session: Session): Promise<GateVerdict> {
    const credentials = await session.check(req);
    switch (credentials.kind) {
      case 'valid':
        return { ok: true };
      case 'limited':
        return {
          ok: false,
          code: 'too_many_requests',
          detail: 'Too many wrong tokens came from this address. Wait and try again.',
          retryAfterS: credentials.waitS,
        };
      case 'wrong':
        return { ok: false, code: 'unauthorized', detail: 'The token is not the one in AUTH_TOKEN.' };
      case 'missing':
        return {
          ok: false,
          code: 'unauthorized',
          detail: 'Sign in at /login, or send Authorization: Bearer with the token of AUTH_TOKEN.',
          login: wantsPage(req),
        };
    }
  }

  return {
    async check(req, transport) {
      const source = checkSource(req, transport);
      if (!source.ok || !options.session) return source;
      const path = pathOf(req);
      if (transport === 'http' && (path === '/healthz' || isLoginPath(path))) return source;
      return checkSession(req, options.session);
    },
  };
}

/** The path of a request without its query. */
export function pathOf(req: IncomingMessage): string {
  return (req.url ?? '/').split('?', 1)[0] ?? '/';
}

/**
 * A person who follows a link from elsewhere to one of our pages: it opens as a document of its own and changes
 * nothing, so it is let in. The API is not, nor a frame.
 */
function isPageVisit(req: IncomingMessage): boolean {
  return (
    req.method === 'GET' &&
    req.headers['sec-fetch-mode'] === 'navigate' &&
    req.headers['sec-fetch-dest'] === 'document' &&
    !isApiPath(pathOf(req))
  );
}

function wantsPage(req: IncomingMessage): boolean {
  const reads = req.method === 'GET' || req.method === 'HEAD';
  return reads && !isApiPath(pathOf(req)) && (req.headers.accept ?? '').includes('text/html');
}

function parseHost(host: string): { name: string; port: number } | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/.exec(host);
  if (match?.[1] === undefined) return undefined;
  return { name: bare(match[1]), port: match[2] === undefined ? 80 : Number(match[2]) };
}

function bare(host: string): string {
  return host.toLowerCase().replace(/^\[|\]$/g, '');
}

function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

function isWildcard(host: string): boolean {
  return bare(host) === '0.0.0.0' || bare(host) === '::';
}
