import { readExif } from './exif.ts';
import { cutOff } from './file-fault.ts';
import type { MetadataTexts } from './metadata-texts.ts';
import type { RangeReader } from './range-reader.ts';
import { latin1 } from './text-decoding.ts';

const RIFF_HEADER_BYTES = 12;

/** EXIF of a WebP. Source: WebP container specification. */
export async function readWebp(file: RangeReader, texts: MetadataTexts): Promise<void> {
  const riff = await file.bytes(0, RIFF_HEADER_BYTES);
  const end = new DataView(riff.buffer, riff.byteOffset).getUint32(4, true) + 8;
  for (let at = RIFF_HEADER_BYTES; at + 8 <= Math.min(end, file.size);) {
    file.countPart();
    const header = await file.bytes(at, 8);
    const length = new DataView(header.buffer, header.byteOffset).getUint32(4, true);
    if (latin1(header.subarray(0, 4)) === 'EXIF' && texts.fits('EXIF', length))
      readExif(await file.bytes(at + 8, length), texts);
    at += 8 + length + (length % 2);
  }
  if (end > file.size) throw cutOff();
}
