import type { Upload, UploadStatus } from '../../lib/protocol/uploads.ts';
import type { PutResult, Stretch } from './put-bytes.ts';
import { Sha256 } from './sha256.ts';

/** How far a file is, in bytes. */
export interface FileProgress {
  phase: 'reading' | 'sending' | 'waiting';
  done: number;
  total: number;
}

export interface SendFileDeps {
  status: (hash: string) => Promise<UploadStatus>;
  put: (stretch: Stretch, onSent: (bytes: number) => void, signal: AbortSignal) => Promise<PutResult>;
  /** Resolves after so many milliseconds, or as soon as the signal is given. */
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What is hashed before the page can do something else: some milliseconds. */
const PIECE_BYTES = 1024 * 1024;
/** What one request carries: a slow line manages that within the server's minute. */
const STRETCH_BYTES = 8 * 1024 * 1024;
/** Tries in a row that brought nothing before it is given up: about two minutes. */
const MAX_TRIES = 8;
const PAUSE_MS = { first: 500, most: 30_000 };

/**
 * Brings a file to Podium: hashes it, asks what is there, sends the rest, and goes on after breaks.
 * @throws Error with a sentence for a person, or the signal's reason
 */
export async function sendFile(
  file: Pick<File, 'name' | 'size' | 'slice'>,
  deps: SendFileDeps,
  onProgress: (progress: FileProgress) => void,
  signal: AbortSignal,
): Promise<Upload> {
  if (file.size === 0) throw new Error('The file is empty: choose one that holds something.');
  const hash = await hashOf(file, (done) => onProgress({ phase: 'reading', done, total: file.size }), signal);
  let why = '';
  let furthest = 0;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    if (tries > 0) {
      onProgress({ phase: 'waiting', done: 0, total: file.size });
      await deps.pause(Math.min(PAUSE_MS.most, PAUSE_MS.first * 2 ** (tries - 1)), signal);
      signal.throwIfAborted();
    }
    const begun = await deps.status(hash).catch((error: unknown) => {
      why = error instanceof Error ? error.message : 'Podium cannot be reached.';
    });
    if (!begun) continue;
    if (begun.received > furthest) tries = 0;
    furthest = Math.max(furthest, begun.received);
    const sent = await sendRest(file, begun, deps, onProgress, signal);
    if (typeof sent !== 'string') return sent;
    why = sent;
  }
  throw new Error(`${why} What arrived is kept for a day: choose the file again to go on.`);
}

/** Sends stretch by stretch until the file is whole. @returns else what stands in the way */
async function sendRest(
  file: Pick<File, 'name' | 'size' | 'slice'>,
  begun: UploadStatus,
  deps: SendFileDeps,
  onProgress: (progress: FileProgress) => void,
  signal: AbortSignal,
): Promise<Upload | string> {
  const { hash } = begun;
  const total = file.size;
  let { received, upload } = begun;
  while (!upload) {
    signal.throwIfAborted();
    // One whose last byte is there but which is not whole was left while it was checked: that byte is sent again.
    const start = Math.min(received, total - 1);
    const bytes = file.slice(start, Math.min(total, start + STRETCH_BYTES));
    const onSent = (sent: number) => onProgress({ phase: 'sending', done: start + sent, total });
    onSent(0);
    const result = await deps.put({ hash, name: file.name, start, total, bytes }, onSent, signal);
    if (result.kind === 'refused') throw new Error(result.message);
    if (result.kind === 'again') return result.message;
    ({ received, upload } = result.status);
  }
  return upload;
}

async function hashOf(
  file: Pick<File, 'size' | 'slice'>,
  onRead: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const hash = new Sha256();
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    signal.throwIfAborted();
    onRead(at);
    const piece = await file
      .slice(at, at + PIECE_BYTES)
      .arrayBuffer()
      .catch((cause: unknown) => {
        throw new Error('The file cannot be read: it may have been moved or changed. Choose it again.', { cause });
      });
    hash.update(new Uint8Array(piece));
  }
  return hash.hex();
}
