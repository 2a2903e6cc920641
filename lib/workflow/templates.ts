import type { Prompt } from './prompt.ts';

export interface Template {
  id: string;
  name: string;
  description: string;
  prompt: Prompt;
}

const CHECKPOINT = 'v1-5-pruned-emaonly-fp16.safetensors';

function sampler(seed: number, steps: number, denoise: number, latent: [string, number]): Prompt {
  return {
    '1': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: CHECKPOINT } },
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

/** Ready workflows. `seed` makes each run a new one: ComfyUI answers an unchanged prompt from its cache. */
export function templates(seed: number): [Template, ...Template[]] {
  return [
    {
      id: 'text-to-image',
      name: 'Text to image',
      description: 'A picture from a sentence, 20 steps.',
      prompt: { ...latent, ...sampler(seed, 20, 1, ['4', 0]) },
    },
    {
      id: 'image-to-image',
      name: 'Image to image',
      description: 'Starts from a plain picture, no upload needed.',
      prompt: {
        '8': { class_type: 'EmptyImage', inputs: { width: 512, height: 512, batch_size: 1, color: 0x3b82f6 } },
        '9': { class_type: 'VAEEncode', inputs: { pixels: ['8', 0], vae: ['1', 2] } },
        ...sampler(seed, 20, 0.7, ['9', 0]),
      },
    },
    {
      id: 'slow',
      name: 'Slow, many steps',
      description: '120 steps: time to watch, cancel or restart.',
      prompt: { ...latent, ...sampler(seed, 120, 1, ['4', 0]) },
    },
    {
      id: 'fails',
      name: 'A node that fails',
      description: 'Demo pod only: what a failure looks like.',
      prompt: failing('error', seed),
    },
    {
      id: 'oom',
      name: 'Out of memory',
      description: 'Demo pod only: what Podium does about it.',
      prompt: failing('oom', seed),
    },
  ];
}
