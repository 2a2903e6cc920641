import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { PodCallError } from '../jobs/pod-client.ts';

const DECODERS: Record<string, () => NodeJS.ReadWriteStream & Readable> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** A pod may send its body byte by byte, and each part costs far more than its bytes: so many are joined. */
const MAX_PARTS = 1024;

/**
 * Reads a body whole, decompressed, keeping at most `maxBytes` in memory.
 * @throws PodCallError `too_large` as soon as it grows beyond, `bad_answer` for an unknown or broken encoding; the
 * stream's own error where the connection breaks
 */
export async function readBounded(body: Readable, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  const stream = decoded(body, encoding);
  const whole: Buffer[] = [];
  let parts: Buffer[] = [];
  let total = 0;
  try {
    for await (const part of stream as AsyncIterable<Buffer>) {
      total += part.length;
      if (total > maxBytes) throw new PodCallError('too_large', `The pod's answer is larger than ${maxBytes} bytes.`);
      parts.push(part);
      if (parts.length < MAX_PARTS) continue;
      whole.push(Buffer.concat(parts));
      parts = [];
    }
  } catch (error) {
    body.on('error', () => undefined).destroy();
    if (error instanceof Error && 'code' in error && /^(Z_|ERR_.*BROTLI|ERR__ERROR)/.test(String(error.code)))
      throw new PodCallError('bad_answer', 'The pod’s answer is compressed in a broken way.', { cause: error });
    throw error;
  }
  return Buffer.concat([...whole, ...parts]);
}

function decoded(body: Readable, encoding = 'identity'): Readable {
  if (encoding === '' || encoding === 'identity') return body;
  const decoder = DECODERS[encoding.toLowerCase()]?.();
  if (!decoder) {
    body.on('error', () => undefined).destroy();
    throw new PodCallError('bad_answer', `The pod’s answer has an unknown encoding, ${encoding.slice(0, 40)}.`);
  }
  return pipeline(body, decoder, () => undefined);
}
