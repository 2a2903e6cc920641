import { describe, expect, it } from 'vitest';
import { readCatalog } from '../catalog/node-catalog.ts';
import type { WorkflowProblem } from './problem.ts';
import { preflight } from './preflight.ts';

const CHECKPOINTS = ['SDXL/dreamscape.safetensors', 'v1-5-pruned-emaonly.safetensors'];
const info = {
  Newer: { output_matchtypes: null },
  CheckpointLoaderSimple: {
    input: { required: { ckpt_name: [CHECKPOINTS, {}] } },
    output_node: true,
    python_module: 'nodes',
  },
  LoadImage: {
    input: { required: { image: [['cat.png', 'dog.png'], { image_upload: true }] } },
    output_node: true,
    python_module: 'nodes',
  },
  FilmFromPack: {
    input: { required: { film: [['a.mp4'], { video_upload: true }] } },
    output_node: true,
    python_module: 'custom_nodes.films',
  },
  Load3D: {
    input: { required: { model_file: [['3d/a.glb'], { file_upload: true }] } },
    output_node: true,
    python_module: 'comfy_extras.nodes_load_3d',
  },
  Values: {
    input: {
      required: {},
      optional: {
        whole: ['INT', { min: 1, max: 10 }],
        part: ['FLOAT', { min: 0, max: 1 }],
        text: ['STRING', {}],
        flag: ['BOOLEAN', {}],
        list: ['FLOATS', { min: 0 }],
        way: [['euler', 'heun'], {}],
        size: [[64, 128], {}],
        many: ['COMBO', { options: ['a', 'b'], multiselect: true }],
        far: ['COMBO', { remote: { route: '/x' } }],
        image: ['IMAGE', {}],
        none: [[], {}],
      },
    },
    output_node: true,
  },
  KlingCameraControls: { input: { required: { pan: ['FLOAT', { max: 10 }] } }, output_node: true },
};
const catalog = readCatalog(info);

function problemOf(classType: string, inputs: Record<string, unknown>, uploads: string[] = []) {
  const { problems } = preflight({ 1: { class_type: classType, inputs } }, catalog, { uploads: new Set(uploads) });
  expect(problems.length).toBeLessThan(2);
  return problems[0];
}
const codeOf = (problem: WorkflowProblem | undefined) => problem?.code;

describe('a plain value', () => {
  it.each<[string, unknown, string | undefined]>([
    ['whole', 10, undefined],
    ['whole', '7', undefined],
    ['whole', 10.9, undefined],
    ['whole', { __value__: 3 }, undefined],
    ['whole', 0, 'value_smaller_than_min'],
    ['whole', 11, 'value_bigger_than_max'],
    ['whole', '11', 'value_bigger_than_max'],
    ['whole', false, 'value_smaller_than_min'],
    ['whole', 'many', 'invalid_input_type'],
    ['whole', { more: 1 }, 'invalid_input_type'],
    ['part', 'nan', undefined],
    ['part', 'inf', 'value_bigger_than_max'],
    ['part', null, 'invalid_input_type'],
    ['text', 5, undefined],
    ['flag', 'no', undefined],
    ['list', 'x', 'invalid_input_type'],
    ['list', 3, undefined],
    ['way', 'heun', undefined],
    ['way', 'Heun', 'value_not_in_list'],
    ['way', null, 'value_not_in_list'],
    ['size', 64, undefined],
    ['size', '64', 'value_not_in_list'],
    ['many', 'a', undefined],
    ['many', { __value__: ['a', 'b'] }, undefined],
    ['many', { __value__: ['a', 'c'] }, 'value_not_in_list'],
    ['many', { __value__: [] }, undefined],
    ['far', 'anything', undefined],
    ['image', 5, undefined],
    ['none', '', 'value_not_in_list'],
  ])('B373 for the input %s, %j, is found %s', (input, value, code) => {
    expect(codeOf(problemOf('Values', { [input]: value }))).toBe(code);
  });

  it.each<[string, unknown, string]>([
    ['whole', 'many', 'The input whole of “Values” (node 1) is “many”; give a whole number.'],
    ['whole', 11, 'The input whole of “Values” (node 1) is 11; give at most 10.'],
    ['part', -1, 'The input part of “Values” (node 1) is -1; give at least 0.'],
    ['way', 'eular', 'The input way of “Values” (node 1) is “eular”; choose “euler”.'],
    ['way', 'x', 'The input way of “Values” (node 1) is “x”; choose one of euler, heun.'],
    ['none', 5, 'The input none of “Values” (node 1) is 5; this pod has none to choose from.'],
    ['whole', { a: [] }, 'The input whole of “Values” (node 1) is a group of values; give a whole number.'],
  ])('B377 that is wrong, %s %j, is told in a sentence', (input, value, message) => {
    expect(problemOf('Values', { [input]: value })?.message).toBe(message);
  });
});

