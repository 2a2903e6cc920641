import { z } from 'zod';
import type { Prompt } from './prompt.ts';

const DEFAULT_NEGATIVE = 'blurry, low quality, watermark, text';
/** Added to the negative prompt where `nsfw` is false. */
export const SAFE_NEGATIVE = 'nsfw, nude, nudity, naked, explicit, sexual, gore';

const side = z.number().int().min(64).max(4096).multipleOf(8);
/** What a base image is made from. Sides in pixels, multiples of 8. */
export const baseImagesSchema = z
  .object({
    prompt: z.string().trim().min(1).max(10_000),
    negativePrompt: z.string().max(10_000).optional(),
    nsfw: z.boolean().optional(),
    checkpoint: z.string().min(1).max(500).optional(),
    width: side.optional(),
    height: side.optional(),
    steps: z.number().int().min(1).max(1000).optional(),
    seed: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).optional(),
    count: z.number().int().min(1).max(64).optional(),
  })
  .strict();
export type BaseImages = z.input<typeof baseImagesSchema>;

/** Text to image with core nodes alone. `seed` is what is used where `given` has none. */
export function baseImagesPrompt(given: BaseImages, checkpoint: string, seed: number): Prompt {
  const negative = [given.negativePrompt ?? DEFAULT_NEGATIVE, given.nsfw === false ? SAFE_NEGATIVE : '']
    .filter((part) => part !== '')
    .join(', ');
  return {
    '4': {
      class_type: 'CheckpointLoaderSimple',
      inputs: { ckpt_name: checkpoint },
      _meta: { title: 'Load Checkpoint' },
    },
    '5': {
      class_type: 'EmptyLatentImage',
      inputs: { width: given.width ?? 512, height: given.height ?? 512, batch_size: given.count ?? 1 },
      _meta: { title: 'Empty Latent Image' },
    },
    '6': {
      class_type: 'CLIPTextEncode',
      inputs: { text: given.prompt, clip: ['4', 1] },
      _meta: { title: 'Positive prompt' },
    },
    '7': {
      class_type: 'CLIPTextEncode',
      inputs: { text: negative, clip: ['4', 1] },
      _meta: { title: 'Negative prompt' },
    },
    '3': {
      class_type: 'KSampler',
      inputs: {
        seed: given.seed ?? seed,
        steps: given.steps ?? 20,
        cfg: 7,
        sampler_name: 'euler',
        scheduler: 'normal',
        denoise: 1,
        model: ['4', 0],
        positive: ['6', 0],
        negative: ['7', 0],
        latent_image: ['5', 0],
      },
      _meta: { title: 'KSampler' },
    },
    '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] }, _meta: { title: 'VAE Decode' } },
    '9': {
      class_type: 'SaveImage',
      inputs: { images: ['8', 0], filename_prefix: 'podium' },
      _meta: { title: 'Save Image' },
    },
  };
}
