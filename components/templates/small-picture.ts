/** Longest side, pixels: sharp on a card on any screen. */
const SIDE_PX = 320;
/** What a template's thumbnail may have as a data URL. */
const MAX_CHARS = 100_000;
const QUALITIES = [0.8, 0.5, 0.2];

/** A picture as a small data URL. @throws Error with a sentence for people */
export async function smallPicture(blob: Blob): Promise<string> {
  const bitmap = await createImageBitmap(blob).catch(() => {
    throw new Error('This file is no picture that the browser can read. Choose a PNG, JPEG or WebP.');
  });
  const scale = Math.min(1, SIDE_PX / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  // A browser that cannot write WebP gives a PNG instead, whatever the quality.
  const url = QUALITIES.map((quality) => canvas.toDataURL('image/webp', quality)).find(
    (one) => one.length <= MAX_CHARS,
  );
  if (url === undefined) throw new Error('The picture stays too large when made small. Choose another one.');
  return url;
}

/** The same of a picture at an address of Podium's own; undefined where it cannot be had. */
export async function smallPictureAt(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url);
    return response.ok ? await smallPicture(await response.blob()) : undefined;
  } catch {
    return undefined;
  }
}
