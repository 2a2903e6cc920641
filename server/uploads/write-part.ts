import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { sizeInWords } from '../../lib/jobs/words.ts';
import { UploadRefusedError, type UploadPart } from '../jobs/uploads/upload-store.ts';

/**
 * Writes a stretch into `path` at its place and to disk; bytes that are there already are passed over. What arrived
 * before a cut is kept. @returns bytes there now @throws UploadRefusedError or an error of the file system
 */
export async function writePart(path: string, part: UploadPart, maxBytes: number): Promise<number> {
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const { size } = await handle.stat();
    if (part.start > size)
      throw new UploadRefusedError(
        'upload_conflict',
        `This part begins at byte ${part.start}, but ${size} bytes are here: go on from byte ${size}.`,
      );
    try {
      return Math.max(size, await pour(handle, part, size, maxBytes));
    } finally {
      await handle.sync();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error) || (error.code !== 'ENOSPC' && error.code !== 'EDQUOT'))
      throw error;
    throw new UploadRefusedError(
      'no_room',
      'There is no room left where DATA_DIR lies. Make room, then go on: what arrived is kept.',
    );
  } finally {
    part.body.destroy();
    await handle.close();
  }
}

/** @returns the byte after the last one that arrived */
async function pour(handle: FileHandle, part: UploadPart, size: number, maxBytes: number): Promise<number> {
  let at = part.start;
  for await (const piece of pieces(part, () => at)) {
    const end = at + piece.byteLength;
    if (part.total !== undefined && end > part.total)
      throw new UploadRefusedError('invalid_request', `More than the ${part.total} bytes that were announced arrived.`);
    if (end > maxBytes) throw tooLarge(maxBytes);
    // At its place, not at the end: two writers of one file that share a folder write the same bytes.
    const known = Math.max(0, Math.min(size - at, piece.byteLength));
    if (known < piece.byteLength) await writeAll(handle, piece.subarray(known), at + known);
    at = end;
  }
  return at;
}

async function* pieces(part: UploadPart, at: () => number): AsyncGenerator<Uint8Array> {
  const chunks = part.body[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<unknown>;
    try {
      next = await chunks.next();
    } catch {
      throw new UploadRefusedError('upload_conflict', `The upload was cut at byte ${at()}: go on from there.`);
    }
    if (next.done) return;
    yield next.value instanceof Uint8Array ? next.value : Buffer.from(String(next.value));
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.byteLength - done, position + done);
    done += bytesWritten;
  }
}

export function tooLarge(maxBytes: number): UploadRefusedError {
  return new UploadRefusedError(
    'body_too_large',
    `The file is larger than ${sizeInWords(maxBytes)}, which is UPLOAD_MAX_BYTES: make it smaller or raise that setting.`,
  );
}
