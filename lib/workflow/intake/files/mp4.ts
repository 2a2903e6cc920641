import { boxes, type Box } from './boxes.ts';
import { Cursor } from './cursor.ts';
import type { MetadataTexts } from './metadata-texts.ts';
import type { RangeReader } from './range-reader.ts';
import { startsWith, utf8OrLatin1 } from './text-decoding.ts';

const MAX_KEYS_BYTES = 1024 * 1024;

/**
 * Texts of an MP4 or MOV: `moov`, there or in its `udta` a `meta` with `keys` and `ilst` (ffmpeg with `use_metadata_tags`, as
 * ComfyUI saves), or with iTunes' own names (`©cmt`), or QuickTime's texts in `udta`. Sources: ISO/IEC 14496-12; Apple's
 * QuickTime File Format, "User data atoms" and "Metadata"; ffmpeg's `movenc.c`.
 */
export async function readMp4(file: RangeReader, texts: MetadataTexts): Promise<void> {
  for await (const box of boxes(file, 0, file.size)) {
    if (box.type === 'meta') await readMeta(file, box, texts);
    if (box.type !== 'moov') continue;
    for await (const inner of boxes(file, box.start, box.end)) {
      if (inner.type === 'meta') await readMeta(file, inner, texts);
      if (inner.type === 'udta') await readUserData(file, inner, texts);
    }
    // What follows is sound and pictures, of a film being written perhaps without an end.
    return;
  }
}

async function readUserData(file: RangeReader, userData: Box, texts: MetadataTexts): Promise<void> {
  for await (const box of boxes(file, userData.start, userData.end)) {
    if (box.type === 'meta') await readMeta(file, box, texts);
    const length = box.end - box.start;
    if (!box.type.startsWith('©') || length < 4 || !texts.fits(box.type, length)) continue;
    const cursor = new Cursor(await file.bytes(box.start, length), box.type);
    const textBytes = cursor.u16();
    cursor.take(2);
    // Sixteen bits do not hold a long text's length; the box does.
    texts.add(nameOf(box.type), utf8OrLatin1(cursor.take(textBytes <= cursor.left ? cursor.left : textBytes)));
  }
}

async function readMeta(file: RangeReader, meta: Box, texts: MetadataTexts): Promise<void> {
  let keys: string[] = [];
  for await (const box of boxes(file, await firstBox(file, meta), meta.end)) {
    if (box.type === 'keys' && box.end - box.start <= MAX_KEYS_BYTES)
      keys = readKeys(await file.bytes(box.start, box.end - box.start));
    if (box.type === 'ilst') await readItems(file, box, keys, texts);
  }
}

/** ISO has a version before the first box, QuickTime has not. */
async function firstBox(file: RangeReader, meta: Box): Promise<number> {
  if (meta.end - meta.start < 8) return meta.end;
  const start = await file.bytes(meta.start, 8);
  return startsWith(start, 'hdlr', 4) ? meta.start : meta.start + 4;
}

function readKeys(bytes: Uint8Array): string[] {
  const cursor = new Cursor(bytes, 'keys');
  cursor.take(4);
  const keys: string[] = [];
  for (let count = cursor.u32(); count > 0; count -= 1) {
    const size = cursor.u32();
    cursor.take(4);
    keys.push(utf8OrLatin1(cursor.take(size - 8)));
  }
  return keys;
}

async function readItems(file: RangeReader, list: Box, keys: readonly string[], texts: MetadataTexts): Promise<void> {
  for await (const item of boxes(file, list.start, list.end)) {
    let name = keys[keyIndex(item.type) - 1] ?? nameOf(item.type);
    for await (const box of boxes(file, item.start, item.end)) {
      const length = box.end - box.start;
      // Four bytes of version stand before a freely chosen name, eight of kind and language before a text.
      const head = box.type === 'name' ? 4 : 8;
      if ((box.type !== 'name' && box.type !== 'data') || length < head || !texts.fits(name, length)) continue;
      const text = utf8OrLatin1((await file.bytes(box.start, length)).subarray(head));
      if (box.type === 'name') name = text;
      else texts.add(name, text);
    }
  }
}

/** An item with a key is called by the key's number, from 1, where others have four letters. */
function keyIndex(type: string): number {
  return [...type].reduce((number, char) => number * 256 + char.charCodeAt(0), 0);
}

function nameOf(type: string): string {
  return type === '©cmt' ? 'comment' : type;
}
