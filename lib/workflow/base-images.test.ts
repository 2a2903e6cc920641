import { describe, expect, it } from 'vitest';
import { baseImagesPrompt, baseImagesSchema, SAFE_NEGATIVE, type BaseImages } from './base-images.ts';
import { isLink, promptSchema } from './prompt.ts';

const made = (given: BaseImages) => baseImagesPrompt(baseImagesSchema.parse(given), 'model.safetensors', 7);

describe('base images', () => {
  it('are a whole prompt of core nodes, every link leading somewhere', () => {
    const prompt = promptSchema.parse(made({ prompt: 'a lighthouse' }));
    const links = Object.values(prompt).flatMap((node) => Object.values(node.inputs).filter(isLink));
    expect(links.length).toBeGreaterThan(5);
    for (const [id] of links) expect(prompt).toHaveProperty([id]);
    expect(Object.values(prompt).map((node) => node.class_type)).toEqual(
      expect.arrayContaining(['CheckpointLoaderSimple', 'KSampler', 'SaveImage']),
    );
  });

  it('take what is given and else what is usual', () => {
    expect(made({ prompt: 'a' })).toMatchObject({
      '3': { inputs: { seed: 7, steps: 20 } },
      '4': { inputs: { ckpt_name: 'model.safetensors' } },
      '5': { inputs: { width: 512, height: 512, batch_size: 1 } },
      '6': { inputs: { text: 'a' } },
    });
    expect(made({ prompt: 'a', width: 768, height: 1024, steps: 4, seed: 0, count: 3 })).toMatchObject({
      '3': { inputs: { seed: 0, steps: 4 } },
      '5': { inputs: { width: 768, height: 1024, batch_size: 3 } },
    });
  });

  it('with nsfw false the terms are added to the negative prompt, with an empty one too', () => {
    const negative = (given: Omit<BaseImages, 'prompt'>) => made({ prompt: 'a', ...given })['7']?.inputs.text;
    expect(negative({ nsfw: false, negativePrompt: 'fog' })).toBe(`fog, ${SAFE_NEGATIVE}`);
    expect(negative({ nsfw: false, negativePrompt: '' })).toBe(SAFE_NEGATIVE);
    expect(negative({ nsfw: true, negativePrompt: 'fog' })).toBe('fog');
    expect(negative({ nsfw: false })).toContain(SAFE_NEGATIVE);
    expect(negative({})).not.toContain('nsfw');
  });

  it.each<[string, unknown]>([
    ['no prompt', {}],
    ['a blank prompt', { prompt: '  ' }],
    ['a side that is no multiple of 8', { prompt: 'a', width: 500 }],
    ['a side that is too long', { prompt: 'a', height: 8192 }],
    ['no steps', { prompt: 'a', steps: 0 }],
    ['a negative seed', { prompt: 'a', seed: -1 }],
    ['too many pictures', { prompt: 'a', count: 65 }],
    ['a name nobody knows', { prompt: 'a', sampler: 'x' }],
  ])('refuse %s', (_title, given) => {
    expect(baseImagesSchema.safeParse(given).success).toBe(false);
  });
});
