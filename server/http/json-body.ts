import type { MiddlewareHandler } from 'hono';
import { refuse } from './problems.ts';

/** Largest body taken, bytes: a prompt of thousands of nodes with its saved form. */
export const MAX_BODY_BYTES = 25 * 1024 * 1024;
/** Deeper JSON is no workflow; it only serves to exhaust a parser. */
const MAX_DEPTH = 100;

/**
 * Refuses, before any route parses it, a body that is not bounded JSON. With `optional` a request without a body
 * passes as one with an empty object, whatever its content type.
 */
export function requireJson({ optional = false, maxBytes = MAX_BODY_BYTES } = {}): MiddlewareHandler {
  return async (context, next) => {
    const { headers } = context.req.raw;
    const empty = !headers.has('transfer-encoding') && Number(headers.get('content-length') ?? 0) === 0;
    if (optional && empty) {
      context.req.json = () => Promise.resolve({} as never);
      return next();
    }
    const type = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
    if (type !== 'application/json')
      return refuse('unsupported_media_type', 'Send the body as JSON with the header Content-Type: application/json.');
    const announced = Number(context.req.header('content-length') ?? 0);
    const text = announced > maxBytes ? undefined : await readBounded(context.req.raw, maxBytes);
    if (text === undefined)
      return refuse('body_too_large', `The body is larger than ${maxBytes / 1024 / 1024} MB. Make it smaller.`);
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch (error) {
      const why = error instanceof Error ? error.message : 'it does not parse';
      return refuse('invalid_json', `The body is not JSON: ${why}.`);
    }
    if (depthOf(body) > MAX_DEPTH) return refuse('invalid_json', `The body is nested deeper than ${MAX_DEPTH} levels.`);
    // The body is read and parsed here alone; the route's validator takes it from here.
    context.req.json = () => Promise.resolve(body as never);
    await next();
    return undefined;
  };
}

async function readBounded(request: Request, maxBytes: number): Promise<string | undefined> {
  if (!request.body) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(value);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Depth of nesting, found without recursion so that the body cannot choose our stack. */
function depthOf(root: unknown): number {
  let level: unknown[] = [root];
  for (let depth = 0; ; depth += 1) {
    if (level.length === 0 || depth > MAX_DEPTH) return depth;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
}
