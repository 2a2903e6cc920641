import { crc32, deflateSync } from 'node:zlib';
import type { ByteSource } from '../../lib/workflow/intake/intake.ts';

/** A file in memory. `bytesRead` counts what was asked of it. */
export function memorySource(bytes: Uint8Array): ByteSource & { bytesRead: number } {
  return {
    size: bytes.length,
    bytesRead: 0,
    async read(offset, length) {
      const part = bytes.slice(offset, offset + length);
      this.bytesRead += part.length;
      return part;
    },
  };
}

/** A huge file of which only these pieces are not zeros. */
export function sparseSource(
  size: number,
  pieces: readonly { at: number; bytes: Uint8Array }[],
): ByteSource & { bytesRead: number } {
  return {
    size,
    bytesRead: 0,
    async read(offset, length) {
      const part = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      for (const { at, bytes } of pieces) {
        const from = Math.max(at, offset);
        const to = Math.min(at + bytes.length, offset + part.length);
        if (from < to) part.set(bytes.subarray(from - at, to - at), from - offset);
      }
      this.bytesRead += part.length;
      return part;
    },
  };
}

type Part = string | Uint8Array | readonly number[];

/** Pieces as one; a character of a string is a byte. */
export function join(...parts: readonly Part[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );
}

export function u32(value: number, littleEndian = false): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, littleEndian);
  return bytes;
}

function u16(value: number, littleEndian = false): Uint8Array {
  return u32(value, littleEndian).slice(littleEndian ? 0 : 2, littleEndian ? 2 : 4);
}

export function pngChunk(type: string, content: Uint8Array): Uint8Array {
  const named = join(type, content);
  return join(u32(content.length), named, u32(crc32(named)));
}

const PNG_HEADER = pngChunk('IHDR', join(u32(1), u32(1), [8, 0, 0, 0, 0]));
const PNG_PICTURE = pngChunk('IDAT', deflateSync(new Uint8Array(2)));

/** A PNG of one pixel with these chunks before its picture. */
export function png(...chunks: readonly Uint8Array[]): Uint8Array {
  return join('\x89PNG\r\n\x1a\n', PNG_HEADER, ...chunks, PNG_PICTURE, pngChunk('IEND', join()));
}

export function pngText(name: string, text: string): Uint8Array {
  return pngChunk('tEXt', join(name, [0], Buffer.from(text)));
}

export interface ExifText {
  tag: number;
  type: number;
  bytes: Uint8Array;
}

/** A TIFF block with these texts, those of tags from `0x9000` in the EXIF directory. */
export function exif(texts: readonly ExifText[], littleEndian = false): Uint8Array {
  const main = texts.filter(({ tag }) => tag < 0x9000);
  const inner = texts.filter(({ tag }) => tag >= 0x9000);
  const mainBytes = 2 + (main.length + 1) * 12 + 4;
  const innerBytes = 2 + inner.length * 12 + 4;
  let at = 8 + mainBytes + innerBytes;
  const entry = ({ tag, type, bytes }: ExifText) => {
    const place = at;
    at += bytes.length;
    const value = bytes.length > 4 ? u32(place, littleEndian) : join(bytes, new Uint8Array(4 - bytes.length));
    return join(u16(tag, littleEndian), u16(type, littleEndian), u32(bytes.length, littleEndian), value);
  };
  const link = join(
    u16(0x8769, littleEndian),
    u16(4, littleEndian),
    u32(1, littleEndian),
    u32(8 + mainBytes, littleEndian),
  );
  return join(
    littleEndian ? 'II*\0' : 'MM\0*',
    u32(8, littleEndian),
    u16(main.length + 1, littleEndian),
    ...main.map(entry),
    link,
    u32(0),
    u16(inner.length, littleEndian),
    ...inner.map(entry),
    u32(0),
    ...main.filter(({ bytes }) => bytes.length > 4).map(({ bytes }) => bytes),
    ...inner.filter(({ bytes }) => bytes.length > 4).map(({ bytes }) => bytes),
  );
}

export function ascii(tag: number, text: string): ExifText {
  return { tag, type: 2, bytes: join(Buffer.from(text), [0]) };
}

export function webp(exifBlock: Uint8Array): Uint8Array {
  const chunk = (type: string, content: Uint8Array) =>
    join(type, u32(content.length, true), content, new Uint8Array(content.length % 2));
  const body = join('WEBP', chunk('VP8L', join([0x2f, 0, 0, 0, 0])), chunk('EXIF', exifBlock));
  return join('RIFF', u32(body.length, true), body);
}

export function jpeg(...segments: readonly { marker: number; content: Uint8Array }[]): Uint8Array {
  const parts = segments.map(({ marker, content }) => join([0xff, marker], u16(content.length + 2), content));
  return join([0xff, 0xd8], ...parts, [0xff, 0xda, 0, 2, 0, 0xff, 0xd9]);
}