describe('a file', () => {
  it('B372 that the pod has in another folder is named with both', () => {
    expect(problemOf('CheckpointLoaderSimple', { ckpt_name: 'dreamscape.safetensors' })).toEqual({
      code: 'missing_model',
      message:
        'This pod has no model “dreamscape.safetensors” for the input ckpt_name of “CheckpointLoaderSimple” (node 1); put it into models/checkpoints, or choose “SDXL/dreamscape.safetensors”.',
      nodeId: '1',
      classType: 'CheckpointLoaderSimple',
      input: 'ckpt_name',
      value: 'dreamscape.safetensors',
      closest: 'SDXL/dreamscape.safetensors',
      missing: {
        kind: 'model',
        name: 'dreamscape.safetensors',
        nodeId: '1',
        classType: 'CheckpointLoaderSimple',
        input: 'ckpt_name',
        folder: 'models/checkpoints',
      },
    });
  });

  it('B372 that is written with other slashes is told so', () => {
    expect(problemOf('CheckpointLoaderSimple', { ckpt_name: 'SDXL\\dreamscape.safetensors' })?.message).toBe(
      'This pod writes the model “SDXL\\dreamscape.safetensors” with other slashes; choose “SDXL/dreamscape.safetensors” as the input ckpt_name of “CheckpointLoaderSimple” (node 1).',
    );
  });

  it.each<[string, Record<string, unknown>, string | undefined]>([
    ['LoadImage', { image: 'cat.png' }, undefined],
    ['LoadImage', { image: 'cat.png [input]' }, undefined],
    ['LoadImage', { image: 'bird.png' }, 'missing_file'],
    ['LoadImage', { image: 'bird.png [input]' }, 'missing_file'],
    ['LoadImage', { image: 'clipspace/painted.png [input]' }, undefined],
    ['LoadImage', { image: 'bird.png [output]' }, undefined],
    ['LoadImage', { image: 'folder/bird.png' }, undefined],
    ['LoadImage', { image: '' }, 'value_not_in_list'],
    ['LoadImage', { image: 5 }, 'invalid_input_type'],
    ['FilmFromPack', { film: 'b.mp4' }, 'missing_file'],
    ['FilmFromPack', { film: 'folder/b.mp4' }, undefined],
    ['Load3D', { model_file: '3d/b.glb' }, 'missing_file'],
    ['KlingCameraControls', { pan: 99 }, undefined],
    ['CheckpointLoaderSimple', { ckpt_name: 'None' }, 'value_not_in_list'],
    ['CheckpointLoaderSimple', { ckpt_name: 'unheard-of' }, 'missing_model'],
  ])('B374 %s with %j is found %s', (classType, inputs, code) => {
    expect(codeOf(problemOf(classType, inputs))).toBe(code);
  });

  it('B374 that Podium puts on the pod is never missing', () => {
    expect(codeOf(problemOf('LoadImage', { image: 'podium-1.png' }, ['podium-1.png']))).toBeUndefined();
    expect(codeOf(problemOf('Load3D', { model_file: 'podium-1.glb' }, ['podium-1.glb']))).toBeUndefined();
    expect(codeOf(problemOf('LoadImage', { image: 'podium-2.png' }, ['podium-1.png']))).toBe('missing_file');
  });

  it('B372 is found missing also on a pod that would notice only when it runs', () => {
    const older = readCatalog({
      Load: {
        input: { required: { vae_name: ['COMBO', { options: ['a.pt'] }], way: ['COMBO', { options: ['x'] }] } },
        output_node: true,
      },
    });
    const { problems } = preflight({ 1: { class_type: 'Load', inputs: { vae_name: 'b.pt', way: 'y' } } }, older);
    expect(problems.map(({ code, input }) => `${code} ${input}`)).toEqual(['missing_model vae_name']);
  });
});
