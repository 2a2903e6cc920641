import { readCatalog, type InputDef, type NodeCatalog } from '../../lib/workflow/catalog/node-catalog.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';

/** A prompt to be judged by the pod and by `preflight`; some of them are sound. */
export interface JudgedPrompt {
  what: string;
  prompt: Prompt;
}

/** Core classes whose links are images, latents or masks, so that they run on any pod and in no time. */
const CLASSES = [
  'EmptyImage',
  'ImageScale',
  'ImageScaleBy',
  'ImageInvert',
  'ImageBatch',
  'ImagePadForOutpaint',
  'ImageBlend',
  'ImageQuantize',
  'ImageCrop',
  'RepeatImageBatch',
  'MaskToImage',
  'EmptyLatentImage',
  'LatentUpscale',
  'LatentUpscaleBy',
  'RepeatLatentBatch',
  'LatentBlend',
  'SolidMask',
  'InvertMask',
  'GrowMask',
  'MaskComposite',
];
const SMALL: Record<string, unknown> = { width: 16, height: 16, batch_size: 1, amount: 1, color: 0 };
const SOURCES: Record<string, string> = { IMAGE: 'EmptyImage', LATENT: 'EmptyLatentImage', MASK: 'SolidMask' };
const SINKS: Record<string, { classType: string; input: string; rest?: Record<string, unknown> }> = {
  IMAGE: { classType: 'PreviewImage', input: 'images' },
  LATENT: { classType: 'SaveLatent', input: 'samples', rest: { filename_prefix: 'podium-conformance' } },
  MASK: { classType: 'MaskPreview', input: 'mask' },
};

/** Values for an input of each kind: right, odd and wrong, as JSON can hold them. */
const ODD_VALUES: Record<string, readonly unknown[]> = {
  INT: ['abc', '', ' 7 ', '1_0', '1.5', '1e1', '+3', '٣', null, true, 3.7, -1e9, 1e9, {}, { __value__: 4 }],
  FLOAT: ['abc', '', ' .5 ', '1_0.5', '1.', 'nan', 'inf', '-Infinity', '1e400', null, true, -1e9, 1e9, { a: 1 }],
  STRING: [5, null, true, { a: 'b' }, ''],
  BOOLEAN: ['no', '', null, 0, {}],
  COMBO: ['no such choice', '', 1, null, true, { __value__: 'nothing' }, 'DISABLED'],
  IMAGE: [5, 'text', null],
};
const BAD_LINKS: { what: string; link: unknown }[] = [
  { what: 'an empty list', link: [] },
  { what: 'a list of three', link: ['source', 0, 1] },
  { what: 'a link to no node', link: ['nowhere', 0] },
  { what: 'a link by a number', link: [1, 0] },
  { what: 'a link to a slot too far', link: ['source', 7] },
  { what: 'a link counted from the end', link: ['source', -1] },
  { what: 'a link counted too far from the end', link: ['source', -9] },
  { what: 'a link to a slot by name', link: ['source', '0'] },
  { what: 'a link to a slot by true', link: ['source', true] },
  { what: 'a link to half a slot', link: ['source', 0.5] },
  { what: 'a link to another type', link: ['other', 0] },
];

/** Prompts with one thing wrong each, built from what the pod says of its own classes, and some with more or with none. */
export function promptsFor(objectInfo: unknown): JudgedPrompt[] {
  const catalog = readCatalog(objectInfo);
  const soundOnes = CLASSES.flatMap((classType) => soundPrompt(classType, catalog) ?? []);
  return [...soundOnes.flatMap((sound) => [sound, ...variants(sound, catalog)]), ...wholes(catalog)];
}

/** The class under test is node `subject`, fed by `source`, with `other` of another type beside it. */
function soundPrompt(classType: string, catalog: NodeCatalog): JudgedPrompt | undefined {
  const def = catalog.get(classType);
  const sink = SINKS[def?.outputs[0]?.type ?? ''];
  if (!def || !sink || !catalog.has(sink.classType)) return undefined;
  const linked = def.inputs.find(({ required, type }) => required && type in SOURCES);
  const types = [...new Set(def.inputs.filter(({ required }) => required).map(({ type }) => type))];
  if (types.some((type) => type in SOURCES && !catalog.has(SOURCES[type] ?? ''))) return undefined;
  const otherType = ['LATENT', 'IMAGE'].find((type) => type !== linked?.type) ?? 'IMAGE';
  const prompt: Prompt = {
    source: { class_type: SOURCES[linked?.type ?? 'IMAGE'] ?? '', inputs: {} },
    other: { class_type: SOURCES[otherType] ?? '', inputs: {} },
    subject: { class_type: classType, inputs: {} },
    sink: { class_type: sink.classType, inputs: { [sink.input]: ['subject', 0], ...sink.rest } },
  };
  const ids: Record<string, string> = { [otherType]: 'other', [linked?.type ?? 'IMAGE']: 'source' };
  for (const type of types.filter((one) => one in SOURCES && !(one in ids))) {
    ids[type] = `more-${type}`;
    prompt[`more-${type}`] = { class_type: SOURCES[type] ?? '', inputs: {} };
  }
  for (const [id, node] of Object.entries(prompt))
    if (id !== 'sink') node.inputs = valuesFor(catalog.get(node.class_type)?.inputs ?? [], ids);
  return { what: `a sound ${classType}`, prompt };
}

function valuesFor(inputs: readonly InputDef[], ids: Record<string, string>): Record<string, unknown> {
  const value = ({ name, type, choices, options }: InputDef): unknown => {
    if (type in SOURCES) return [ids[type] ?? 'source', 0];
    if (choices) return options['default'] ?? choices[0];
    return SMALL[name] ?? options['default'] ?? options['min'] ?? 'text';
  };
  return Object.fromEntries(inputs.filter(({ required }) => required).map((input) => [input.name, value(input)]));
}

