import type { ByteSource } from '../intake.ts';
import { cutOff, FileFault } from './file-fault.ts';

/** Headers are read this many bytes at a time: enough for several, little where what follows is skipped. */
const WINDOW_BYTES = 4096;
/** Most bytes of one file that are read, two texts of the largest size and the headers of a large film among them. */
const MAX_BYTES_READ = 96 * 1024 * 1024;
/** Most parts (chunks, boxes, elements, pages) of one file that are looked at. */
const MAX_PARTS = 100_000;
const MAX_MS = 20_000;

/** Reads a file by range within the bounds of bytes, parts and time. */
export class RangeReader {
  readonly size: number;
  readonly #source: ByteSource;
  readonly #deadline: number;
  #window: { start: number; bytes: Uint8Array } = { start: 0, bytes: new Uint8Array(0) };
  #bytesLeft = MAX_BYTES_READ;
  #partsLeft = MAX_PARTS;

  constructor(source: ByteSource) {
    this.#source = source;
    this.size = source.size;
    this.#deadline = performance.now() + MAX_MS;
  }

  /** Exactly `length` bytes from `offset`. @throws FileFault where the file ends before, or a bound is reached */
  async bytes(offset: number, length: number): Promise<Uint8Array> {
    if (offset + length > this.size) throw cutOff();
    const { start, bytes } = this.#window;
    if (offset >= start && offset + length <= start + bytes.length)
      return bytes.subarray(offset - start, offset - start + length);
    if (length > WINDOW_BYTES) return this.#load(offset, length);
    const loaded = await this.#load(offset, Math.min(WINDOW_BYTES, this.size - offset));
    this.#window = { start: offset, bytes: loaded };
    return loaded.subarray(0, length);
  }

  /** To be called for each part of the file before it is looked at. @throws FileFault where there are too many */
  countPart(): void {
    this.#partsLeft -= 1;
    if (this.#partsLeft < 0) throw new FileFault(`The file has more than ${MAX_PARTS} parts; the rest was not read.`);
    if (performance.now() > this.#deadline)
      throw new FileFault(`Reading the file took more than ${MAX_MS / 1000} seconds; the rest was not read.`);
  }

  async #load(offset: number, length: number): Promise<Uint8Array> {
    this.#bytesLeft -= length;
    if (this.#bytesLeft < 0)
      throw new FileFault(`More than ${MAX_BYTES_READ / 1024 / 1024} MB of the file had to be read; the rest was not.`);
    const bytes = await this.#source.read(offset, length);
    if (bytes.length < length) throw cutOff();
    return bytes;
  }
}
