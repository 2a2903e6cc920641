import { DEFAULT_CHECKPOINT } from './default-checkpoint.ts';
import type { Prompt } from './prompt.ts';

export interface Template {
  id: string;
  name: string;
  description: string;
  prompt: Prompt;
}

function sampler(ckpt: string, seed: number, steps: number, denoise: number, latent: [string, number]): Prompt {
  return {
    '1': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: ckpt } },
    '2': { class_type: 'CLIPTextEncode', inputs: { text: 'a lighthouse at dusk, soft light', clip: ['1', 1] } },
    '3': { class_type: 'CLIPTextEncode', inputs: { text: 'blurry, text', clip: ['1', 1] } },
    '5': {
      class_type: 'KSampler',
      inputs: {
        model: ['1', 0],
        positive: ['2', 0],
        negative: ['3', 0],
        latent_image: latent,
        seed,
        steps,
        cfg: 7,
        sampler_name: 'euler',
        scheduler: 'normal',
        denoise,
      },
    },
    '6': { class_type: 'VAEDecode', inputs: { samples: ['5', 0], vae: ['1', 2] } },
    '7': { class_type: 'SaveImage', inputs: { images: ['6', 0], filename_prefix: 'podium' } },
  };
}
const latent: Prompt = { '4': { class_type: 'EmptyLatentImage', inputs: { width: 512, height: 512, batch_size: 1 } } };
const emptyImage: Prompt = {
  '1': { class_type: 'EmptyImage', inputs: { width: 512, height: 512, batch_size: 1, color: 0x3b82f6 } },
};
const saved: Prompt = { '3': { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'podium' } } };
function failing(kind: string, seed: number): Prompt {
  return { ...emptyImage, '2': { class_type: 'ProbeFail', inputs: { image: ['1', 0], kind, seed } }, ...saved };
}

/** Three colours that go well together, from the ground up. */
const PALETTES = [
  [0x1e1b4b, 0x6d28d9, 0xfbbf24],
  [0x0f3d3e, 0x14b8a6, 0xfde68a],
  [0x3b0764, 0xdb2777, 0xfdba74],
  [0x0c4a6e, 0x38bdf8, 0xfef3c7],
  [0x422006, 0xea580c, 0xfef08a],
] as const;

/** Soft squares of colour: nodes that every ComfyUI has, and no model at all. */
function squares(seed: number): Prompt {
  const [ground, middle, top] = PALETTES[seed % PALETTES.length] ?? PALETTES[0];
  const empty = (side: number, color: number) => ({
    class_type: 'EmptyImage',
    inputs: { width: side, height: side, batch_size: 1, color },
  });
  const laid = (on: string, square: string, x: number, y: number) => ({
    class_type: 'ImageCompositeMasked',
    inputs: { destination: [on, 0], source: [square, 0], x, y, resize_source: false },
  });
  const place = (shift: number) => Math.floor(seed / 2 ** shift) % 150;
  return {
    '1': empty(512, ground),
    '2': empty(300, middle),
    '3': laid('1', '2', 30 + place(3), 30 + place(8)),
    '4': empty(150, top),
    '5': laid('3', '4', 180 + place(13), 180 + place(18)),
    '6': { class_type: 'ImageBlur', inputs: { image: ['5', 0], blur_radius: 31, sigma: 8 } },
    '7': { class_type: 'SaveImage', inputs: { images: ['6', 0], filename_prefix: 'podium' } },
  };
}

/** What ready workflows need to know of a pod; see `PodView`. */
export interface TemplatePod {
  demo: boolean;
  checkpoint: string | null;
}

/**
 * Ready workflows that the pods can run, the best one to begin with first. `seed`, a whole number from 0, makes each run
 * a new one: ComfyUI answers an unchanged prompt from its cache.
 */
export function templates(seed: number, pods: readonly TemplatePod[]): [Template, ...Template[]] {
  const demo = pods.some((pod) => pod.demo);
  const ckpt = demo ? DEFAULT_CHECKPOINT : pods.find((pod) => pod.checkpoint !== null)?.checkpoint;
  const withoutModel: Template = {
    id: 'squares',
    name: 'Soft squares',
    description: 'Needs no model: shows that the pod works.',
    prompt: squares(seed),
  };
  if (ckpt === null || ckpt === undefined) return [withoutModel];
  const textToImage: Template = {
    id: 'text-to-image',
    name: 'Text to image',
    description: 'A picture from a sentence, 20 steps.',
    prompt: { ...latent, ...sampler(ckpt, seed, 20, 1, ['4', 0]) },
  };
  const imageToImage: Template = {
    id: 'image-to-image',
    name: 'Image to image',
    description: 'Starts from a plain picture, no upload needed.',
    prompt: {
      '8': { class_type: 'EmptyImage', inputs: { width: 512, height: 512, batch_size: 1, color: 0x3b82f6 } },
      '9': { class_type: 'VAEEncode', inputs: { pixels: ['8', 0], vae: ['1', 2] } },
      ...sampler(ckpt, seed, 20, 0.7, ['9', 0]),
    },
  };
  if (!demo) return [textToImage, imageToImage, withoutModel];
  return [
    textToImage,
    imageToImage,
    {
      id: 'slow',
      name: 'Slow, many steps',
      description: '120 steps: time to watch, cancel or restart.',
      prompt: { ...latent, ...sampler(ckpt, seed, 120, 1, ['4', 0]) },
    },
    {
      id: 'fails',
      name: 'A node that fails',
      description: 'What a failure looks like.',
      prompt: failing('error', seed),
    },
    {
      id: 'oom',
      name: 'Out of memory',
      description: 'What Podium does about it.',
      prompt: failing('oom', seed),
    },
  ];
}
