import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { resize } from './png.ts';
import type { Picture, Recipe } from './pod-types.ts';
import { createScene } from './scene/scene.ts';

/** The longest side that is drawn, in pixels; larger pictures are scaled up from it. */
const MAX_DRAWN = 1024;

/** Draws a recipe: the same text and seed give the same picture. The work is done off the event loop. */
export async function drawPicture(recipe: Recipe, width: number, height: number): Promise<Picture> {
  const seed = createHash('sha256').update(`${recipe.text}\n${recipe.seed}`).digest().readUInt32BE(0);
  const scale = Math.min(1, MAX_DRAWN / Math.max(width, height));
  const svg = createScene(
    recipe.text,
    seed,
    Math.max(1, Math.round(width * scale)),
    Math.max(1, Math.round(height * scale)),
  );
  const { data, info } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const drawn = await resize({ width: info.width, height: info.height, data }, width, height);
  if (!recipe.base || recipe.denoise >= 1) return drawn;
  return blendPictures(await resize(recipe.base, width, height), drawn, recipe.denoise);
}

function blendPictures(from: Picture, to: Picture, amount: number): Picture {
  const data = to.data.map((value, at) => value * amount + (from.data[at] ?? 0) * (1 - amount));
  return { ...to, data };
}

/** The picture as it looks with `done` (0 to 1) of the steps taken: blotchy colour noise that clears. */
export async function unfinished(picture: Picture, done: number, random: () => number): Promise<Picture> {
  const noise = (1 - done) ** 1.5;
  // What a sampler settles first is the large shapes: early steps are soft as well as noisy.
  const softness = 0.3 + noise * 9;
  const raw = { width: picture.width, height: picture.height, channels: 3 as const };
  const soft = await sharp(picture.data, { raw }).blur(softness).raw().toBuffer();
  const data = new Uint8Array(soft.length);
  for (let at = 0; at < data.length; at += 1)
    data[at] = (soft[at] ?? 0) * (1 - noise * 0.85) + (50 + random() * 150) * noise * 0.85;
  return { ...picture, data };
}
