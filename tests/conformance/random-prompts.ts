import * as fc from 'fast-check';
import type { InputDef, NodeCatalog } from '../../lib/workflow/catalog/node-catalog.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';

/** Core classes that go together in many ways; those the pod lacks are left out. */
const CLASSES = [
  'EmptyImage',
  'ImageScale',
  'ImageInvert',
  'ImageBatch',
  'PreviewImage',
  'SaveImage',
  'MaskToImage',
  'SolidMask',
  'EmptyLatentImage',
  'LatentUpscale',
  'LoadImage',
  'CheckpointLoaderSimple',
  'VAEDecode',
  'KSampler',
  'CLIPTextEncode',
  'PreviewAny',
];
const ODD = ['abc', 5, 1.5, -1, null, true, '7', 'disabled', 'euler', 'x.safetensors', { a: 1 }, 1e9, [], 'normal'];
const MAX_NODES = 7;
const MAX_INPUTS = 12;

interface Draw {
  classType: string;
  /** For each input in turn: what kind of value it gets, which odd one, from which node, of which output. */
  inputs: { kind: number; odd: unknown; from: number; slot: number }[];
}

/** Small prompts with links to any node, missing and odd values, loops: the same ones for the same seed. */
export function randomPrompts(catalog: NodeCatalog, seed: number, count: number): Prompt[] {
  const input = fc.record({
    kind: fc.nat(99),
    odd: fc.constantFrom<unknown>(...ODD),
    from: fc.nat(MAX_NODES),
    slot: fc.constantFrom(0, 0, 0, 0, 0, 1, 2, -1),
  });
  const draw = fc.record({
    classType: fc.constantFrom(...CLASSES.filter((name) => catalog.has(name))),
    inputs: fc.array(input, { minLength: MAX_INPUTS, maxLength: MAX_INPUTS }),
  });
  const draws = fc.array(draw, { minLength: 2, maxLength: MAX_NODES });
  return fc.sample(draws, { seed, numRuns: count }).map((nodes) => promptOf(nodes, catalog));
}

function promptOf(draws: readonly Draw[], catalog: NodeCatalog): Prompt {
  const nodes = draws.map(({ classType, inputs }) => {
    const given = (catalog.get(classType)?.inputs ?? []).flatMap((def, at) => {
      const drawn = inputs[at % MAX_INPUTS];
      const value = drawn && valueOf(def, drawn, draws, catalog);
      return value === undefined ? [] : [[def.name, value] as const];
    });
    return { class_type: classType, inputs: Object.fromEntries(given) };
  });
  return Object.fromEntries(nodes.entries());
}

function valueOf(
  { type, choices, options }: InputDef,
  { kind, odd, from, slot }: Draw['inputs'][number],
  draws: readonly Draw[],
  catalog: NodeCatalog,
): unknown {
  if (kind < 3) return undefined;
  if (kind < 12) return odd;
  if (kind < 90 && choices) return choices[0] ?? 'none';
  if (kind < 90 && /^(?:INT|FLOAT|STRING|BOOLEAN)$/.test(type)) return options['default'] ?? options['min'] ?? 16;
  // Mostly from a node that has what is wanted, if there is one.
  const fitting = draws.flatMap(({ classType }, at) =>
    catalog.get(classType)?.outputs.some((output) => output.type === type) ? [at] : [],
  );
  const node = kind < 90 ? fitting[from % fitting.length] : undefined;
  return [String(node ?? from), slot];
}
