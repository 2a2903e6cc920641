import { readCatalog, type NodeCatalog } from '../../lib/workflow/catalog/node-catalog.ts';
import { preflight } from '../../lib/workflow/preflight/preflight.ts';
import { promptSchema, type Prompt } from '../../lib/workflow/prompt.ts';
import { goldenObjectInfo, goldenPairs } from '../support/golden.ts';
import { compare, median, type Comparison } from './compare.ts';

const PODS = 20;
const NODES = 200;
const BYTES = 5_000_000;
/** Files in each list of models: of the published workflows' models the pod has none. */
const MODELS = 300;

/** An answer of `/object_info` of 5 MB: a real pod's classes, again and again as those of node packs, and models to choose from. */
function objectInfo(pod: number): string {
  const core = JSON.parse(goldenObjectInfo(), (key, value: unknown) =>
    Array.isArray(value) && value.length === 0 && (key === '0' || key === 'options') ? models(pod) : value,
  ) as Record<string, unknown>;
  const classes: Record<string, unknown> = { ...core };
  const size = JSON.stringify(core).length;
  for (let copy = 1; copy * size < BYTES; copy += 1)
    for (const [name, definition] of Object.entries(core)) classes[`${name} of pack ${copy}`] = definition;
  return JSON.stringify(classes);
}

function models(pod: number): string[] {
  return Array.from({ length: MODELS }, (_, at) => `family-${at % 9}/model-${at}-of-pod-${pod}_fp16.safetensors`);
}

/** Published workflows side by side. */
function largePrompt(): Prompt {
  const prompt: Prompt = {};
  for (const [at, { name, api }] of goldenPairs().entries()) {
    if (!name.endsWith('.plain')) continue;
    for (const [id, node] of Object.entries(promptSchema.parse(JSON.parse(api)))) {
      const inputs = Object.entries(node.inputs).map(([input, value]) => [
        input,
        Array.isArray(value) ? [`${at}-${String(value[0])}`, value[1]] : value,
      ]);
      prompt[`${at}-${id}`] = { ...node, inputs: Object.fromEntries(inputs) };
    }
    if (Object.keys(prompt).length >= NODES) return prompt;
  }
  throw new Error('Too few published workflows.');
}

function timed(work: () => void): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}

/** What it costs to judge a large workflow by every pod, beside reading one pod's classes anew. */
export async function preflightBench(repeats: number, onRepeat: (done: number) => void): Promise<Comparison> {
  const prompt = largePrompt();
  const texts = Array.from({ length: PODS }, (_, pod) => objectInfo(pod));
  const catalogs = texts.map((text) => readCatalog(JSON.parse(text)));
  const judgeAll = () => catalogs.map((catalog: NodeCatalog) => preflight(prompt, catalog).problems.length);
  const first = timed(judgeAll);
  const [text = ''] = texts;
  const comparison = await compare(
    `preflight: ${Object.keys(prompt).length} nodes on ${PODS} pods / JSON.parse of one object_info`,
    {
      subject: () => Promise.resolve(timed(judgeAll)),
      baseline: () => Promise.resolve(timed(() => JSON.parse(text))),
    },
    { repeats, unit: 'ms', aim: '≤ 50 ms', onRepeat },
  );
  const problems = median(judgeAll());
  const megabytes = (text.length / 1e6).toFixed(1);
  return {
    ...comparison,
    notes: [
      `${megabytes} MB a pod, no two alike; ${problems} problems a pod; the very first time, nothing indexed: ${first.toFixed(0)} ms`,
    ],
  };
}
