/** The `tEXt` chunks of a PNG by keyword. Throws where the bytes are no PNG. */
export function pngTexts(png: Buffer): Record<string, string> {
  if (png.subarray(1, 4).toString() !== 'PNG') throw new Error('not a PNG');
  const texts: Record<string, string> = {};
  for (let at = 8; at + 8 <= png.length;) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 8, at + 8 + length);
    const cut = body.indexOf(0);
    if (png.subarray(at + 4, at + 8).toString() === 'tEXt')
      texts[body.subarray(0, cut).toString('latin1')] = body.subarray(cut + 1).toString('latin1');
    at += length + 12;
  }
  return texts;
}
