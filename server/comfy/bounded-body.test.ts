import { Readable } from 'node:stream';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readBounded } from './bounded-body.ts';

describe('readBounded', () => {
  it('B60 reads plain and compressed bodies to the byte', async () => {
    const body = Buffer.from('{"a": NaN}'.repeat(1000));
    const encoded = { gzip: gzipSync(body), deflate: deflateSync(body), br: brotliCompressSync(body), identity: body };
    for (const [encoding, bytes] of Object.entries(encoded))
      expect(await readBounded(Readable.from([bytes]), encoding, body.length)).toEqual(body);
    await expect(readBounded(Readable.from([body]), undefined, body.length - 1)).rejects.toMatchObject({
      kind: 'too_large',
    });
  });

  it('B60 a body sent byte by byte comes out whole', async () => {
    const count = 100_000;
    const bytes = Readable.from(
      (function* () {
        for (let at = 0; at < count; at += 1) yield Buffer.of(at % 251);
      })(),
      { objectMode: false },
    );
    const body = await readBounded(bytes, undefined, count);
    expect(body.length).toBe(count);
    expect(body[1000]).toBe(1000 % 251);
    expect(body[count - 1]).toBe((count - 1) % 251);
  });

  it('B60 stops a bomb as soon as it is too large', async () => {
    const bomb = Readable.from([gzipSync(Buffer.alloc(100_000_000))]);
    const before = process.memoryUsage().arrayBuffers;
    await expect(readBounded(bomb, 'gzip', 1_000_000)).rejects.toMatchObject({ kind: 'too_large' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
    expect(bomb.destroyed).toBe(true);
  });
});
