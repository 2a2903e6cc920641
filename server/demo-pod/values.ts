import type { NodeValue, Picture } from './pod-types.ts';
import { NodeFailure } from './run-errors.ts';

/** The most pixels that one batch may hold: beyond it the pretended card is out of memory. */
const MAX_BATCH_PIXELS = 64 * 1024 * 1024;

export function asImages(value: unknown): [Picture, ...Picture[]] {
  const held = value as NodeValue | undefined;
  if (held?.kind !== 'image') throw new NodeFailure('TypeError', 'expected an image');
  return held.pictures;
}

export function asLatent(value: unknown): Extract<NodeValue, { kind: 'latent' }> {
  const held = value as NodeValue | undefined;
  if (held?.kind !== 'latent') throw new NodeFailure('TypeError', 'expected a latent');
  return held;
}

export function textOf(value: unknown): string {
  const held = value as NodeValue | undefined;
  return held?.kind === 'text' ? held.text : '';
}

/** The result of a function over every picture of a batch. */
export async function eachPicture(
  value: unknown,
  change: (picture: Picture) => Picture | Promise<Picture>,
): Promise<{ values: NodeValue[] }> {
  const [first, ...others] = asImages(value);
  const rest: Picture[] = [];
  for (const picture of others) rest.push(await change(picture));
  return { values: [{ kind: 'image', pictures: [await change(first), ...rest] }] };
}

/** Throws what a card raises that cannot hold so much. */
export function checkMemory(width: number, height: number, batch: number): void {
  if (width * height * batch <= MAX_BATCH_PIXELS) return;
  const gib = ((width * height * batch * 12) / 1024 ** 3).toFixed(2);
  throw new NodeFailure(
    'torch.OutOfMemoryError',
    `CUDA out of memory. Tried to allocate ${gib} GiB. GPU 0 has a total capacity of 23.99 GiB of which 1.20 GiB is free.`,
  );
}

export function plain(width: number, height: number, colour: number): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < data.length; at += 3) {
    data[at] = (colour >> 16) & 255;
    data[at + 1] = (colour >> 8) & 255;
    data[at + 2] = colour & 255;
  }
  return { width, height, data };
}

export function invert(picture: Picture): Picture {
  return { ...picture, data: picture.data.map((value) => 255 - value) };
}
