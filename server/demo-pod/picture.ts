import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { resize } from './png.ts';
import type { Picture, Recipe } from './pod-types.ts';
import { createScene } from './scene.ts';

/** The longest the event loop is held by drawing, in milliseconds. */
const SLICE_MS = 12;

/** Draws a recipe: the same text and seed give the same picture. Yields to the event loop between rows. */
export async function drawPicture(recipe: Recipe, width: number, height: number): Promise<Picture> {
  const seed = createHash('sha256').update(`${recipe.text}\n${recipe.seed}`).digest().readUInt32BE(0);
  const scene = createScene(recipe.text, seed, width / height);
  const base = recipe.base && recipe.denoise < 1 ? await resize(recipe.base, width, height) : undefined;
  const data = new Uint8Array(width * height * 3);
  let sliceEnd = performance.now() + SLICE_MS;
  const pixel: [number, number, number] = [0, 0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      scene(x / width, y / height, pixel);
      const at = (y * width + x) * 3;
      for (let c = 0; c < 3; c += 1) {
        const drawn = Math.min(255, Math.max(0, (pixel[c] ?? 0) * 255));
        data[at + c] = base ? drawn * recipe.denoise + (base.data[at + c] ?? 0) * (1 - recipe.denoise) : drawn;
      }
    }
    if (performance.now() > sliceEnd) {
      await nextTurn();
      sliceEnd = performance.now() + SLICE_MS;
    }
  }
  return { width, height, data };
}

/** The picture as it looks with `done` (0 to 1) of the steps taken: blotchy colour noise that clears. */
export function unfinished(picture: Picture, done: number, random: () => number): Picture {
  const noise = (1 - done) ** 1.4;
  const data = new Uint8Array(picture.data.length);
  for (let at = 0; at < data.length; at += 1)
    data[at] = (picture.data[at] ?? 0) * (1 - noise) + (64 + random() * 128) * noise;
  return { ...picture, data };
}
