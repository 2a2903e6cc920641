import { randomInt } from 'node:crypto';
import type { Prompt } from '../../lib/workflow/prompt.ts';

/** A colour or seed that no earlier run has used: ComfyUI answers an unchanged prompt from its cache. */
const fresh = (): number => randomInt(1, 0xff_ff_ff);

const emptyImage = (side: number): Prompt => ({
  '1': { class_type: 'EmptyImage', inputs: { width: side, height: side, batch_size: 1, color: fresh() } },
});
const saved = (from: string): Prompt => ({
  '9': { class_type: 'SaveImage', inputs: { images: [from, 0], filename_prefix: 'podium-conformance' } },
});

/** Three core nodes and one saved picture of 48 × 32; takes no time. */
export function quickPrompt(): Prompt {
  return {
    ...emptyImage(64),
    '2': {
      class_type: 'ImageScale',
      inputs: { image: ['1', 0], upscale_method: 'bilinear', width: 48, height: 32, crop: 'disabled' },
    },
    ...saved('2'),
  };
}

/** The same with a preview of type `temp` instead of a saved file. */
export function previewPrompt(): Prompt {
  return { ...emptyImage(32), '9': { class_type: 'PreviewImage', inputs: { images: ['1', 0] } } };
}

/**
 * A prompt that runs for some seconds and hears an interrupt: steps of 100 ms where the pod has `ProbeSteps`, else a
 * long chain of resizes by core nodes.
 */
export function slowPrompt(hasProbes: boolean, options: { steps?: number; preview?: boolean } = {}): Prompt {
  if (hasProbes) {
    const inputs = {
      image: ['1', 0],
      steps: options.steps ?? 40,
      ms: 100,
      seed: fresh(),
      preview: options.preview ?? false,
    };
    return { ...emptyImage(64), '2': { class_type: 'ProbeSteps', inputs }, ...saved('2') };
  }
  const chain: Prompt = emptyImage(1600);
  const links = 24;
  for (let at = 0; at < links; at += 1) {
    const side = at % 2 === 0 ? 2000 + at : 1200 + at;
    chain[`1${at}`] = {
      class_type: 'ImageScale',
      inputs: {
        image: [at === 0 ? '1' : `1${at - 1}`, 0],
        upscale_method: 'lanczos',
        width: side,
        height: side,
        crop: 'disabled',
      },
    };
  }
  chain.small = {
    class_type: 'ImageScale',
    inputs: { image: [`1${links - 1}`, 0], upscale_method: 'nearest-exact', width: 16, height: 16, crop: 'disabled' },
  };
  return { ...chain, ...saved('small') };
}

/** A node that fails as `kind` says, between a saved picture that is made before it and one that is not. */
export function failingPrompt(kind: 'error' | 'oom' | 'block' | 'nan_text'): Prompt {
  return {
    ...emptyImage(64),
    '2': { class_type: 'ProbeFail', inputs: { image: ['1', 0], kind, seed: fresh() } },
    '3': { class_type: 'PreviewImage', inputs: { images: ['2', 0] } },
    ...saved('1'),
  };
}
