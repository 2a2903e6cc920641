import { defineNode, MAX_SEED, type InputConfig, type NodeDefinition } from './node-definition.ts';

const image: InputConfig = ['IMAGE'];
const seed: InputConfig = ['INT', { default: 0, min: 0, max: MAX_SEED }];
const kinds = ['error', 'oom', 'cuda', 'nan_text', 'block'];

function probe(name: string, required: Record<string, InputConfig>, title = name, saves = false): NodeDefinition {
  return defineNode(name, {
    title,
    category: 'probe',
    module: 'custom_nodes.podprobe',
    required,
    output: ['IMAGE'],
    saves,
  });
}

/** Nodes that report steps, fail, hang, expand or choose on demand: those of the recordings. */
export const PROBE_NODES: NodeDefinition[] = [
  probe(
    'ProbeSteps',
    {
      image,
      steps: ['INT', { default: 8, min: 1, max: 10000 }],
      ms: ['INT', { default: 200, min: 0, max: 60000 }],
      seed,
      preview: ['BOOLEAN', { default: false }],
    },
    'Probe: steps',
  ),
  probe('ProbeFail', { image, kind: [kinds], seed }, 'ProbeFail', true),
  probe('ProbeHang', { image, seconds: ['INT', { default: 30, min: 0, max: 3600 }], seed }),
  probe('ProbeExpand', { image, count: ['INT', { default: 2, min: 1, max: 8 }], seed }),
  probe('ProbeLazy', {
    first: ['BOOLEAN', { default: true }],
    a: ['IMAGE', { lazy: true }],
    b: ['IMAGE', { lazy: true }],
  }),
];
