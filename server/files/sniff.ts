import { fileTypeFromBuffer } from 'file-type';
import type { OutputKind } from '../../lib/jobs/job.ts';

export interface Sniffed {
  contentType: string;
  kind: OutputKind;
}

/** Bytes of a file's beginning that are looked at. */
export const HEAD_BYTES = 64 * 1024;

const PLAIN: Sniffed = { contentType: 'text/plain', kind: 'text' };
const UNKNOWN: Sniffed = { contentType: 'application/octet-stream', kind: 'file' };

/** Other names of types that browsers play. */
const USUAL: Record<string, string> = {
  'audio/x-flac': 'audio/flac',
  'audio/x-wav': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/x-m4a': 'audio/mp4',
  'video/x-m4v': 'video/mp4',
  'image/vnd.mozilla.apng': 'image/apng',
};

/**
 * What a file is, from its content; its name decides only between texts. Whatever could run in a browser (HTML, SVG,
 * scripts, documents) is `text/plain` or `application/octet-stream`.
 * @param head the first `HEAD_BYTES` of the file, or all of it
 */
export async function sniff(head: Uint8Array, bytes: number, filename: string): Promise<Sniffed> {
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  const mime = found?.mime.split(';', 1)[0]?.trim() ?? '';
  const contentType = USUAL[mime] ?? mime;
  const [family] = contentType.split('/', 1);
  if (family === 'image' && contentType !== 'image/svg+xml') return { contentType, kind: 'image' };
  if (family === 'video' || family === 'audio' || family === 'model') return { contentType, kind: family };
  const text = textOf(head, head.byteLength < bytes);
  if (text !== undefined && bytes > 0) return modelText(text, filename) ?? PLAIN;
  return binaryModel(head, bytes, filename) ?? UNKNOWN;
}

/** The text of a file; undefined where it is not UTF-8 or holds bytes that no text has. */
export function textOf(content: Uint8Array, cut = false): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content, { stream: cut });
    return /[^\P{Cc}\t\n\v\f\r]/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Models that are written as text. */
function modelText(text: string, filename: string): Sniffed | undefined {
  const extension = extensionOf(filename);
  if (/^\s*\{/.test(text) && /"asset"\s*:\s*\{[^}]*"version"/.test(text))
    return { contentType: 'model/gltf+json', kind: 'model' };
  if (extension === 'obj' && /^\s*v(\s+-?\d\S*){3}/m.test(text)) return { contentType: 'model/obj', kind: 'model' };
  if (/^solid\b/.test(text) && /facet\s+normal/.test(text)) return { contentType: 'model/stl', kind: 'model' };
  if (/^ply\r?\nformat /.test(text)) return { contentType: 'model/ply', kind: 'model' };
  return undefined;
}

function binaryModel(head: Uint8Array, bytes: number, filename: string): Sniffed | undefined {
  const start = Buffer.from(head.subarray(0, 84));
  if (/^ply\r?\nformat binary/.test(start.toString('latin1'))) return { contentType: 'model/ply', kind: 'model' };
  if (start.toString('latin1').startsWith('Kaydara FBX Binary'))
    return { contentType: 'application/octet-stream', kind: 'model' };
  // A binary STL has no mark but its length: 84 bytes, then 50 for each triangle.
  if (extensionOf(filename) === 'stl' && start.length === 84 && bytes === 84 + 50 * start.readUInt32LE(80))
    return { contentType: 'model/stl', kind: 'model' };
  return undefined;
}

function extensionOf(filename: string): string {
  return /\.([a-z0-9]+)$/i.exec(filename)?.[1]?.toLowerCase() ?? '';
}
