import { setTimeout as sleep } from 'node:timers/promises';
import type { PodDisk } from './disk.ts';
import { createRandom } from './noise.ts';
import { drawPicture, unfinished } from './picture.ts';
import { decodePicture, encodeJpeg, encodePng, resize } from './png.ts';
import type { NodeOutput, NodeValue, Picture, PodPrompt, PromptNode, Recipe } from './pod-types.ts';
import { runProbe } from './probe-execution.ts';
import { pythonJson } from './python-json.ts';
import { LostRun, NodeFailure } from './run-errors.ts';

export interface NodeContext {
  prompt: PodPrompt;
  extraData: Record<string, unknown>;
  disk: PodDisk;
  stepMs: number;
  /** Ends with the pod's process. */
  signal: AbortSignal;
  /** Throws `InterruptedRun` where the pod was told to stop, without a word about this step. */
  progress: (value: number, max: number, jpeg?: Buffer) => void;
  /** The other nodes that this one made, run inside it. */
  child: (index: number, run: (context: NodeContext) => Promise<void>) => Promise<void>;
}
export interface NodeResult {
  values: NodeValue[];
  ui?: NodeOutput;
}
export type Inputs = Record<string, unknown>;
type Runner = (inputs: Inputs, context: NodeContext) => Promise<NodeResult> | NodeResult;

/** Waits, in milliseconds, deaf to interrupts. Throws `LostRun` when the pod goes. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    throw new LostRun();
  }
}

const asImage = (value: unknown): Picture => {
  const held = value as NodeValue;
  if (held?.kind !== 'image') throw new NodeFailure('TypeError', 'expected an image');
  return held.picture;
};
const asLatent = (value: unknown): Extract<NodeValue, { kind: 'latent' }> => {
  const held = value as NodeValue;
  if (held?.kind !== 'latent') throw new NodeFailure('TypeError', 'expected a latent');
  return held;
};
const textOf = (value: unknown): string => {
  const held = value as NodeValue;
  return held?.kind === 'text' ? held.text : '';
};

function plain(width: number, height: number, colour: number): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < data.length; at += 3) {
    data[at] = (colour >> 16) & 255;
    data[at + 1] = (colour >> 8) & 255;
    data[at + 2] = colour & 255;
  }
  return { width, height, data };
}

async function sample(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const latent = asLatent(inputs.latent_image);
  const steps = Number(inputs.steps);
  const recipe: Recipe = {
    text: textOf(inputs.positive),
    seed: Number(inputs.seed),
    denoise: Number(inputs.denoise),
    ...(latent.base ? { base: latent.base } : {}),
  };
  const scale = 128 / Math.max(latent.width, latent.height);
  const small = await drawPicture(
    recipe,
    Math.max(8, Math.round(latent.width * scale)),
    Math.max(8, Math.round(latent.height * scale)),
  );
  const random = createRandom(recipe.seed);
  for (let step = 1; step <= steps; step += 1) {
    await pause(context.stepMs, context.signal);
    context.progress(step, steps, await encodeJpeg(unfinished(small, step / steps, random)));
  }
  return { values: [{ kind: 'latent', width: latent.width, height: latent.height, recipe }] };
}

async function decode(inputs: Inputs): Promise<NodeResult> {
  const latent = asLatent(inputs.samples);
  const picture = latent.recipe
    ? await drawPicture(latent.recipe, latent.width, latent.height)
    : (latent.base ?? plain(latent.width, latent.height, 0x808080));
  return { values: [{ kind: 'image', picture }] };
}

function save(type: 'output' | 'temp'): Runner {
  return async (inputs, context) => {
    const prefix = type === 'temp' ? 'ComfyUI_temp_podux' : String(inputs.filename_prefix);
    if (prefix.split('/').includes('..') || prefix.startsWith('/'))
      throw new NodeFailure('Exception', '**** ERROR: Saving image outside the output folder is not allowed.');
    const file = context.disk.nextName(prefix, type);
    const pnginfo = context.extraData.extra_pnginfo;
    const texts = Object.entries(typeof pnginfo === 'object' && pnginfo !== null ? pnginfo : {});
    const metadata = Object.fromEntries(texts.map(([key, value]) => [key, pythonJson(value)]));
    const png = await encodePng(asImage(inputs.images), { prompt: pythonJson(context.prompt), ...metadata });
    context.disk.write(file, png);
    return { values: [], ui: { images: [file] } };
  };
}

const RUNNERS: Record<string, Runner> = {
  CheckpointLoaderSimple: async (inputs, context) => {
    await pause(context.stepMs * 3, context.signal);
    const name = String(inputs.ckpt_name);
    return { values: [0, 1, 2].map(() => ({ kind: 'handle' as const, name })) };
  },
  CLIPTextEncode: (inputs) => ({ values: [{ kind: 'text', text: String(inputs.text) }] }),
  EmptyLatentImage: (inputs) => ({
    values: [{ kind: 'latent', width: Number(inputs.width), height: Number(inputs.height) }],
  }),
  KSampler: sample,
  VAEDecode: decode,
  VAEEncode: (inputs) => {
    const base = asImage(inputs.pixels);
    return { values: [{ kind: 'latent', width: base.width, height: base.height, base }] };
  },
  LoadImage: async (inputs, context) => {
    const file = context.disk.read({ filename: String(inputs.image), subfolder: '', type: 'input' });
    if (!file)
      throw new NodeFailure('FileNotFoundError', `[Errno 2] No such file or directory: '${String(inputs.image)}'`);
    const picture = await decodePicture(file.bytes).catch(() => {
      throw new NodeFailure('PIL.UnidentifiedImageError', `cannot identify image file '${String(inputs.image)}'`);
    });
    return {
      values: [
        { kind: 'image', picture },
        { kind: 'handle', name: 'mask' },
      ],
    };
  },
  SaveImage: save('output'),
  PreviewImage: save('temp'),
  EmptyImage: (inputs) => ({
    values: [{ kind: 'image', picture: plain(Number(inputs.width), Number(inputs.height), Number(inputs.color)) }],
  }),
  ImageScale: async (inputs) => {
    const from = asImage(inputs.image);
    const width = Number(inputs.width) || from.width;
    const height = Number(inputs.height) || from.height;
    return { values: [{ kind: 'image', picture: await resize(from, width, height) }] };
  },
};

/** Runs one node with its inputs resolved. Throws `NodeFailure`, `InterruptedRun` or `LostRun`. */
export async function runNode(node: PromptNode, inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const runner = RUNNERS[node.class_type];
  if (runner) return runner(inputs, context);
  return runProbe(node.class_type, inputs, context);
}
