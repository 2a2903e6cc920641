import { boxes, type Box } from './boxes.ts';
import { Cursor } from './cursor.ts';
import { readExif } from './exif.ts';
import { joinBytes } from './inflate.ts';
import type { MetadataTexts } from './metadata-texts.ts';
import type { RangeReader } from './range-reader.ts';
import { latin1 } from './text-decoding.ts';

const MAX_TABLE_BYTES = 4 * 1024 * 1024;
/** Places of the file itself; 1 counts from the content of the `idat` box. */
const IN_FILE = 0;
const IN_IDAT = 1;

interface Extent {
  offset: number;
  length: number;
}

/** EXIF of an AVIF or HEIC picture: an item of type `Exif`. Source: ISO/IEC 23008-12, annex A; 14496-12, 8.11. */
export async function readAvif(file: RangeReader, texts: MetadataTexts): Promise<void> {
  for await (const box of boxes(file, 0, file.size)) if (box.type === 'meta') return readMeta(file, box, texts);
}

async function readMeta(file: RangeReader, meta: Box, texts: MetadataTexts): Promise<void> {
  const tables = new Map<string, Box>();
  for await (const box of boxes(file, meta.start + 4, meta.end)) tables.set(box.type, box);
  const [infos, locations] = [tables.get('iinf'), tables.get('iloc')];
  if (infos === undefined || locations === undefined || sizeOf(locations) > MAX_TABLE_BYTES) return;
  const item = await exifItem(file, infos);
  if (item === null) return;
  const extents = extentsOf(await file.bytes(locations.start, sizeOf(locations)), item, tables.get('idat')?.start ?? 0);
  if (
    extents.length === 0 ||
    !texts.fits(
      'EXIF',
      extents.reduce((sum, { length }) => sum + length, 0),
    )
  )
    return;
  const parts: Uint8Array[] = [];
  for (const { offset, length } of extents) parts.push(await file.bytes(offset, length));
  const cursor = new Cursor(joinBytes(parts), 'EXIF');
  cursor.take(cursor.u32());
  readExif(cursor.take(cursor.left), texts);
}

function sizeOf(box: Box): number {
  return box.end - box.start;
}

async function exifItem(file: RangeReader, infos: Box): Promise<number | null> {
  const version = new Cursor(await file.bytes(infos.start, 1), 'items').u8();
  for await (const box of boxes(file, infos.start + (version === 0 ? 6 : 8), infos.end)) {
    if (box.type !== 'infe' || sizeOf(box) < 12) continue;
    const cursor = new Cursor(await file.bytes(box.start, Math.min(sizeOf(box), 14)), 'items');
    const wide = cursor.u8() === 3;
    cursor.take(3);
    const id = cursor.unsigned(wide ? 4 : 2);
    cursor.take(2);
    if (latin1(cursor.take(4)) === 'Exif') return id;
  }
  return null;
}

function extentsOf(table: Uint8Array, wanted: number, idatStart: number): Extent[] {
  const cursor = new Cursor(table, 'item places');
  const version = cursor.u8();
  cursor.take(3);
  const [sizes, moreSizes] = [cursor.u8(), cursor.u8()];
  const indexBytes = version === 0 ? 0 : moreSizes & 15;
  for (let items = cursor.unsigned(version < 2 ? 2 : 4); items > 0; items -= 1) {
    const id = cursor.unsigned(version < 2 ? 2 : 4);
    const construction = version === 0 ? IN_FILE : cursor.u16() & 15;
    cursor.take(2);
    const base = cursor.unsigned(moreSizes >> 4) + (construction === IN_IDAT ? idatStart : 0);
    const extents: Extent[] = [];
    for (let count = cursor.u16(); count > 0; count -= 1) {
      cursor.take(indexBytes);
      extents.push({ offset: base + cursor.unsigned(sizes >> 4), length: cursor.unsigned(sizes & 15) });
    }
    if (id === wanted) return construction > IN_IDAT ? [] : extents;
  }
  return [];
}
