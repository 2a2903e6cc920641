import { createReadStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Upload, UploadStatus } from '../../lib/protocol/uploads.ts';
import { uploadHash, uploadName } from '../../lib/workflow/upload-name.ts';
import { syncFolder, writeWhole } from '../files/durable-files.ts';
import { safeFilename } from '../files/safe-filename.ts';
import { HEAD_BYTES, sniff } from '../files/sniff.ts';
import { UploadRefusedError, type UploadPart, type UploadStore } from '../jobs/uploads/upload-store.ts';
import {
  filesEnding,
  filesOf,
  isHash,
  noteUse,
  readHead,
  readUpload,
  removeUpload,
  sha256Of,
  sizeOf,
  type UploadFiles,
} from './upload-files.ts';
import { uploadType } from './upload-type.ts';
import { tooLarge, writePart } from './write-part.ts';

export interface FileUploadStore extends UploadStore {
  /** Deletes what nobody goes on with and what no job has used for long. What cannot be deleted is left for the next time. */
  cleanUp(): Promise<void>;
}

export interface FileUploadOptions {
  dir: string;
  maxBytes: number;
  /** How long a whole upload is kept after its last use. */
  keepMs: number;
  /** Milliseconds of the epoch. */
  now?: () => number;
}

/** Uploads that are written at once. */
const MAX_WRITING = 16;
/** Uploads that are not whole; one more pushes out the one that was left longest ago. */
const MAX_PARTS = 64;
const FORGET_PART_AFTER_MS = 24 * 3_600_000;

/** Uploads as files under `dir`, each under its hash. */
export function createFileUploadStore(options: FileUploadOptions): FileUploadStore {
  return new FolderUploadStore(options.dir, options.maxBytes, options.keepMs, options.now ?? Date.now);
}

class FolderUploadStore implements FileUploadStore {
  /** Hashes that a request writes now. */
  private readonly writing = new Set<string>();

  constructor(
    private readonly dir: string,
    private readonly maxBytes: number,
    private readonly keepMs: number,
    private readonly now: () => number,
  ) {}

  async status(hash: string): Promise<UploadStatus> {
    const files = filesOf(this.dir, hash);
    const upload = await readUpload(files);
    return upload ? { hash, received: upload.bytes, upload } : { hash, received: await sizeOf(files.part) };
  }

  async find(hash: string): Promise<Upload | undefined> {
    const files = filesOf(this.dir, hash);
    const upload = await readUpload(files);
    if (upload) await noteUse(files, this.now());
    return upload;
  }

  async open(hash: string, range?: { start: number; end: number }): Promise<Readable | undefined> {
    const files = filesOf(this.dir, hash);
    return (await readUpload(files)) && Readable.from(contentOf(files, range), { objectMode: false });
  }

  async known(names: readonly string[]): Promise<Set<string>> {
    const here = await Promise.all(
      names.map(async (name) => {
        const hash = uploadHash(name);
        return hash !== undefined && (await this.find(hash)) !== undefined ? [name] : [];
      }),
    );
    return new Set(here.flat());
  }

  async put(hash: string, part: UploadPart): Promise<UploadStatus> {
    // A body that fails while nobody reads it must not end the process.
    part.body.on('error', () => undefined);
    this.mustFit(hash, part);
    if (this.writing.has(hash)) {
      const { received } = await this.status(hash);
      throw new UploadRefusedError(
        'upload_conflict',
        `Another request uploads this file now; ${received} bytes of it are here. Wait for it, then go on.`,
      );
    }
    if (this.writing.size >= MAX_WRITING)
      throw new UploadRefusedError(
        'too_many_requests',
        `${MAX_WRITING} files are being uploaded at the moment, which is the most. Try again when one is done.`,
      );
    this.writing.add(hash);
    try {
      return await this.putAlone(hash, part);
    } finally {
      this.writing.delete(hash);
      part.body.destroy();
    }
  }

