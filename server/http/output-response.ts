import { Readable } from 'node:stream';
import type { Context } from 'hono';

/** Types a browser may show in place. Anything that could run script is only ever downloaded. */
const SHOWN =
  /^(image\/(png|jpeg|webp|gif|avif|apng)|video\/(mp4|webm|quicktime)|audio\/(mpeg|flac|ogg|wav|opus|mp4)|text\/plain)$/;

const GUARD = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'",
  'cross-origin-resource-policy': 'same-origin',
};

const KEEP = { 'cache-control': 'private, max-age=31536000, immutable' };

/** A file as it is kept. */
export interface KeptFile {
  sha256: string;
  bytes: number;
  contentType: string;
  filename: string;
  /** Its bytes; `range` is inclusive. Undefined where it is gone. */
  open(range: { start: number; end: number } | undefined): Promise<Readable | undefined>;
  /** The answer where it is gone. */
  gone: () => Response;
}

/** What a request for a file says, by its headers. */
interface FileRequest {
  range?: string | undefined;
  ifRange?: string | undefined;
  ifNoneMatch?: string | undefined;
  download: boolean;
  /** Headers alone are wanted. */
  head: boolean;
}

/** Whether `If-None-Match` names this tag; a list, weak tags and `*` are known too. */
export function matches(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes('*') || tags.includes(etag);
}

/** `bytes=a-b` for a file of `size` bytes; `unsatisfiable` where it lies outside, undefined where there is none. */
export function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const match = header === undefined ? undefined : /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const suffix = match[1] === '';
  const start = suffix ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = suffix || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  return start > end || start >= size ? 'unsatisfiable' : { start, end };
}

/** What the headers of a request say about the file it asks for. */
export function fileRequest({ req }: Context, download: boolean): FileRequest {
  return {
    download,
    range: req.header('range'),
    ifRange: req.header('if-range'),
    ifNoneMatch: req.header('if-none-match'),
    head: req.raw.method === 'HEAD',
  };
}

/** A file, whole or in part, so that no browser runs what is in it. */
export async function fileResponse(file: KeptFile, request: FileRequest): Promise<Response> {
  const etag = `"${file.sha256}"`;
  // A 304 replaces the headers a browser keeps with the picture, so it carries the same guard.
  const kept = { ...GUARD, ...KEEP, etag };
  if (matches(request.ifNoneMatch, etag)) return new Response(null, { status: 304, headers: kept });
  const whole = request.ifRange !== undefined && request.ifRange !== etag;
  const range = whole ? undefined : parseRange(request.range, file.bytes);
  if (range === 'unsatisfiable')
    return new Response(null, { status: 416, headers: { ...GUARD, 'content-range': `bytes */${file.bytes}` } });
  const body = await file.open(range);
  if (!body) return file.gone();
  const shown = SHOWN.test(file.contentType) && !request.download;
  const type = file.contentType === 'text/plain' ? 'text/plain; charset=utf-8' : file.contentType;
  const length = range ? range.end - range.start + 1 : file.bytes;
  if (request.head) body.destroy();
  return new Response(request.head ? null : (Readable.toWeb(body) as ReadableStream), {
    status: range ? 206 : 200,
    headers: {
      ...kept,
      'content-type': SHOWN.test(file.contentType) ? type : 'application/octet-stream',
      'content-length': String(length),
      'accept-ranges': 'bytes',
      'content-disposition': `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.filename)}`,
      ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${file.bytes}` }),
    },
  });
}

/** A small picture of an output; without `picture`, that the browser's own copy is good. */
export function thumbnailResponse(picture: Uint8Array | undefined, etag: string): Response {
  if (!picture) return new Response(null, { status: 304, headers: { ...GUARD, ...KEEP, etag } });
  return new Response(Buffer.from(picture), {
    headers: { ...GUARD, ...KEEP, 'content-type': 'image/webp', etag },
  });
}