export function box(type: string, ...content: readonly Part[]): Uint8Array {
  const body = join(...content);
  return join(u32(body.length + 8), type, body);
}

const FTYP = box('ftyp', 'isom', u32(512), 'isom');

/** `udta` content for an MP4 with keys, as ffmpeg writes `use_metadata_tags`. */
export function keyedMeta(entries: Readonly<Record<string, string>>): Uint8Array {
  const names = Object.keys(entries);
  const keys = box('keys', u32(0), u32(names.length), ...names.map((name) => join(u32(name.length + 8), 'mdta', name)));
  const items = Object.values(entries).map((text, index) =>
    join(u32(8 + 16 + Buffer.byteLength(text)), u32(index + 1), dataBox(text)),
  );
  return box('meta', u32(0), box('hdlr', u32(0), u32(0), 'mdta', new Uint8Array(13)), keys, box('ilst', ...items));
}

export function dataBox(text: string): Uint8Array {
  return box('data', u32(1), u32(0), Buffer.from(text));
}

export function mp4(...moov: readonly Uint8Array[]): Uint8Array {
  return join(FTYP, box('mdat', new Uint8Array(64)), box('moov', ...moov));
}

/** An EBML element; `size` stands for what is written instead of the content's length. */
export function element(id: number, content: Uint8Array, size = content.length): Uint8Array {
  const idBytes = u32(id);
  const width = new Uint8Array(8);
  new DataView(width.buffer).setBigUint64(0, BigInt(size));
  width[0] = 1;
  return join(idBytes.subarray(idBytes.findIndex((byte) => byte !== 0)), width, content);
}

export function mkvTags(entries: Readonly<Record<string, string>>): Uint8Array {
  const simple = Object.entries(entries).map(([name, text]) =>
    element(0x67c8, join(element(0x45a3, join(name)), element(0x4487, Buffer.from(text)))),
  );
  return element(0x1254c367, element(0x7373, join(...simple)));
}

export const EBML_HEADER = element(0x1a45dfa3, element(0x4282, join('webm')));

export function vorbisComment(entries: Readonly<Record<string, string>>): Uint8Array {
  const comments = Object.entries(entries).map(([name, text]) => {
    const bytes = Buffer.from(`${name}=${text}`);
    return join(u32(bytes.length, true), bytes);
  });
  return join(u32(3, true), 'try', u32(comments.length, true), ...comments);
}

export function flac(comment: Uint8Array): Uint8Array {
  const size = (length: number) => u32(length).subarray(1);
  return join('fLaC', [0], size(34), new Uint8Array(34), [0x84], size(comment.length), comment, [0xff, 0xf8]);
}

export function ogg(packets: readonly Uint8Array[]): Uint8Array {
  const segments = packets.flatMap((packet) => {
    const parts: Uint8Array[] = [];
    for (let at = 0; at <= packet.length; at += 255) parts.push(packet.subarray(at, at + 255));
    return parts;
  });
  const pages: Uint8Array[] = [];
  for (let at = 0; at < segments.length; at += 255) {
    const part = segments.slice(at, at + 255);
    const sizes = part.map((segment) => segment.length);
    pages.push(
      join(
        'OggS',
        [0, 0],
        new Uint8Array(8),
        u32(7, true),
        u32(pages.length, true),
        u32(0),
        [part.length],
        sizes,
        ...part,
      ),
    );
  }
  return join(...pages);
}

/** An ID3 tag of version 2.`version` with these frames, as a file that ends with the beginning of sound. */
export function mp3(version: number, frames: Uint8Array, flags = 0): Uint8Array {
  return join(
    'ID3',
    [version, 0, flags],
    syncSafe(frames.length + 20),
    frames,
    new Uint8Array(20),
    [0xff, 0xfb, 0x90, 0],
  );
}

export function id3Frame(version: number, id: string, content: Uint8Array, format = 0): Uint8Array {
  if (version === 2) return join(id, u32(content.length).subarray(1), content);
  return join(id, version === 4 ? syncSafe(content.length) : u32(content.length), [0, format], content);
}

export function syncSafe(value: number): Uint8Array {
  return join([(value >> 21) & 127, (value >> 14) & 127, (value >> 7) & 127, value & 127]);
}

export function glb(json: unknown): Uint8Array {
  const text = Buffer.from(JSON.stringify(json));
  return join('glTF', u32(2, true), u32(text.length + 20, true), u32(text.length, true), 'JSON', text);
}

export function safetensors(header: unknown): Uint8Array {
  const text = Buffer.from(JSON.stringify(header));
  return join(u32(text.length, true), u32(0), text, new Uint8Array(16));
}
