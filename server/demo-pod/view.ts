import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import type { PodDisk } from './disk.ts';
import { empty, type Answer } from './http-answer.ts';

const TYPES: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.flac': 'audio/x-flac',
  '.mp3': 'audio/mpeg',
  '.txt': 'text/plain',
};

/** `GET /view`, with ranges as aiohttp's `FileResponse` serves them. */
export function view(disk: PodDisk, query: URLSearchParams, range: string | undefined): Answer {
  const filename = query.get('filename');
  const subfolder = query.get('subfolder') ?? '';
  const type = query.get('type') ?? 'output';
  if (filename === null) return empty(404);
  if (filename === '' || filename.startsWith('/') || filename.includes('..')) return empty(400);
  if (!['output', 'input', 'temp'].includes(type)) return empty(400);
  if (subfolder.split('/').includes('..') || subfolder.startsWith('/')) return empty(403);
  const file = disk.read({ filename, subfolder, type });
  if (!file) return empty(404);
  const { bytes } = file;
  const headers = {
    'content-disposition': `filename="${filename.replaceAll('"', '')}"`,
    'last-modified': file.modifiedAt.toUTCString(),
    etag: `"${createHash('sha256').update(bytes).digest('hex').slice(0, 24)}"`,
  };
  const contentType = TYPES[extname(filename).toLowerCase()] ?? 'application/octet-stream';
  const asked = /^bytes=(?:(\d+)-(\d*)|-(\d+))$/.exec(range ?? '');
  if (!asked) return { status: 200, body: bytes, contentType, headers: { ...headers, 'accept-ranges': 'bytes' } };
  const [, first, last, suffix] = asked;
  const from = suffix === undefined ? Number(first) : Math.max(0, bytes.length - Number(suffix));
  const to = Math.min(bytes.length - 1, last ? Number(last) : bytes.length - 1);
  if (from > to)
    return { status: 416, contentType, headers: { ...headers, 'content-range': `bytes */${bytes.length}` } };
  const span = { ...headers, 'accept-ranges': 'bytes', 'content-range': `bytes ${from}-${to}/${bytes.length}` };
  return { status: 206, body: bytes.subarray(from, to + 1), contentType, headers: span };
}
