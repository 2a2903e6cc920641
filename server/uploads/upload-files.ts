import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { uploadSchema, type Upload } from '../../lib/protocol/uploads.ts';

/** Files of one upload. It is whole where record and content are both there. */
export interface UploadFiles {
  content: string;
  record: string;
  /** What has arrived of one that is not whole. */
  part: string;
}

const HASH = /^[0-9a-f]{64}$/;
/** A use is noted by the record's time, at most this often. */
const NOTE_EVERY_MS = 3_600_000;

export function isHash(text: string): boolean {
  return HASH.test(text);
}

/** `hash` must be one: it becomes a path. */
export function filesOf(dir: string, hash: string): UploadFiles {
  if (!isHash(hash)) throw new TypeError('An upload is named by 64 hex digits');
  const base = join(dir, hash);
  return { content: `${base}.bin`, record: `${base}.json`, part: `${base}.part` };
}

/** The record of a whole upload; undefined where it is not whole. */
export async function readUpload(files: UploadFiles): Promise<Upload | undefined> {
  try {
    const [record, content] = await Promise.all([readFile(files.record, 'utf8'), stat(files.content)]);
    const upload = uploadSchema.parse(JSON.parse(record));
    return upload.bytes === content.size ? upload : undefined;
  } catch {
    return undefined;
  }
}

/** Notes that the upload is in use, so that it is kept. */
export async function noteUse(files: UploadFiles, now: number): Promise<void> {
  const noted = await stat(files.record).catch(() => undefined);
  if (!noted || now - noted.mtimeMs < NOTE_EVERY_MS) return;
  // A folder that cannot be written to can still be read from.
  await utimes(files.record, new Date(now), new Date(now)).catch(() => undefined);
}

/** Bytes in a file; 0 where there is none. */
export async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** Lower-case hex. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>)
    hash.update(chunk);
  return hash.digest('hex');
}

/** At most `bytes` from the beginning of a file. */
export async function readHead(path: string, bytes: number): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(bytes);
    const { bytesRead } = await handle.read(head, 0, bytes, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Everything in the folder that ends so, with when it was last written to; the oldest first. */
export async function filesEnding(dir: string, ending: string): Promise<{ path: string; mtimeMs: number }[]> {
  const names = (await readdir(dir).catch((): string[] => [])).filter((name) => name.endsWith(ending));
  const seen = await Promise.all(
    names.map(async (name) => {
      const path = join(dir, name);
      const found = await stat(path).catch(() => undefined);
      return found ? [{ path, mtimeMs: found.mtimeMs }] : [];
    }),
  );
  return seen.flat().sort((a, b) => a.mtimeMs - b.mtimeMs);
}

/** Deletes all of an upload: the record first, so that it is never whole without its content. */
export async function removeUpload(files: UploadFiles): Promise<void> {
  await rm(files.record, { force: true });
  await rm(files.content, { force: true });
}
