import type { IncomingMessage, ServerResponse } from 'node:http';
import { pythonJson } from './python-json.ts';

export interface Answer {
  status: number;
  body?: string | Buffer;
  contentType?: string;
  headers?: Record<string, string>;
}

export const json = (value: unknown, status = 200): Answer => ({
  status,
  body: pythonJson(value),
  contentType: 'application/json; charset=utf-8',
});
export const text = (status: number, body: string): Answer => ({
  status,
  body,
  contentType: 'text/plain; charset=utf-8',
});
export const empty = (status = 200): Answer => ({ status });
/** A path that no route knows: aiohttp looks for a file of the frontend and finds none. */
export const notFound: Answer = { status: 404, contentType: 'application/octet-stream' };
/** What aiohttp says when a handler raised. */
export const serverError = text(500, '500 Internal Server Error\n\nServer got itself in trouble');

export function send(response: ServerResponse, answer: Answer): void {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : (answer.body ?? Buffer.alloc(0));
  response.writeHead(answer.status, {
    ...(answer.contentType ? { 'content-type': answer.contentType } : {}),
    'content-length': String(body.length),
    ...answer.headers,
  });
  response.end(body);
}

/** The whole body. Undefined where it is larger than `maxBytes`. Throws when the client goes. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let total = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    total += part.length;
    if (total <= maxBytes) parts.push(part);
  }
  return total > maxBytes ? undefined : Buffer.concat(parts);
}
