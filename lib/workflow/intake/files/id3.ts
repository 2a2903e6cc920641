import { Cursor } from './cursor.ts';
import { damaged } from './file-fault.ts';
import type { MetadataTexts } from './metadata-texts.ts';
import type { RangeReader } from './range-reader.ts';
import { latin1, utf16, utf8OrLatin1 } from './text-decoding.ts';

const HEADER_BYTES = 10;
const UNSYNCHRONISED = 0x80;
const EXTENDED_HEADER = 0x40;

/** Texts of an MP3: the `TXXX` and `COMM` frames of its ID3v2 tag. Sources: id3v2.3.0, id3v2.4.0-structure and -frames. */
export async function readMp3(file: RangeReader, texts: MetadataTexts): Promise<void> {
  const header = await file.bytes(0, HEADER_BYTES);
  if (latin1(header.subarray(0, 3)) !== 'ID3') return;
  const [version = 0, , flags = 0] = header.subarray(3);
  const length = syncSafe(header.subarray(6));
  if (version < 2 || version > 4) throw damaged(`ID3 tag of version ${version}`);
  if (!texts.fits('ID3', length)) return;
  const stored = await file.bytes(HEADER_BYTES, length);
  // Version 4 has it frame by frame.
  const tag = (flags & UNSYNCHRONISED) !== 0 && version < 4 ? resynchronised(stored) : stored;
  const cursor = new Cursor(tag, 'ID3 tag');
  if ((flags & EXTENDED_HEADER) !== 0 && version > 2) {
    const size = frameSize(cursor.take(4), version);
    cursor.take(version === 4 ? size - 4 : size);
  }
  while (cursor.left > HEADER_BYTES && readFrame(cursor, version, texts)) file.countPart();
}

/** `false` at the padding behind the last frame. */
function readFrame(cursor: Cursor, version: number, texts: MetadataTexts): boolean {
  const id = latin1(cursor.take(version === 2 ? 3 : 4));
  if (id.startsWith('\0')) return false;
  const size = frameSize(cursor.take(version === 2 ? 3 : 4), version);
  const [, format = 0] = version === 2 ? [] : cursor.take(2);
  const stored = cursor.take(size);
  if (!['TXXX', 'TXX', 'COMM', 'COM'].includes(id)) return true;
  const content = version === 4 && (format & 2) !== 0 ? resynchronised(stored) : stored;
  // Version 4 may repeat the length before the content.
  addText(version === 4 && (format & 1) !== 0 ? content.subarray(4) : content, id, texts);
  return true;
}

/** Encoding, in a comment three letters of its language, name, zero, text. */
function addText(content: Uint8Array, id: string, texts: MetadataTexts): void {
  const encoding = content[0] ?? 0;
  const wide = encoding === 1 || encoding === 2;
  const comment = id.startsWith('COM');
  const rest = content.subarray(comment ? 4 : 1);
  const end = wide ? wideZero(rest) : rest.indexOf(0);
  if (end < 0) return;
  const decode = wide ? utf16 : utf8OrLatin1;
  const name = decode(rest.subarray(0, end));
  texts.add(name === '' && comment ? 'comment' : name, decode(rest.subarray(end + (wide ? 2 : 1))).replace(/\0+$/, ''));
}

function wideZero(bytes: Uint8Array): number {
  for (let at = 0; at + 1 < bytes.length; at += 2) if (bytes[at] === 0 && bytes[at + 1] === 0) return at;
  return -1;
}

function frameSize(bytes: Uint8Array, version: number): number {
  return version === 4 ? syncSafe(bytes) : bytes.reduce((number, byte) => number * 256 + byte, 0);
}

/** Seven bits a byte. */
function syncSafe(bytes: Uint8Array): number {
  return bytes.reduce((number, byte) => number * 128 + (byte & 0x7f), 0);
}

/** Takes out the zeros that were put behind each 255, so that no player takes them for sound. */
function resynchronised(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, at) => byte !== 0 || bytes[at - 1] !== 0xff);
}
