import { damaged } from './file-fault.ts';
import { joinBytes } from './inflate.ts';
import type { MetadataTexts } from './metadata-texts.ts';
import type { RangeReader } from './range-reader.ts';
import { startsWith } from './text-decoding.ts';
import { readVorbisComment } from './vorbis-comment.ts';

const PAGE_HEADER_BYTES = 27;
/** What a packet of comments begins with: Opus, Vorbis, Theora. Sources: RFC 7845, 5.2; Vorbis I and Theora specifications. */
const COMMENT_MAGIC = ['OpusTags', '\x03vorbis', '\x81theora'];

/** Comments of an Ogg file: the second packet of its first stream. Source: RFC 3533, 6. */
export async function readOgg(file: RangeReader, texts: MetadataTexts): Promise<void> {
  const packet = await secondPacket(file, texts);
  if (packet === null) return;
  const magic = COMMENT_MAGIC.find((text) => startsWith(packet, text));
  if (magic !== undefined) readVorbisComment(packet.subarray(magic.length), texts);
}

async function secondPacket(file: RangeReader, texts: MetadataTexts): Promise<Uint8Array | null> {
  let serial: number | null = null;
  let packets = 0;
  let size = 0;
  const parts: Uint8Array[] = [];
  for (let at = 0; at < file.size;) {
    const page = await readPage(file, at);
    serial ??= page.serial;
    let from = page.start;
    for (const length of page.serial === serial ? page.segments : []) {
      if (packets === 1) parts.push(await file.bytes(from, length));
      from += length;
      size += packets === 1 ? length : 0;
      if (!texts.fits('comments', size)) return null;
      // A segment of less than 255 bytes ends a packet.
      if (length === 255) continue;
      packets += 1;
      if (packets === 2) return joinBytes(parts);
    }
    at = page.end;
  }
  return null;
}

async function readPage(file: RangeReader, at: number) {
  file.countPart();
  const header = await file.bytes(at, PAGE_HEADER_BYTES);
  if (!startsWith(header, 'OggS')) throw damaged('list of pages');
  const serial = new DataView(header.buffer, header.byteOffset).getUint32(14, true);
  const segments = [...(await file.bytes(at + PAGE_HEADER_BYTES, header[26] ?? 0))];
  const start = at + PAGE_HEADER_BYTES + segments.length;
  return { serial, segments, start, end: start + segments.reduce((sum, length) => sum + length, 0) };
}
