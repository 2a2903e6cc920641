import { ebmlElements, type EbmlElement } from './ebml.ts';
import { FileFault } from './file-fault.ts';
import type { MetadataTexts } from './metadata-texts.ts';
import type { RangeReader } from './range-reader.ts';
import { utf8OrLatin1 } from './text-decoding.ts';

/** Source: RFC 9559, 5.1. */
const ID = {
  SEGMENT: 0x18538067,
  SEEK_HEAD: 0x114d9b74,
  SEEK: 0x4dbb,
  SEEK_ID: 0x53ab,
  SEEK_POSITION: 0x53ac,
  CLUSTER: 0x1f43b675,
  TAGS: 0x1254c367,
  TAG: 0x7373,
  SIMPLE_TAG: 0x67c8,
  TAG_NAME: 0x45a3,
  TAG_STRING: 0x4487,
} as const;

/**
 * Tags of a WebM or Matroska file. They stand before the film, or where the table at its beginning says; without a table all
 * of it is gone through, header by header.
 */
export async function readMatroska(file: RangeReader, texts: MetadataTexts): Promise<void> {
  for await (const element of ebmlElements(file, 0, file.size))
    if (element.id === ID.SEGMENT) return readSegment(file, element, texts);
}

async function readSegment(file: RangeReader, segment: EbmlElement, texts: MetadataTexts): Promise<void> {
  const seen = new Set<number>();
  const later: number[] = [];
  for await (const element of ebmlElements(file, segment.start, segment.end)) {
    if (element.id === ID.CLUSTER && (await readAtPlaces(file, segment, later, seen, texts))) return;
    if (element.id === ID.SEEK_HEAD) later.push(...(await placesOfTags(file, element, segment)));
    if (element.id !== ID.TAGS || seen.has(element.start)) continue;
    seen.add(element.start);
    await readTags(file, element, texts);
  }
}

/** Reads what the table named; `false` where no tags are at the places it named. */
async function readAtPlaces(
  file: RangeReader,
  segment: EbmlElement,
  places: number[],
  seen: Set<number>,
  texts: MetadataTexts,
): Promise<boolean> {
  for (let place = places.shift(); place !== undefined; place = places.shift()) {
    const element = place < segment.end ? await elementAt(file, place, segment) : null;
    if (element === null || seen.has(element.start)) continue;
    seen.add(element.start);
    if (element.id === ID.SEEK_HEAD) places.push(...(await placesOfTags(file, element, segment)));
    else await readTags(file, element, texts);
  }
  return texts.texts.length > 0;
}

/** The tags or the table at a place, `null` where something else or nothing that can be read is there: tables err. */
async function elementAt(file: RangeReader, place: number, segment: EbmlElement): Promise<EbmlElement | null> {
  try {
    const { value } = await ebmlElements(file, place, segment.end).next();
    return value?.id === ID.TAGS || value?.id === ID.SEEK_HEAD ? value : null;
  } catch (error) {
    if (error instanceof FileFault) return null;
    throw error;
  }
}

/** Where tags, or a further table, are: places count from the segment's content. */
async function placesOfTags(file: RangeReader, table: EbmlElement, segment: EbmlElement): Promise<number[]> {
  const places: number[] = [];
  for await (const seek of ebmlElements(file, table.start, table.end)) {
    if (seek.id !== ID.SEEK) continue;
    let id = 0;
    let position: number | null = null;
    for await (const field of ebmlElements(file, seek.start, seek.end)) {
      if (field.id === ID.SEEK_ID) id = await unsigned(file, field);
      if (field.id === ID.SEEK_POSITION) position = await unsigned(file, field);
    }
    if ((id === ID.TAGS || id === ID.SEEK_HEAD) && position !== null) places.push(segment.start + position);
  }
  return places;
}

async function unsigned(file: RangeReader, element: EbmlElement): Promise<number> {
  const bytes = await file.bytes(element.start, Math.min(element.end - element.start, 8));
  return bytes.reduce((number, byte) => number * 256 + byte, 0);
}

async function readTags(file: RangeReader, tags: EbmlElement, texts: MetadataTexts): Promise<void> {
  for await (const tag of ebmlElements(file, tags.start, tags.end)) {
    if (tag.id !== ID.TAG) continue;
    for await (const simple of ebmlElements(file, tag.start, tag.end))
      if (simple.id === ID.SIMPLE_TAG) await readSimpleTag(file, simple, texts);
  }
}

async function readSimpleTag(file: RangeReader, simple: EbmlElement, texts: MetadataTexts): Promise<void> {
  let name = '';
  for await (const { id, start, end } of ebmlElements(file, simple.start, simple.end)) {
    if ((id !== ID.TAG_NAME && id !== ID.TAG_STRING) || !texts.fits(name, end - start)) continue;
    const text = utf8OrLatin1(await file.bytes(start, end - start)).replace(/\0+$/, '');
    if (id === ID.TAG_NAME) name = text;
    else texts.add(name, text);
  }
}
