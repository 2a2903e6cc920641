import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { PostRecord, RequestRecord } from './pod-control.ts';
import type { RunRecord } from './pod-types.ts';

const MAX_RECORDS = 10_000;
/** Bodies are kept of the newest POSTs only. */
const MAX_BODIES = 200;

const posted = z.object({
  prompt_id: z.string().optional().catch(undefined),
  client_id: z.string().optional().catch(undefined),
  extra_data: z
    .object({ podium: z.object({ jobId: z.string().optional() }).optional() })
    .optional()
    .catch(undefined),
});

/** What has happened at a pod, for tests to count. Bounded; the oldest go first. */
export class PodRecords {
  readonly runs: RunRecord[] = [];
  readonly posts: PostRecord[] = [];
  readonly requests: RequestRecord[] = [];
  socketsOpened = 0;
  upgradesRefused = 0;

  request(request: IncomingMessage): void {
    const { method = 'GET', url = '/' } = request;
    keep(this.requests, { method, path: url, at: Date.now(), headers: plain(request.headers) });
  }

  post(body: Buffer, headers: IncomingHttpHeaders): void {
    const value = parse(body);
    const { data } = posted.safeParse(value);
    const jobId = data?.extra_data?.podium?.jobId;
    keep(this.posts, {
      ...(data?.prompt_id === undefined ? {} : { promptId: data.prompt_id }),
      ...(data?.client_id === undefined ? {} : { clientId: data.client_id }),
      ...(jobId === undefined ? {} : { jobId }),
      at: Date.now(),
      headers: plain(headers),
      body: value,
    });
    const older = this.posts.at(-1 - MAX_BODIES);
    if (older) older.body = undefined;
  }
}

function keep<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > MAX_RECORDS) list.shift();
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function plain(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
