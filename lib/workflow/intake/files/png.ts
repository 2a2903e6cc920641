import { MAX_WORKFLOW_BYTES } from '../intake.ts';
import { readExif } from './exif.ts';
import { damaged } from './file-fault.ts';
import { inflate } from './inflate.ts';
import type { MetadataTexts } from './metadata-texts.ts';
import type { RangeReader } from './range-reader.ts';
import { latin1, splitAtZero, utf8OrLatin1 } from './text-decoding.ts';

const SIGNATURE_BYTES = 8;
/** `comf` holds what ComfyUI puts into an animated PNG, behind the pictures. Source: ComfyUI's `nodes_images.py`. */
const TEXT_CHUNKS = new Set(['tEXt', 'zTXt', 'iTXt', 'comf', 'eXIf']);

/** Texts of a PNG, animated or not. Source: PNG specification, 11.3.3 (third edition). */
export async function readPng(file: RangeReader, texts: MetadataTexts): Promise<void> {
  for (let at = SIGNATURE_BYTES; ;) {
    file.countPart();
    const header = await file.bytes(at, 8);
    const length = new DataView(header.buffer, header.byteOffset).getUint32(0);
    const type = latin1(header.subarray(4));
    if (!/^[A-Za-z]{4}$/.test(type)) throw damaged('list of chunks');
    if (type === 'IEND') return;
    if (TEXT_CHUNKS.has(type) && texts.fits(type, length))
      await readChunk(type, await file.bytes(at + 8, length), texts);
    at += 12 + length;
  }
}

async function readChunk(type: string, bytes: Uint8Array, texts: MetadataTexts): Promise<void> {
  if (type === 'eXIf') return readExif(bytes, texts);
  const [key, rest] = splitAtZero(bytes);
  const name = latin1(key);
  if (type === 'tEXt' || type === 'comf') return texts.add(name, utf8OrLatin1(rest));
  if (type === 'zTXt') return addPacked(name, rest.subarray(1), texts);
  const [, translated] = splitAtZero(rest.subarray(2));
  const [, text] = splitAtZero(translated);
  if (rest[0] === 1) return addPacked(name, text, texts);
  texts.add(name, utf8OrLatin1(text));
}

async function addPacked(name: string, packed: Uint8Array, texts: MetadataTexts): Promise<void> {
  const bytes = await inflate(packed, MAX_WORKFLOW_BYTES);
  if (bytes === null)
    texts.notes.push(`“${name.slice(0, 60)}” is damaged or too large when unpacked, and was not read.`);
  else texts.add(name, utf8OrLatin1(bytes));
}
