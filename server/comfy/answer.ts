import type { IncomingHttpHeaders } from 'node:http';
import { PodCallError } from '../jobs/pod-client.ts';
import { parseTolerantJson } from '../../lib/tolerant-json.ts';

/** A whole HTTP answer of a pod, or of what stands before it. */
export interface PodAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export function header(answer: Pick<PodAnswer, 'headers'>, name: string): string {
  const value = answer.headers[name];
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}

/** ComfyUI never answers HTML to a call of its API: such a page is a proxy's. */
export function isHtml(answer: PodAnswer): boolean {
  if (/\bhtml\b/i.test(header(answer, 'content-type'))) return true;
  return /^\s*<(!doctype|html|head|body)/i.test(answer.body.subarray(0, 300).toString('latin1'));
}

/** The body as JSON, NaN and all; undefined where it is none. */
export function jsonOf(answer: PodAnswer): unknown {
  try {
    return parseTolerantJson(answer.body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Longest pause a pod's `Retry-After` may ask for. */
const MAX_RETRY_AFTER_MS = 600_000;

/** `Retry-After` in milliseconds, given as seconds or as a date; undefined where it says nothing usable. */
export function retryAfterMs(answer: Pick<PodAnswer, 'headers'>, now: number): number | undefined {
  const value = header(answer, 'retry-after').trim();
  if (value === '') return undefined;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(0, Math.ceil(ms)), MAX_RETRY_AFTER_MS) : undefined;
}

/** Whether the answer carries the marks of a proxy, which may still hold a request that was given up. */
export function isProxied(answer: Pick<PodAnswer, 'headers'>): boolean {
  const marks = ['via', 'cf-ray', 'x-served-by', 'x-cache', 'x-envoy-upstream-service-time', 'x-amz-cf-id', 'x-proxy'];
  if (marks.some((mark) => answer.headers[mark] !== undefined)) return true;
  return /cloudflare|nginx|openresty|caddy|traefik|envoy|apache|awselb|haproxy|gws|varnish|litespeed/i.test(
    header(answer, 'server'),
  );
}

/**
 * What an answer that is not a plain 200 means for a read (§6 of the protocol).
 * @returns undefined where the answer may be used
 */
export function refusalOf(answer: PodAnswer, shown: string): PodCallError | undefined {
  const { status } = answer;
  const html = isHtml(answer);
  const at = `The pod at ${shown}`;
  if (status >= 300 && status < 400)
    return new PodCallError('bad_answer', `${at} answers with a redirect, which is not followed.`);
  if (status === 401 || (status === 403 && !html))
    return new PodCallError('unauthorized', `${at} refuses the credentials (${status}).`);
  if (status === 404 && !html) return new PodCallError('not_found', `${at} does not have it (404).`);
  if (status === 429) return new PodCallError('unreachable', `${at} asks for a pause (429).`);
  if (status >= 500 || status === 403 || status === 404 || status === 408)
    return new PodCallError('unreachable', `${at} is not ready (${status}).`);
  if (status >= 400) return new PodCallError('refused', `${at} refuses the call (${status}).`);
  if (html) return new PodCallError('unreachable', `${at} answers with a web page instead of ComfyUI.`);
  return undefined;
}
