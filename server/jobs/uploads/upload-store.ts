import type { Readable } from 'node:stream';
import type { Upload, UploadStatus } from '../../../lib/protocol/uploads.ts';

/** A stretch of a file that a client sends. */
export interface UploadPart {
  /** First byte of the stretch within the file. */
  start: number;
  /** Bytes of the whole file; undefined where it ends with the body. */
  total?: number;
  /** As the person calls the file; not trusted. */
  name: string;
  body: Readable;
}

/** Port to the place where uploaded files are kept, each once, under the hash of its bytes. */
export interface UploadStore {
  /** What is here of a file. */
  status(hash: string): Promise<UploadStatus>;
  /**
   * Adds to a file, and makes it whole once all of it is here and its hash is right. Bytes that are here already are
   * passed over. What arrived before a cut is kept. @throws UploadRefusedError
   */
  put(hash: string, part: UploadPart): Promise<UploadStatus>;
  /** A whole file; undefined where it is not here. Counts as a use of it. */
  find(hash: string): Promise<Upload | undefined>;
  /** The bytes of a whole file; undefined where it is not here. `range` is inclusive. */
  open(hash: string, range?: { start: number; end: number }): Promise<Readable | undefined>;
  /** Which of these names, as prompts have them, stand for whole files here. Counts as a use of them. */
  known(names: readonly string[]): Promise<Set<string>>;
}

/** `code` is that of the API's refusal; the message is a sentence for a person. */
export class UploadRefusedError extends Error {
  constructor(
    readonly code:
      | 'body_too_large'
      | 'invalid_request'
      | 'no_room'
      | 'too_many_requests'
      | 'unsupported_media_type'
      | 'upload_conflict'
      | 'upload_mismatch',
    message: string,
  ) {
    super(message);
    this.name = 'UploadRefusedError';
  }
}
