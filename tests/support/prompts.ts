import type { Prompt } from '../../lib/workflow/prompt.ts';

let counter = 0;
/** A prompt no pod has cached: `steps` steps of `ms` milliseconds, then one saved picture. */
export function stepsPrompt(steps: number, ms: number): Prompt {
  counter += 1;
  return {
    '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 304_000 + counter } },
    '2': {
      class_type: 'ProbeSteps',
      inputs: { image: ['1', 0], steps, ms, seed: Math.floor(Math.random() * 2 ** 40), preview: false },
    },
    '3': { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'podium-test' } },
  };
}

/** A prompt no pod has cached, which reads this file of the input folder and saves it. */
export function loadPrompt(image: string): Prompt {
  return {
    '1': { class_type: 'LoadImage', inputs: { image } },
    '2': {
      class_type: 'ProbeSteps',
      inputs: { image: ['1', 0], steps: 1, ms: 5, seed: Math.floor(Math.random() * 2 ** 40), preview: false },
    },
    '3': { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'podium-test' } },
  };
}

/** A prompt whose second node fails as `kind` says. */
export function failingPrompt(kind: 'error' | 'oom' | 'cuda' | 'nan_text' | 'block'): Prompt {
  counter += 1;
  return {
    '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 504_000 + counter } },
    '2': { class_type: 'ProbeFail', inputs: { image: ['1', 0], kind, seed: counter } },
    '3': { class_type: 'PreviewImage', inputs: { images: ['2', 0] } },
  };
}

/** A prompt with a node that sleeps for some seconds and hears no interrupt meanwhile. */
export function hangingPrompt(seconds: number): Prompt {
  counter += 1;
  return {
    '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 704_000 + counter } },
    '2': { class_type: 'ProbeHang', inputs: { image: ['1', 0], seconds, seed: counter } },
    '3': { class_type: 'PreviewImage', inputs: { images: ['2', 0] } },
  };
}
