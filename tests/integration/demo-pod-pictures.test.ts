import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { baseImagesPrompt } from '../../lib/workflow/base-images.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { FrameLog } from '../conformance/frame-log.ts';
import { pngTexts } from '../conformance/png-texts.ts';
import { PodBench } from '../support/pod-bench.ts';

let bench: PodBench;
beforeEach(async () => {
  bench = await PodBench.open();
});
afterEach(() => bench.pod.close());

const checkpoint = 'v1-5-pruned-emaonly-fp16.safetensors';
const textToImage = (prompt: string, seed: number, count = 1): Prompt =>
  baseImagesPrompt({ prompt, steps: 3, width: 192, height: 128, count }, checkpoint, seed);

async function run(prompt: Prompt, extra: Record<string, unknown> = {}): Promise<Buffer[]> {
  const id = randomUUID();
  await bench.caller.post(prompt, { prompt_id: id, client_id: PodBench.clientId, ...extra });
  const { status, outputs } = await bench.caller.ended(id);
  expect(status.status_str).toBe('success');
  const files = Object.values(outputs).flatMap((output) => output.images ?? []);
  return Promise.all(files.map(async (file) => (await bench.caller.view(file)).bytes));
}
const pixels = async (png: Buffer | undefined): Promise<string> =>
  (await sharp(png).removeAlpha().raw().toBuffer()).toString('base64');

it('B111 draws a real picture of the size asked for, the same for the same words and seed, else another', async () => {
  const [first] = await run(textToImage('a lighthouse at dusk', 1));
  expect(await sharp(first).metadata()).toMatchObject({ format: 'png', width: 192, height: 128, channels: 3 });
  // Another pod has nothing in its cache.
  await bench.pod.close();
  bench = await PodBench.open();
  const [again] = await run(textToImage('a lighthouse at dusk', 1));
  expect(await pixels(again)).toBe(await pixels(first));
  const [otherSeed] = await run(textToImage('a lighthouse at dusk', 2));
  const [otherWords] = await run(textToImage('a city at night', 1));
  expect(new Set([await pixels(first), await pixels(otherSeed), await pixels(otherWords)]).size).toBe(3);
});

it('B111 draws each picture of a batch anew', async () => {
  const batch = await run(textToImage('a forest', 5, 3));
  expect(new Set(await Promise.all(batch.map(pixels))).size).toBe(3);
});

it('B111 writes prompt and workflow into the file as ComfyUI does', async () => {
  const prompt = textToImage('schöne Berge "quoted"', 3);
  const workflow = { nodes: [{ id: 1, title: 'Häuser' }] };
  const [png] = await run(prompt, { extra_data: { extra_pnginfo: { workflow } } });
  const texts = pngTexts(png ?? Buffer.alloc(0));
  expect(JSON.parse(texts.prompt ?? '')).toMatchObject({ '6': { inputs: { text: 'schöne Berge "quoted"' } } });
  expect(JSON.parse(texts.workflow ?? '')).toEqual(workflow);
});

it('B111 keeps what an image-to-image prompt starts from, the more the lower its denoise', async () => {
  const green = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#00ff00' } })
    .png()
    .toBuffer();
  await bench.caller.upload('green.png', green);
  const greenness = async (denoise: number): Promise<number> => {
    const prompt = textToImage('the sea at sunset', 4);
    const sampler = prompt['3'];
    if (!sampler) throw new Error('no sampler');
    const [png] = await run({
      ...prompt,
      '1': { class_type: 'LoadImage', inputs: { image: 'green.png' } },
      '2': { class_type: 'VAEEncode', inputs: { pixels: ['1', 0], vae: ['4', 2] } },
      '3': { ...sampler, inputs: { ...sampler.inputs, latent_image: ['2', 0], denoise } },
    });
    const { channels } = await sharp(png).stats();
    return (channels[1]?.mean ?? 0) - (channels[0]?.mean ?? 0);
  };
  const [little, half, all] = [await greenness(0.1), await greenness(0.5), await greenness(1)];
  expect(little).toBeGreaterThan(half);
  expect(half).toBeGreaterThan(all);
});

it('B112 previews clear from noise to the picture', async () => {
  const previews: Buffer[] = [];
  const log = await FrameLog.open(bench.pod.url, PodBench.clientId, {}, (frame) => previews.push(frame.subarray(8)));
  await run(textToImage('mountains', 6));
  await log.until((frames) => frames.some((frame) => frame.type === 'execution_success'), 'success is told');
  expect(previews).toHaveLength(3);
  const entropies = await Promise.all(previews.map(async (jpeg) => (await sharp(jpeg).stats()).sharpness));
  expect(entropies[0]).toBeGreaterThan(entropies[2] ?? Infinity);
});

it('B113 tells a model that is too large for its card as ComfyUI does', async () => {
  const id = randomUUID();
  const prompt = baseImagesPrompt({ prompt: 'x', width: 4096, height: 4096, count: 64, steps: 1 }, checkpoint, 1);
  await bench.caller.post(prompt, { prompt_id: id });
  const { status } = await bench.caller.ended(id);
  expect(status.messages.at(-1)).toMatchObject([
    'execution_error',
    { node_type: 'EmptyLatentImage', exception_type: 'torch.OutOfMemoryError' },
  ]);
});
