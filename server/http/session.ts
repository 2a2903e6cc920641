import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import type { ClientAddresses } from './client-address.ts';
import { SESSION_COOKIE } from '../../lib/protocol/session-cookie.ts';

const SESSION_MS = 7 * 86_400_000;
/** Wrong tokens from one address before it has to wait. */
const MAX_WRONG = 10;
const WINDOW_S = 60;
/** Ended sessions that are remembered; the oldest is forgotten first. */
const MAX_REVOKED = 10_000;

export interface SessionOptions {
  token: string;
  now: () => Date;
  /** By whom wrong tokens are counted. */
  addresses: Pick<ClientAddresses, 'of'>;
  /** The cookie is sent over https alone. */
  secure?: boolean;
}

export type Credentials =
  { kind: 'valid' } | { kind: 'missing' } | { kind: 'wrong' } | { kind: 'limited'; waitS: number };
export type Login = { kind: 'signed_in'; cookie: string } | Extract<Credentials, { kind: 'wrong' | 'limited' }>;

export interface Session {
  /** What a request shows: the session cookie, or `Authorization: Bearer` with the token itself. */
  check(req: IncomingMessage): Promise<Credentials>;
  /** Takes a token typed by a person; `cookie` is a whole Set-Cookie value. */
  login(token: string, req: IncomingMessage): Promise<Login>;
  /** Ends the request's session; the Set-Cookie value that removes its cookie. */
  logout(req: IncomingMessage): string;
}

/**
 * Sign-in with one shared token. A session is `expiry.id.mac`, its key derived from the token, so that it outlives a
 * restart and ends for everybody when the token changes. Wrong tokens are counted by address.
 */
export function createSession({ token, now, addresses, secure = false }: SessionOptions): Session {
  const key = createHmac('sha256', token).update('podium session v1').digest();
  const revoked = new Set<string>();
  const wrongTokens = new RateLimiterMemory({ points: MAX_WRONG, duration: WINDOW_S });

  const macOf = (payload: string) => createHmac('sha256', key).update(payload).digest('base64url');
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;

  /** The id of a session that is ours, unexpired and not ended. */
  function sessionId(req: IncomingMessage): string | undefined {
    const [expiry, id, mac, ...rest] = cookieOf(req)?.split('.') ?? [];
    if (expiry === undefined || id === undefined || mac === undefined || rest.length > 0) return undefined;
    if (!sameText(mac, macOf(`${expiry}.${id}`))) return undefined;
    return Number(expiry) > now().getTime() && !revoked.has(id) ? id : undefined;
  }

  async function compare(
    given: string,
    req: IncomingMessage,
  ): Promise<Extract<Credentials, { kind: 'valid' | 'wrong' | 'limited' }>> {
    const address = addresses.of(req);
    const before = await wrongTokens.get(address);
    if (before && before.consumedPoints >= MAX_WRONG) return { kind: 'limited', waitS: seconds(before) };
    if (sameText(given, token)) return { kind: 'valid' };
    await wrongTokens.penalty(address, 1);
    return { kind: 'wrong' };
  }

  return {
    async check(req) {
      if (sessionId(req) !== undefined) return { kind: 'valid' };
      const bearer = /^Bearer +(\S+) *$/i.exec(req.headers.authorization ?? '')?.[1];
      return bearer === undefined ? { kind: 'missing' } : compare(bearer, req);
    },
    async login(given, req) {
      const verdict = await compare(given, req);
      if (verdict.kind !== 'valid') return verdict;
      const payload = `${now().getTime() + SESSION_MS}.${randomBytes(16).toString('base64url')}`;
      const value = `${payload}.${macOf(payload)}`;
      return { kind: 'signed_in', cookie: `${SESSION_COOKIE}=${value}; Max-Age=${SESSION_MS / 1000}; ${attributes}` };
    },
    logout(req) {
      const id = sessionId(req);
      if (id !== undefined) {
        revoked.add(id);
        const [oldest] = revoked;
        if (revoked.size > MAX_REVOKED && oldest !== undefined) revoked.delete(oldest);
      }
      return `${SESSION_COOKIE}=; Max-Age=0; ${attributes}`;
    },
  };
}

/** Compares hashes, so that neither content nor length shows in the time it takes. */
function sameText(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

function cookieOf(req: IncomingMessage): string | undefined {
  const prefix = `${SESSION_COOKIE}=`;
  return req.headers.cookie
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(prefix))
    ?.slice(prefix.length);
}

function seconds(limited: RateLimiterRes): number {
  return Math.max(1, Math.ceil(limited.msBeforeNext / 1000));
}