  async cleanUp(): Promise<void> {
    const now = this.now();
    await this.dropParts((mtimeMs) => now - mtimeMs > FORGET_PART_AFTER_MS);
    for (const { path, mtimeMs } of await filesEnding(this.dir, '.json'))
      if (now - mtimeMs > this.keepMs) await removeUpload(this.ofPath(path)).catch(() => undefined);
    for (const { path, mtimeMs } of await filesEnding(this.dir, '.bin')) {
      const isLeft = now - mtimeMs > FORGET_PART_AFTER_MS && !(await readUpload(this.ofPath(path)));
      if (isLeft) await rm(path, { force: true }).catch(() => undefined);
    }
  }

  private mustFit(hash: string, { total }: UploadPart): void {
    if (!isHash(hash))
      throw new UploadRefusedError('invalid_request', 'A file is named by its SHA-256 in lower-case hex.');
    if (total === 0) throw emptyFile();
    if (total !== undefined && total > this.maxBytes) throw tooLarge(this.maxBytes);
  }

  private async putAlone(hash: string, part: UploadPart): Promise<UploadStatus> {
    const upload = await this.find(hash);
    if (upload) return { hash, received: upload.bytes, upload };
    const files = filesOf(this.dir, hash);
    await mkdir(this.dir, { recursive: true, mode: 0o700 });
    if ((await sizeOf(files.part)) === 0) await this.dropParts((_at, left) => left >= MAX_PARTS);
    const received = await writePart(files.part, part, this.maxBytes);
    if (part.total !== undefined && received < part.total) return { hash, received };
    if (received === 0) throw emptyFile();
    return { hash, received, upload: await this.makeWhole(hash, files, received, part) };
  }

  private async makeWhole(hash: string, files: UploadFiles, bytes: number, part: UploadPart): Promise<Upload> {
    if ((part.total !== undefined && bytes !== part.total) || (await sha256Of(files.part)) !== hash) {
      await rm(files.part, { force: true });
      throw new UploadRefusedError(
        'upload_mismatch',
        'The bytes that arrived have another SHA-256 than the one they were sent under, so nothing was kept. Upload the file again.',
      );
    }
    const name = safeFilename(part.name, 'file');
    const sniffed = await sniff(await readHead(files.part, HEAD_BYTES), bytes, name);
    const { kind, extension } = uploadType(sniffed, name);
    const ref = uploadName(hash, extension);
    const upload: Upload = { hash, ref, name, bytes, contentType: sniffed.contentType, kind };
    await writeWhole(files.record, JSON.stringify(upload));
    await rename(files.part, files.content);
    await syncFolder(this.dir);
    return upload;
  }

  /** Deletes parts, the oldest first, of which `isDue` says so by their last write and how many are left. */
  private async dropParts(isDue: (mtimeMs: number, left: number) => boolean): Promise<void> {
    const parts = await filesEnding(this.dir, '.part');
    const inUse = new Set([...this.writing].map((hash) => filesOf(this.dir, hash).part));
    let left = parts.length;
    for (const { path, mtimeMs } of parts) {
      if (inUse.has(path) || !isDue(mtimeMs, left)) continue;
      await rm(path, { force: true }).catch(() => undefined);
      left -= 1;
    }
  }

  private ofPath(path: string): UploadFiles {
    const base = path.replace(/\.[a-z]+$/, '');
    return { content: `${base}.bin`, record: `${base}.json`, part: `${base}.part` };
  }
}

function emptyFile(): UploadRefusedError {
  return new UploadRefusedError('invalid_request', 'The file is empty: choose one that holds something.');
}

/** Opens the file with the first read, so that a body nobody reads holds nothing open. */
async function* contentOf(files: UploadFiles, range?: { start: number; end: number }): AsyncGenerator<Buffer> {
  yield* createReadStream(files.content, { ...range, highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>;
}
