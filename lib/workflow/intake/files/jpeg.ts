import { readExif } from './exif.ts';
import { damaged } from './file-fault.ts';
import type { MetadataTexts } from './metadata-texts.ts';
import type { RangeReader } from './range-reader.ts';
import { startsWith, utf8OrLatin1 } from './text-decoding.ts';

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const APP1 = 0xe1;
const COMMENT = 0xfe;

/** EXIF and comments of a JPEG, which stand before its picture. Source: ITU-T T.81, annex B. */
export async function readJpeg(file: RangeReader, texts: MetadataTexts): Promise<void> {
  for (let at = 2; ;) {
    file.countPart();
    const header = await file.bytes(at, 2);
    const marker = header[1] ?? 0;
    if (header[0] !== 0xff) throw damaged('list of segments');
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === START_OF_SCAN || marker === END_OF_IMAGE) return;
    const size = await file.bytes(at + 2, 2);
    const length = new DataView(size.buffer, size.byteOffset).getUint16(0);
    if (length < 2) throw damaged('list of segments');
    if (marker === APP1 || marker === COMMENT) readSegment(marker, await file.bytes(at + 4, length - 2), texts);
    at += 2 + length;
  }
}

function readSegment(marker: number, bytes: Uint8Array, texts: MetadataTexts): void {
  if (marker === COMMENT) texts.add('comment', utf8OrLatin1(bytes));
  else if (startsWith(bytes, 'Exif\0\0')) readExif(bytes, texts);
}
