import { setTimeout as sleep } from 'node:timers/promises';
import { inputFile, type PodDisk } from './disk.ts';
import { createRandom } from './noise.ts';
import { drawPicture, unfinished } from './picture.ts';
import { decodePicture, encodeJpeg, encodePng, resize } from './png.ts';
import type { NodeOutput, NodeValue, Picture, PodPrompt, PromptNode, StoredFile } from './pod-types.ts';
import { runProbe } from './probe-execution.ts';
import { pythonJson } from './python-json.ts';
import { LostRun, NodeFailure } from './run-errors.ts';
import { asImages, asLatent, checkMemory, eachPicture, invert, plain, textOf } from './values.ts';

const PREVIEW_SIDE = 192;
/** How long a model loads, in sampling steps. */
const LOADING_STEPS = 8;

export interface NodeContext {
  prompt: PodPrompt;
  extraData: Record<string, unknown>;
  disk: PodDisk;
  stepMs: number;
  /** Ends with the pod's process. */
  signal: AbortSignal;
  /** Resolves when a step of so many milliseconds is over. Throws `LostRun` when the pod goes. */
  step: (ms: number) => Promise<void>;
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

async function sample(inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const { width, height, batch, bases } = asLatent(inputs.latent_image);
  const steps = Number(inputs.steps);
  const recipe = { text: textOf(inputs.positive), seed: Number(inputs.seed), denoise: Number(inputs.denoise) };
  const scale = PREVIEW_SIDE / Math.max(width, height);
  const side = (whole: number): number => Math.max(8, Math.round(whole * scale));
  const base = bases?.[0];
  const small = await drawPicture({ ...recipe, ...(base ? { base } : {}) }, side(width), side(height));
  const random = createRandom(recipe.seed);
  for (let step = 1; step <= steps; step += 1) {
    await context.step(context.stepMs);
    context.progress(step, steps, await encodeJpeg(await unfinished(small, step / steps, random)));
  }
  return { values: [{ kind: 'latent', width, height, batch, recipe, ...(bases ? { bases } : {}) }] };
}

/** Each picture of a batch has a seed of its own. */
async function decode(inputs: Inputs): Promise<NodeResult> {
  const { width, height, batch, recipe, bases } = asLatent(inputs.samples);
  const one = async (at: number): Promise<Picture> => {
    const base = bases?.[at];
    if (!recipe) return base ?? plain(width, height, 0x808080);
    return drawPicture({ ...recipe, seed: recipe.seed + at, ...(base ? { base } : {}) }, width, height);
  };
  const rest: Picture[] = [];
  const first = await one(0);
  for (let at = 1; at < batch; at += 1) rest.push(await one(at));
  return { values: [{ kind: 'image', pictures: [first, ...rest] }] };
}

function save(type: 'output' | 'temp'): Runner {
  return async (inputs, context) => {
    const prefix = type === 'temp' ? 'ComfyUI_temp_podux' : String(inputs.filename_prefix);
    if (prefix.split('/').includes('..') || prefix.startsWith('/'))
      throw new NodeFailure('Exception', '**** ERROR: Saving image outside the output folder is not allowed.');
    const pnginfo = context.extraData.extra_pnginfo;
    const texts = Object.entries(typeof pnginfo === 'object' && pnginfo !== null ? pnginfo : {});
    const metadata = Object.fromEntries(texts.map(([key, value]) => [key, pythonJson(value)]));
    const images: StoredFile[] = [];
    for (const picture of asImages(inputs.images)) {
      const png = await encodePng(picture, { prompt: pythonJson(context.prompt), ...metadata });
      if (context.signal.aborted) throw new LostRun();
      const file = context.disk.nextName(prefix, type);
      context.disk.write(file, png);
      images.push(file);
    }
    return { values: [], ui: { images } };
  };
}

const scaled = (value: unknown, sides: (picture: Picture) => [number, number]): Promise<NodeResult> =>
  eachPicture(value, (picture) => resize(picture, ...sides(picture)));

const RUNNERS: Record<string, Runner> = {
  CheckpointLoaderSimple: async (inputs, context) => {
    // The first use of a model reads gigabytes; later ones find it in the cache.
    await pause(context.stepMs * LOADING_STEPS, context.signal);
    const name = String(inputs.ckpt_name);
    return { values: [0, 1, 2].map(() => ({ kind: 'handle' as const, name })) };
  },
  CLIPTextEncode: (inputs) => ({ values: [{ kind: 'text', text: String(inputs.text) }] }),
  EmptyLatentImage: (inputs) => {
    const [width, height, batch] = [Number(inputs.width), Number(inputs.height), Number(inputs.batch_size)];
    checkMemory(width, height, batch);
    return { values: [{ kind: 'latent', width, height, batch }] };
  },
  KSampler: sample,
  VAEDecode: decode,
  VAEEncode: (inputs) => {
    const bases = asImages(inputs.pixels);
    const [{ width, height }] = bases;
    return { values: [{ kind: 'latent', width, height, batch: bases.length, bases }] };
  },
  LoadImage: async (inputs, context) => {
    const name = String(inputs.image);
    const file = context.disk.read(inputFile(name));
    if (!file) throw new NodeFailure('FileNotFoundError', `[Errno 2] No such file or directory: '${name}'`);
    const picture = await decodePicture(file.bytes).catch(() => {
      throw new NodeFailure('PIL.UnidentifiedImageError', `cannot identify image file '${name}'`);
    });
    return {
      values: [
        { kind: 'image', pictures: [picture] },
        { kind: 'handle', name: 'mask' },
      ],
    };
  },
  SaveImage: save('output'),
  PreviewImage: save('temp'),
  EmptyImage: (inputs) => {
    const [width, height, batch] = [Number(inputs.width), Number(inputs.height), Number(inputs.batch_size)];
    checkMemory(width, height, batch);
    const picture = plain(width, height, Number(inputs.color));
    const rest = Array.from({ length: batch - 1 }, () => picture);
    return { values: [{ kind: 'image', pictures: [picture, ...rest] }] };
  },
  ImageScale: (inputs) =>
    scaled(inputs.image, (from) => {
      const [width, height] = [Number(inputs.width), Number(inputs.height)];
      // A side of 0 follows the other.
      if (width === 0 && height === 0) return [from.width, from.height];
      if (width === 0) return [Math.max(1, Math.round((from.width * height) / from.height)), height];
      return [width, height || Math.max(1, Math.round((from.height * width) / from.width))];
    }),
  ImageScaleBy: (inputs) =>
    scaled(inputs.image, (from) => {
      const by = Number(inputs.scale_by);
      return [Math.max(1, Math.round(from.width * by)), Math.max(1, Math.round(from.height * by))];
    }),
  ImageInvert: (inputs) => eachPicture(inputs.image, invert),
};

/** Runs one node with its inputs resolved. Throws `NodeFailure`, `InterruptedRun` or `LostRun`. */
export async function runNode(node: PromptNode, inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const runner = RUNNERS[node.class_type];
  if (runner) return runner(inputs, context);
  return runProbe(node.class_type, inputs, context);
}
