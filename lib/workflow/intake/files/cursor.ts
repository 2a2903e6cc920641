import { damaged } from './file-fault.ts';

/** Reads numbers and pieces of bytes in memory one after the other. Whatever lies outside of them is a `FileFault`. */
export class Cursor {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  readonly #what: string;

  /** `what` names the bytes in the sentence of a fault. */
  constructor(bytes: Uint8Array, what: string, littleEndian = false) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#littleEndian = littleEndian;
    this.#what = what;
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  take(length: number): Uint8Array {
    const from = this.#advance(length);
    return this.#bytes.subarray(from, from + length);
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), this.#littleEndian);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), this.#littleEndian);
  }

  /** A number of `width` bytes: 0 (which is 0), 2, 4 or 8, as AVIF's tables have them. */
  unsigned(width: number): number {
    if (width === 0) return 0;
    if (width === 2) return this.u16();
    if (width === 4) return this.u32();
    if (width === 8) return this.u32() * 2 ** 32 + this.u32();
    throw damaged(this.#what);
  }

  #advance(length: number): number {
    const from = this.at;
    if (from < 0 || length < 0 || from + length > this.#bytes.length) throw damaged(this.#what);
    this.at = from + length;
    return from;
  }
}
