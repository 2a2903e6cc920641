import { Cursor } from './cursor.ts';
import type { MetadataTexts } from './metadata-texts.ts';
import { latin1, startsWith, utf16, utf8OrLatin1 } from './text-decoding.ts';

const MAX_ENTRIES = 1000;
const EXIF_IFD = 0x8769;
const USER_COMMENT = 0x9286;
const TYPE_BYTE = 1;
const TYPE_ASCII = 2;
const TYPE_UNDEFINED = 7;
const TAG_NAMES = new Map([
  [0x010e, 'ImageDescription'],
  [0x010f, 'Make'],
  [0x0110, 'Model'],
  [0x0131, 'Software'],
  [USER_COMMENT, 'UserComment'],
  [0x9c9c, 'XPComment'],
]);
/** Texts of Windows, in UTF-16: XPTitle to XPSubject. */
const FIRST_XP_TAG = 0x9c9b;
const LAST_XP_TAG = 0x9c9f;

/**
 * Texts of an EXIF block, with or without its `Exif` header. ComfyUI writes `name:JSON` into tags from `Make` downwards and
 * into `Model`, other programs one JSON into the user comment. Sources: TIFF 6.0; ComfyUI's `_ui.py`.
 */
export function readExif(block: Uint8Array, texts: MetadataTexts): void {
  const tiff = startsWith(block, 'Exif\0\0') ? block.subarray(6) : block;
  const cursor = new Cursor(tiff, 'EXIF', startsWith(tiff, 'II'));
  cursor.at = 4;
  const first = cursor.u32();
  const exif = readDirectory(cursor, first, texts);
  if (exif !== null) readDirectory(cursor, exif, texts);
}

/** Gives the place of the EXIF directory that this one names, if it does. */
function readDirectory(cursor: Cursor, start: number, texts: MetadataTexts): number | null {
  cursor.at = start;
  const count = Math.min(cursor.u16(), MAX_ENTRIES);
  let exif: number | null = null;
  for (let index = 0; index < count; index += 1) {
    cursor.at = start + 2 + index * 12;
    const [tag, type, length] = [cursor.u16(), cursor.u16(), cursor.u32()];
    if (tag === EXIF_IFD) exif = cursor.u32();
    else if (isText(tag, type) && texts.fits(tagName(tag), length)) {
      if (length > 4) cursor.at = cursor.u32();
      addText(tag, cursor.take(length), texts);
    }
  }
  return exif;
}

function isText(tag: number, type: number): boolean {
  if (tag === USER_COMMENT) return type === TYPE_UNDEFINED || type === TYPE_ASCII;
  return type === TYPE_ASCII || (type === TYPE_BYTE && isXpTag(tag));
}

function isXpTag(tag: number): boolean {
  return tag >= FIRST_XP_TAG && tag <= LAST_XP_TAG;
}

function addText(tag: number, bytes: Uint8Array, texts: MetadataTexts): void {
  const decoded = tag === USER_COMMENT ? userComment(bytes) : isXpTag(tag) ? utf16(bytes) : utf8OrLatin1(bytes);
  const text = decoded.replace(/\0+$/, '');
  const named = /^([\w -]{1,100}):\s*(?=[[{])/.exec(text);
  if (named === null) texts.add(tagName(tag), text);
  else texts.add(named[1] ?? '', text.slice(named[0].length));
}

/** Eight bytes that name the character set come before the text. Source: EXIF 2.3, 4.6.5. */
function userComment(bytes: Uint8Array): string {
  const charset = latin1(bytes.subarray(0, 8));
  if (charset.startsWith('UNICODE')) return utf16(bytes.subarray(8));
  return utf8OrLatin1(charset.startsWith('ASCII') || charset === '\0'.repeat(8) ? bytes.subarray(8) : bytes);
}

function tagName(tag: number): string {
  return TAG_NAMES.get(tag) ?? `tag ${tag}`;
}
