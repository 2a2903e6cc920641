import sharp, { type Sharp } from 'sharp';
import { z } from 'zod';

/** Formats that are decoded; SVG, PDF and whatever else the library knows are not. */
const DECODED = new Set([
  'image/png',
  'image/apng',
  'image/jpeg',
  'image/webp',
  'image/gif',
  'image/avif',
  'image/tiff',
]);
/** Above this a picture is not decoded, whatever its file's size: 100 million pixels. */
const MAX_PIXELS = 100_000_000;
const MAX_SECONDS = 10;

export function isDecodable(contentType: string): boolean {
  return DECODED.has(contentType);
}

/** The first frame of a picture, ready to be decoded within bounds. */
function opened(path: string): Sharp {
  return sharp(path, { limitInputPixels: MAX_PIXELS, sequentialRead: true, pages: 1, failOn: 'error' });
}

const sizeSchema = z.object({ width: z.number().int().positive(), height: z.number().int().positive() });

/** Width and height in pixels as shown, without decoding; undefined for what cannot be read or is out of bounds. */
export async function pictureSize(path: string): Promise<{ width: number; height: number } | undefined> {
  try {
    const { autoOrient } = await opened(path).metadata();
    return sizeSchema.parse(autoOrient);
  } catch {
    return undefined;
  }
}

/** A WebP of at most `widthPx` by twice that; undefined for what cannot be decoded within bounds. */
export async function smallPicture(path: string, widthPx: number): Promise<Buffer | undefined> {
  try {
    return await opened(path)
      .autoOrient()
      .resize({ width: widthPx, height: widthPx * 2, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 80 })
      .timeout({ seconds: MAX_SECONDS })
      .toBuffer();
  } catch {
    return undefined;
  }
}
