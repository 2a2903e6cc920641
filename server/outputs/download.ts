import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { OutputRefusedError } from '../jobs/output-store.ts';
import { PodCallError, type OpenedOutput } from '../jobs/pod-client.ts';
import { unlessAborted } from '../jobs/wait.ts';

export interface Downloaded {
  bytes: number;
  sha256: string;
}

/** How often a cut download is taken up at once, as long as each time brings something. */
const MAX_CONTINUATIONS = 5;

/**
 * Downloads into `part`, from where an earlier try stopped if the pod lets it. The file is whole and on disk when this
 * resolves. After an abort, a cut or a full disk it is kept for the next try; after a refusal it is deleted.
 * @throws OutputRefusedError, PodCallError, the signal's reason, or an error of the file system
 */
export async function download(
  part: string,
  openAt: (offset: number) => Promise<OpenedOutput>,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Downloaded> {
  signal.throwIfAborted();
  const handle = await open(part, 'a+', 0o600);
  try {
    // What is gone on with is no leftover, however old it is.
    await handle.utimes(new Date(), new Date());
    const file = await PartFile.from(handle, part, maxBytes);
    for (let cuts = 0; ; cuts += 1) {
      const before = file.bytes;
      const whole = await receive(file, openAt, signal);
      if (whole) break;
      if (cuts >= MAX_CONTINUATIONS || file.bytes <= before)
        throw new PodCallError('unreachable', `the download was cut after ${file.bytes} bytes`);
    }
    await handle.sync();
    return { bytes: file.bytes, sha256: file.digest() };
  } catch (error) {
    if (!worthKeeping(error, signal)) await rm(part, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/** One request. False where the body was cut. */
async function receive(
  file: PartFile,
  openAt: (offset: number) => Promise<OpenedOutput>,
  signal: AbortSignal,
): Promise<boolean> {
  const opened = await openFrom(file, openAt, signal);
  // A stream that fails between two reads must not end the process.
  opened.body.on('error', () => undefined);
  try {
    if (opened.offset !== file.bytes) await file.startOver(opened.offset);
    const total = opened.length === undefined ? undefined : opened.offset + opened.length;
    if (total !== undefined) file.mustFit(total);
    if (!(await pour(opened.body, file, total, signal))) return false;
    return total === undefined || file.bytes === total;
  } finally {
    opened.body.destroy();
  }
}

/** Opens where the part ends; from the start where the pod does not take that offset. */
async function openFrom(
  file: PartFile,
  openAt: (offset: number) => Promise<OpenedOutput>,
  signal: AbortSignal,
): Promise<OpenedOutput> {
  try {
    return await unlessAborted(openAt(file.bytes), signal);
  } catch (error) {
    signal.throwIfAborted();
    const kind = kindOf(error);
    if (file.bytes === 0 || (kind !== 'refused' && kind !== 'bad_answer')) throw error;
    return unlessAborted(openAt(0), signal);
  }
}

async function pour(body: Readable, file: PartFile, total: number | undefined, signal: AbortSignal): Promise<boolean> {
  const chunks = body[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<unknown>;
    try {
      next = await unlessAborted(chunks.next(), signal);
    } catch (error) {
      signal.throwIfAborted();
      const kind = kindOf(error);
      if (kind !== undefined && kind !== 'unreachable') throw error;
      return false;
    }
    signal.throwIfAborted();
    if (next.done) return true;
    const chunk = next.value instanceof Uint8Array ? next.value : Buffer.from(String(next.value));
    if (total !== undefined && file.bytes + chunk.byteLength > total)
      throw new PodCallError('bad_answer', 'the file is longer than the pod announced');
    await file.append(chunk);
  }
}

/** The growing file with its hash and its bound. */
class PartFile {
  private constructor(
    private readonly handle: FileHandle,
    private readonly maxBytes: number,
    private hash: Hash,
    public bytes: number,
  ) {}

  static async from(handle: FileHandle, path: string, maxBytes: number): Promise<PartFile> {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.byteLength;
    }
    const file = new PartFile(handle, maxBytes, hash, bytes);
    if (bytes > maxBytes) await file.startOver(0);
    return file;
  }

  async append(chunk: Uint8Array): Promise<void> {
    this.mustFit(this.bytes + chunk.byteLength);
    await this.handle.appendFile(chunk);
    this.hash.update(chunk);
    this.bytes += chunk.byteLength;
  }

  /** @param offset where the pod's body begins; only the start of the file makes sense here */
  async startOver(offset: number): Promise<void> {
    if (offset !== 0) throw new PodCallError('bad_answer', `the pod sent the file from byte ${offset} on, unasked`);
    await this.handle.truncate(0);
    this.hash = createHash('sha256');
    this.bytes = 0;
  }

  mustFit(bytes: number): void {
    if (bytes > this.maxBytes)
      throw new OutputRefusedError(`An output is larger than OUTPUT_MAX_BYTES (${this.maxBytes} bytes).`);
  }

  digest(): string {
    return this.hash.digest('hex');
  }
}

function kindOf(error: unknown): PodCallError['kind'] | undefined {
  return error instanceof PodCallError ? error.kind : undefined;
}

/** Whether the bytes so far are of use to another try. */
function worthKeeping(error: unknown, signal: AbortSignal): boolean {
  if (signal.aborted) return true;
  const kind = kindOf(error);
  if (kind !== undefined) return kind === 'unreachable' || kind === 'unauthorized';
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
