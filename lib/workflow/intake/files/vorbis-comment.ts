import { Cursor } from './cursor.ts';
import type { MetadataTexts } from './metadata-texts.ts';
import { utf8OrLatin1 } from './text-decoding.ts';

const PICTURE = 'metadata_block_picture=';

/** `NAME=text` comments as FLAC and Ogg have them. Source: Vorbis I specification, 5. */
export function readVorbisComment(bytes: Uint8Array, texts: MetadataTexts): void {
  const cursor = new Cursor(bytes, 'comments', true);
  cursor.take(cursor.u32());
  for (let count = cursor.u32(); count > 0; count -= 1) {
    const comment = utf8OrLatin1(cursor.take(cursor.u32()));
    const equals = comment.indexOf('=');
    if (equals < 0 || comment.slice(0, PICTURE.length).toLowerCase() === PICTURE) continue;
    texts.add(comment.slice(0, equals), comment.slice(equals + 1));
  }
}
