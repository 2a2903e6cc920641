import type { MetadataTexts } from './metadata-texts.ts';
import type { RangeReader } from './range-reader.ts';
import { readVorbisComment } from './vorbis-comment.ts';

const VORBIS_COMMENT = 4;

/** Comments of a FLAC file, which stand before its sound. Source: RFC 9639, 8. */
export async function readFlac(file: RangeReader, texts: MetadataTexts): Promise<void> {
  for (let at = 4; ;) {
    file.countPart();
    const header = await file.bytes(at, 4);
    const word = new DataView(header.buffer, header.byteOffset).getUint32(0);
    const length = word & 0xff_ff_ff;
    if (((word >>> 24) & 0x7f) === VORBIS_COMMENT) readVorbisComment(await file.bytes(at + 4, length), texts);
    if (word >>> 31 === 1) return;
    at += 4 + length;
  }
}
