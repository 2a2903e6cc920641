import { describe, expect, it } from 'vitest';
import type { Prompt } from '../../../lib/workflow/prompt.ts';
import { rejectionError } from './refusal.ts';

const prompt: Prompt = {
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'x.safetensors' } },
  '5': { class_type: 'LoadImage', inputs: { image: 'cat.png' } },
  '6': { class_type: 'ApiNode', inputs: { api_key: 'abc' } },
};
const head = { type: 'prompt_outputs_failed_validation', message: 'Prompt outputs failed validation', details: '' };

function refused(nodes: Record<string, [string, ...object[]]>) {
  const node_errors = Object.fromEntries(
    Object.entries(nodes).map(([id, [class_type, ...errors]]) => [id, { class_type, errors, dependent_outputs: [] }]),
  );
  return rejectionError({ error: head, node_errors }, prompt);
}
const notInList = (input_name: string, received_value: unknown, list: unknown[] = []) => ({
  type: 'value_not_in_list',
  message: 'Value not in list',
  details: `${input_name}: '${String(received_value)}' not in [...]`,
  extra_info: { input_name, received_value, input_config: [list, {}] },
});
const noFile = (input_name: string, file: string) => ({
  type: 'custom_validation_failed',
  message: 'Custom validation failed for node',
  details: `${input_name} - Invalid image file: ${file}`,
  extra_info: { input_name },
});
const noSteps = {
  type: 'required_input_missing',
  message: 'Required input is missing',
  details: 'steps',
  extra_info: { input_name: 'steps' },
};

describe('what a refused prompt lacks', () => {
  it('B273 a model, with its input, its node and the folder it belongs in', () => {
    expect(refused({ '4': ['CheckpointLoaderSimple', notInList('ckpt_name', 'x.safetensors')] })).toMatchObject({
      code: 'model_missing',
      category: 'recoverable',
      subject: 'x.safetensors',
      missing: [
        {
          kind: 'model',
          name: 'x.safetensors',
          nodeId: '4',
          classType: 'CheckpointLoaderSimple',
          input: 'ckpt_name',
          folder: 'models/checkpoints',
        },
      ],
    });
  });

  it('B273 a file that the workflow reads is told apart from a model', () => {
    const image = {
      kind: 'file',
      name: 'cat.png',
      nodeId: '5',
      classType: 'LoadImage',
      input: 'image',
      folder: 'input',
    };
    expect(refused({ '5': ['LoadImage', noFile('image', 'cat.png')] })).toMatchObject({
      code: 'file_missing',
      subject: 'cat.png',
      missing: [image],
    });
    const both = refused({
      '5': ['LoadImage', noFile('image', 'cat.png')],
      '4': ['CheckpointLoaderSimple', notInList('ckpt_name', 'x.safetensors')],
    });
    expect(both.code).toBe('model_missing');
    expect(both.missing?.map(({ kind }) => kind)).toEqual(['model', 'file']);
  });

  it('B273 a node, to be put into custom_nodes', () => {
    const error = {
      type: 'missing_node_type',
      message: "Node 'Foo' not found. The custom node may not be installed.",
      details: "Node ID '#4'",
      extra_info: { node_id: '4', class_type: 'Foo' },
    };
    expect(rejectionError({ error, node_errors: {} }, prompt)).toMatchObject({
      code: 'node_type_missing',
      subject: 'Foo',
      missing: [{ kind: 'node_type', name: 'Foo', nodeId: '4', folder: 'custom_nodes' }],
    });
  });

  it('B273 beside a wrong value it is no matter of another pod', () => {
    const mixed = refused({
      '4': ['CheckpointLoaderSimple', notInList('ckpt_name', 'x.safetensors')],
      '7': ['KSampler', noSteps],
    });
    expect(mixed).toMatchObject({ code: 'prompt_rejected', category: 'permanent' });
  });

  it('B273 an input for which nothing was chosen lacks nothing', () => {
    const error = refused({ '4': ['Efficient Loader', notInList('ckpt_name', 'None')] });
    expect(error).toMatchObject({
      code: 'prompt_rejected',
      message: 'No file is chosen for the input ckpt_name of “CheckpointLoaderSimple” (node 4).',
    });
    expect(error).not.toHaveProperty('missing');
  });

  it('B273 the same file in another folder of the pod is named', () => {
    const list = [String.raw`SDXL\x.safetensors`, 'y.safetensors'];
    expect(refused({ '4': ['CheckpointLoaderSimple', notInList('ckpt_name', 'x.safetensors', list)] }).message).toBe(
      String.raw`The pod has no file “x.safetensors” for the input ckpt_name of “CheckpointLoaderSimple” (node 4); it has it as “SDXL\x.safetensors”.`,
    );
  });

  it('B275 the value of an input that holds a key is not told, nor kept', () => {
    const error = refused({ '6': ['ApiNode', notInList('api_key', 'q7Zk29xW4vTn8Lm3', ['none'])] });
    expect(JSON.stringify(error)).not.toContain('q7Zk29xW4vTn8Lm3');
  });
});
