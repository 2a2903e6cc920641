import { Readable } from 'node:stream';
import { PodCallError, type OpenedOutput } from '../jobs/pod-client.ts';
import type { PodOutput } from '../jobs/pod-events.ts';
import { isHtml, refusalOf } from './answer.ts';
import { readBounded } from './bounded-body.ts';
import type { PodHttp } from './pod-http.ts';
import { MAX_BYTES } from './timing.ts';

type PodFile = Extract<PodOutput, { kind: 'file' }>;

/** Opens `GET /view` from a byte on. Errors of the body are `PodCallError` too. @throws PodCallError */
export async function openOutput(http: PodHttp, shown: string, file: PodFile, from: number): Promise<OpenedOutput> {
  const { filename, subfolder, type } = file;
  const range: Record<string, string> = from > 0 ? { range: `bytes=${from}-` } : {};
  const { statusCode: status, headers, body } = await http.open('/view', { filename, subfolder, type }, range);
  const page = isHtml({ status, headers, body: Buffer.alloc(0) }) && !/\.html?$/i.test(filename);
  if ((status !== 200 && status !== 206) || page || isEncoded(headers['content-encoding'])) {
    const told = await readBounded(body, undefined, MAX_BYTES.small).catch(() => Buffer.alloc(0));
    if (status === 416 && new RegExp(`/${from}$`).test(String(headers['content-range'])))
      return { body: Readable.from([]), length: 0, offset: from };
    throw (
      refusalOf({ status, headers, body: told }, shown) ??
      new PodCallError('bad_answer', `The pod at ${shown} gives the file in a form that was not asked for.`)
    );
  }
  const length = Number(headers['content-length'] ?? Number.NaN);
  const start = status === 206 ? /^bytes (\d+)-/.exec(String(headers['content-range']))?.[1] : '0';
  if (start === undefined) {
    body.on('error', () => undefined).destroy();
    throw new PodCallError('bad_answer', `The pod at ${shown} does not say which part of the file it gives.`);
  }
  const stream = Readable.from(withOwnErrors(http, body), { objectMode: false });
  // A reader that leaves before its first byte never starts the generator, which then cannot let the connection go.
  stream.once('close', () => body.on('error', () => undefined).destroy());
  return {
    body: stream,
    ...(Number.isSafeInteger(length) && { length }),
    offset: Number(start),
  };
}

async function* withOwnErrors(http: PodHttp, body: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const part of body as AsyncIterable<Buffer>) yield part;
  } catch (error) {
    throw http.failure(error);
  }
}

function isEncoded(encoding: string | string[] | undefined): boolean {
  return encoding !== undefined && encoding !== 'identity' && encoding.length > 0;
}
