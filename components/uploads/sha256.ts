const BLOCK_BYTES = 64;

/** The first 32 bits of the fractional parts of the roots (`power` 1/2 or 1/3) of the first primes: FIPS 180-4, §4.2.2, §5.3.3. */
function rootBits(count: number, power: number): Int32Array {
  const bits: number[] = [];
  for (let candidate = 2; bits.length < count; candidate += 1) {
    let isPrime = true;
    for (let factor = 2; factor * factor <= candidate; factor += 1) isPrime &&= candidate % factor !== 0;
    if (isPrime) bits.push((candidate ** power % 1) * 2 ** 32);
  }
  return Int32Array.from(bits);
}

const ROUNDS = rootBits(64, 1 / 3);

/**
 * SHA-256 of bytes that come piece by piece. The browser's own takes only whole files, and only on pages that came by
 * TLS or from this machine.
 */
export class Sha256 {
  private readonly state = rootBits(8, 1 / 2);
  private readonly words = new Int32Array(64);
  private readonly rest = new Uint8Array(BLOCK_BYTES);
  private restBytes = 0;
  private bytes = 0;

  update(piece: Uint8Array): this {
    this.bytes += piece.byteLength;
    let at = 0;
    if (this.restBytes > 0) {
      at = Math.min(BLOCK_BYTES - this.restBytes, piece.byteLength);
      this.rest.set(piece.subarray(0, at), this.restBytes);
      this.restBytes += at;
      if (this.restBytes < BLOCK_BYTES) return this;
      this.block(this.rest, 0);
    }
    for (; at + BLOCK_BYTES <= piece.byteLength; at += BLOCK_BYTES) this.block(piece, at);
    this.rest.set(piece.subarray(at));
    this.restBytes = piece.byteLength - at;
    return this;
  }

  /** Lower-case hex; ends it. */
  hex(): string {
    const { bytes } = this;
    const padding = new Uint8Array((this.restBytes < 56 ? 56 : 120) - this.restBytes + 8);
    padding[0] = 0x80;
    const length = new DataView(padding.buffer);
    length.setUint32(padding.byteLength - 8, Math.floor(bytes / 2 ** 29));
    length.setUint32(padding.byteLength - 4, (bytes * 8) % 2 ** 32);
    this.update(padding);
    return [...this.state].map((one) => (one >>> 0).toString(16).padStart(8, '0')).join('');
  }

  private block(from: Uint8Array, at: number): void {
    const { words: w, state } = this;
    for (let i = 0; i < 16; i += 1) {
      const p = at + i * 4;
      w[i] = (byte(from, p) << 24) | (byte(from, p + 1) << 16) | (byte(from, p + 2) << 8) | byte(from, p + 3);
    }
    for (let i = 16; i < 64; i += 1) {
      const x = word(w, i - 15);
      const y = word(w, i - 2);
      const s0 = turned(x, 7) ^ turned(x, 18) ^ (x >>> 3);
      const s1 = turned(y, 17) ^ turned(y, 19) ^ (y >>> 10);
      w[i] = word(w, i - 16) + s0 + word(w, i - 7) + s1;
    }
    let a = word(state, 0);
    let b = word(state, 1);
    let c = word(state, 2);
    let d = word(state, 3);
    let e = word(state, 4);
    let f = word(state, 5);
    let g = word(state, 6);
    let h = word(state, 7);
    for (let i = 0; i < 64; i += 1) {
      const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + word(ROUNDS, i) + word(w, i)) | 0;
      const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = word(state, i) + value;
  }
}

function turned(value: number, by: number): number {
  return (value >>> by) | (value << (32 - by));
}
function word(words: Int32Array, at: number): number {
  return words[at] ?? 0;
}
function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}
