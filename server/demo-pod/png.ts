import sharp from 'sharp';
import type { Picture } from './pod-types.ts';

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = (TABLE[(c ^ byte) & 0xff] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function textChunk(key: string, text: string): Buffer {
  const body = Buffer.concat([Buffer.from('tEXt'), Buffer.from(`${key}\0`, 'latin1'), Buffer.from(text, 'latin1')]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

/** A PNG with `tEXt` chunks after its header, where ComfyUI puts `prompt` and `workflow`. Texts must be Latin-1. */
export async function encodePng(picture: Picture, texts: Record<string, string>): Promise<Buffer> {
  const raw = { width: picture.width, height: picture.height, channels: 3 as const };
  const png = await sharp(picture.data, { raw }).png({ compressionLevel: 4 }).toBuffer();
  const afterHeader = 8 + 25;
  const chunks = Object.entries(texts).map(([key, text]) => textChunk(key, text));
  return Buffer.concat([png.subarray(0, afterHeader), ...chunks, png.subarray(afterHeader)]);
}

/** A JPEG for a preview frame. */
export async function encodeJpeg(picture: Picture): Promise<Buffer> {
  const raw = { width: picture.width, height: picture.height, channels: 3 as const };
  return sharp(picture.data, { raw }).jpeg({ quality: 80 }).toBuffer();
}

/** The pixels of any picture file, without its transparency. Throws where sharp cannot read it. */
export async function decodePicture(bytes: Uint8Array): Promise<Picture> {
  const { data, info } = await sharp(bytes, { limitInputPixels: 67_108_864 })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** Scales to exactly these sides. */
export async function resize(picture: Picture, width: number, height: number): Promise<Picture> {
  if (picture.width === width && picture.height === height) return picture;
  const raw = { width: picture.width, height: picture.height, channels: 3 as const };
  const data = await sharp(picture.data, { raw }).resize(width, height, { fit: 'fill' }).raw().toBuffer();
  return { width, height, data };
}