function variants({ prompt }: JudgedPrompt, catalog: NodeCatalog): JudgedPrompt[] {
  const subject = prompt['subject'];
  const inputs = catalog.get(subject?.class_type ?? '')?.inputs ?? [];
  const name = subject?.class_type ?? '';
  return inputs.flatMap((input): JudgedPrompt[] => {
    const odd = [...(ODD_VALUES[input.type] ?? []), ...edges(input)];
    return [
      { what: `${name} without ${input.name}`, prompt: withInput(prompt, input.name) },
      ...odd.map((value) => ({
        what: `${name} with ${input.name} ${JSON.stringify(value)}`,
        prompt: withInput(prompt, input.name, value),
      })),
      ...BAD_LINKS.map(({ what, link }) => ({
        what: `${name} with ${what} as ${input.name}`,
        prompt: withInput(prompt, input.name, link),
      })),
    ];
  });
}

function edges({ options }: InputDef): number[] {
  const { min, max } = options;
  return [
    ...(typeof min === 'number' ? [min, min - 1] : []),
    // Beyond these a number of JavaScript is not the whole number that the pod reads.
    ...(typeof max === 'number' && max < 2 ** 53 ? [max + 1] : []),
  ];
}

function withInput(prompt: Prompt, name: string, value?: unknown): Prompt {
  const changed = structuredClone(prompt);
  const inputs = changed['subject']?.inputs ?? {};
  if (value === undefined) delete inputs[name];
  else inputs[name] = value;
  return changed;
}

/** What is wrong with a prompt as a whole, or in several places, or where it does no harm. */
function wholes(catalog: NodeCatalog): JudgedPrompt[] {
  const image = (width: unknown = 16): Prompt[string] => ({
    class_type: 'EmptyImage',
    inputs: { width, height: 16, batch_size: 1, color: 0 },
  });
  const invert = (from: string): Prompt[string] => ({ class_type: 'ImageInvert', inputs: { image: [from, 0] } });
  const show = (from: string): Prompt[string] => ({ class_type: 'PreviewImage', inputs: { images: [from, 0] } });
  const file = (name: unknown): Prompt => ({
    1: { class_type: 'LoadImage', inputs: name === undefined ? {} : { image: name } },
    2: show('1'),
  });
  const checkpoint = (name: unknown): Prompt => ({
    1: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: name } },
    2: { class_type: 'EmptyLatentImage', inputs: { width: 16, height: 16, batch_size: 1 } },
    3: { class_type: 'VAEDecode', inputs: { samples: ['2', 0], vae: ['1', 2] } },
    4: show('3'),
  });
  const all: JudgedPrompt[] = [
    { what: 'an empty prompt', prompt: {} },
    { what: 'nothing saved', prompt: { 1: image() } },
    { what: 'a class nobody has', prompt: { 1: image(), 2: { class_type: 'NoSuchNode', inputs: {} }, 3: show('1') } },
    {
      what: 'a class named as a property of objects',
      prompt: { 1: { class_type: 'constructor', inputs: {} }, 3: show('1') },
    },
    { what: 'something broken that nothing depends on', prompt: { 1: image(), 2: image('abc'), 3: show('1') } },
    { what: 'one of two outputs broken', prompt: { 1: image(), 2: image('abc'), 3: show('1'), 4: show('2') } },
    { what: 'both outputs broken by one node', prompt: { 2: image('abc'), 3: show('2'), 4: show('2') } },
    { what: 'two broken nodes in a row', prompt: { 1: image('abc'), 2: invert('1'), 3: show('2'), 4: show('9') } },
    { what: 'two errors in one node', prompt: { 1: { ...image('abc'), inputs: { width: 'abc' } }, 3: show('1') } },
    { what: 'a node linked to itself', prompt: { 1: invert('1'), 2: show('1') } },
    { what: 'a loop of three', prompt: { 1: invert('3'), 2: invert('1'), 3: invert('2'), 4: show('2') } },
    { what: 'a loop beside a sound output', prompt: { 1: invert('1'), 2: show('1'), 3: image(), 4: show('3') } },
    { what: 'a loop that nothing depends on', prompt: { 1: invert('2'), 2: invert('1'), 3: image(), 4: show('3') } },
    { what: 'an unknown input', prompt: { 1: { ...image(), inputs: { ...image().inputs, more: [] } }, 3: show('1') } },
    { what: 'a file that is not there', prompt: file('no-such-file.png') },
    { what: 'a file by a number', prompt: file(5) },
    { what: 'no file', prompt: file(undefined) },
    { what: 'a file that is not there, annotated', prompt: file('no-such-file.png [input]') },
    { what: 'a checkpoint that is not there', prompt: checkpoint('no-such-model.safetensors') },
    { what: 'no name of a checkpoint', prompt: checkpoint('') },
    { what: 'a checkpoint by a number', prompt: checkpoint(1) },
    { what: 'a link to the wrong output of a checkpoint', prompt: withVaeFrom(checkpoint('no-such.ckpt'), 0) },
  ];
  return all.filter(({ prompt }) =>
    Object.values(prompt).every(
      ({ class_type }) => catalog.has(class_type) || ['NoSuchNode', 'constructor'].includes(class_type),
    ),
  );
}

function withVaeFrom(prompt: Prompt, slot: number): Prompt {
  const decode = prompt[3];
  if (decode) decode.inputs['vae'] = ['1', slot];
  return prompt;
}
