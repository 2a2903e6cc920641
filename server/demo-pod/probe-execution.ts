import { encodeJpeg } from './png.ts';
import { pause, type Inputs, type NodeContext, type NodeResult } from './node-execution.ts';
import type { NodeValue } from './pod-types.ts';
import { NodeFailure } from './run-errors.ts';

const OOM_TIPS =
  '\nThis error means you ran out of memory on your GPU.\n\nTIPS: If the workflow worked before you might have accidentally set the batch_size to a large number.';

async function steps(count: number, ms: number, seed: number, preview: boolean, context: NodeContext): Promise<void> {
  for (let step = 1; step <= count; step += 1) {
    await context.step(ms);
    if (!preview) {
      context.progress(step, count);
      continue;
    }
    const shade = Math.floor((step * 255) / count);
    const data = new Uint8Array(64 * 64 * 3).map((_, at) => [shade, seed % 256, 255 - shade][at % 3] ?? 0);
    context.progress(step, count, await encodeJpeg({ width: 64, height: 64, data }));
  }
}

/** The probe nodes of the recordings, with the texts that the real ones raise. */
export async function runProbe(classType: string, inputs: Inputs, context: NodeContext): Promise<NodeResult> {
  const image = inputs.image as NodeValue;
  const seed = Number(inputs.seed);
  switch (classType) {
    case 'ProbeSteps':
      await steps(Number(inputs.steps), Number(inputs.ms), seed, inputs.preview === true, context);
      return { values: [image] };
    case 'ProbeHang':
      await pause(Number(inputs.seconds) * 1000, context.signal);
      return { values: [image] };
    case 'ProbeExpand':
      for (let index = 0; index < Number(inputs.count); index += 1)
        await context.child(index, (inner) => steps(3, 60, seed + index, false, inner));
      return { values: [image] };
    case 'ProbeLazy':
      return { values: [(inputs.first === true ? inputs.a : inputs.b) as NodeValue] };
    case 'ProbeFail':
      return fail(String(inputs.kind), image);
    default:
      throw new NodeFailure('RuntimeError', `no such node: ${classType}`);
  }
}

function fail(kind: string, image: NodeValue): NodeResult {
  if (kind === 'error') throw new NodeFailure('ValueError', 'probe: this node always fails\n');
  if (kind === 'oom')
    throw new NodeFailure(
      'torch.OutOfMemoryError',
      `CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 23.99 GiB of which 1.20 GiB is free.${OOM_TIPS}`,
    );
  if (kind === 'cuda')
    throw new NodeFailure(
      'RuntimeError',
      'CUDA error: device-side assert triggered\nCUDA kernel errors might be asynchronously reported at some other API call.\n',
    );
  if (kind === 'block') return { values: [{ kind: 'blocked', message: 'probe: blocked message' }] };
  return { values: [image], ui: { text: ['hello'], numbers: [Number.NaN, Number.POSITIVE_INFINITY, 1.5] } };
}
