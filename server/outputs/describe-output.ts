import { open } from 'node:fs/promises';
import type { JobOutput } from '../../lib/jobs/job.ts';
import { isDecodable, pictureSize } from './pictures.ts';
import { HEAD_BYTES, sniff, textOf } from '../files/sniff.ts';

/** Most characters of a text that is kept with the job itself. */
const MAX_INLINE_CHARACTERS = 10_000;
/** A UTF-16 code unit takes at most 3 bytes of UTF-8. */
const MAX_INLINE_BYTES = MAX_INLINE_CHARACTERS * 3;

/** What a file holds, from its content. */
export async function describeOutput(
  path: string,
  bytes: number,
  filename: string,
): Promise<Pick<JobOutput, 'kind' | 'contentType' | 'width' | 'height' | 'text'>> {
  const head = await readHead(path);
  const sniffed = await sniff(head, bytes, filename);
  const size = isDecodable(sniffed.contentType) ? await pictureSize(path) : undefined;
  const whole = sniffed.kind === 'text' && bytes <= MAX_INLINE_BYTES ? textOf(head) : undefined;
  return {
    ...sniffed,
    ...size,
    ...(whole !== undefined && whole.length <= MAX_INLINE_CHARACTERS && { text: whole }),
  };
}

async function readHead(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    let filled = 0;
    for (;;) {
      const { bytesRead } = await handle.read(head, filled, HEAD_BYTES - filled, filled);
      filled += bytesRead;
      if (bytesRead === 0 || filled === HEAD_BYTES) return head.subarray(0, filled);
    }
  } finally {
    await handle.close();
  }
}
