import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobErrorSchema } from '../../lib/jobs/job-error.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { blockedWarning, executionError } from './failures/execution-failure.ts';
import { partialWarnings, rejectionError } from './failures/refusal.ts';

const prompt: Prompt = {
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'x.safetensors' }, _meta: { title: 'Model' } },
  '3': { class_type: 'KSampler', inputs: { model: ['4', 0], latent_image: ['77', 0] } },
  '406': { class_type: 'Loop', inputs: {}, _meta: { title: 'My loop' } },
};

function refusal(nodeErrors: Record<string, unknown>) {
  return {
    error: {
      type: 'prompt_outputs_failed_validation',
      message: 'Prompt outputs failed validation',
      details: '',
      extra_info: {},
    },
    node_errors: nodeErrors,
  };
}
function problem(type: string, input: string, info: Record<string, unknown> = {}, details = '') {
  return { type, message: type, details, extra_info: { input_name: input, ...info } };
}
function refused(...errors: unknown[]) {
  return rejectionError(refusal({ '3': { class_type: 'KSampler', errors, dependent_outputs: ['9'] } }), prompt);
}

describe('a refused prompt', () => {
  it.each([
    [
      'a model the pod lacks',
      problem('value_not_in_list', 'lora_name', { received_value: 'b.safetensors', input_config: [['a', 'c'], {}] }),
      'model_missing',
      'The pod has no file “b.safetensors” for the input lora_name of “KSampler” (node 3); it has “a”, “c”.',
    ],
    [
      'a choice that is no file',
      problem('value_not_in_list', 'scheduler', {
        received_value: 'best',
        input_config: ['COMBO', { options: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }],
      }),
      'prompt_rejected',
      'The input scheduler of “KSampler” (node 3) is “best”, but must be one of “a”, “b”, “c”, “d”, “e” and 2 more.',
    ],
    [
      'a value below its range',
      problem('value_smaller_than_min', 'steps', { received_value: 0, input_config: ['INT', { min: 1 }] }),
      'prompt_rejected',
      'The input steps of “KSampler” (node 3) is 0, below the lowest allowed 1.',
    ],
    [
      'a link of another type',
      problem('return_type_mismatch', 'model', { received_type: 'IMAGE', input_config: ['MODEL', {}] }),
      'prompt_rejected',
      'The input model of “KSampler” (node 3) takes MODEL, but is linked to IMAGE.',
    ],
    [
      'a link to a node that is not there',
      problem('exception_during_inner_validation', 'samples', {}, "'77'"),
      'prompt_rejected',
      'The input latent_image of “KSampler” (node 3) is linked to node 77, which does not exist.',
    ],
    [
      'a node of its own opinion',
      problem('custom_validation_failed', 'mask', {}, 'mask must be square'),
      'prompt_rejected',
      '“KSampler” (node 3) does not accept its input mask: mask must be square.',
    ],
    [
      'a type of error not known here',
      { type: 'novel', message: 'Something new', details: 'about x' },
      'prompt_rejected',
      '“KSampler” (node 3): Something new. about x.',
    ],
  ])('B25 %s', (_title, error, code, message) => {
    const told = refused(error);
    expect(told).toMatchObject({ code, message });
    expect(told.nodes?.['3']?.classType).toBe('KSampler');
  });

  it('B25 missing files beside another problem are no matter of another pod', () => {
    const missing = problem('value_not_in_list', 'ckpt_name', { received_value: 'a.ckpt', input_config: [[], {}] });
    expect(refused(missing, missing)).toMatchObject({
      code: 'model_missing',
      message: expect.stringMatching(/none to choose from\. One further problem is listed\.$/),
    });
    const told = refused(missing, problem('required_input_missing', 'steps'));
    expect(told.code).toBe('prompt_rejected');
    expect(told.nodes?.['3']?.errors.map(({ type, inputName }) => [type, inputName])).toEqual([
      ['value_not_in_list', 'ckpt_name'],
      ['required_input_missing', 'steps'],
    ]);
  });

  it.each([
    [{ type: 'invalid_prompt', message: 'Cannot execute because node Foo does not exist.', details: "Node ID '#3'" }],
    [
      {
        type: 'missing_node_type',
        message: "Node 'Foo' not found. The custom node may not be installed.",
        details: "Node ID '#3'",
        extra_info: { node_id: '3', class_type: 'Foo' },
      },
    ],
  ])('B25 a node type the pod lacks, in the words of any age', (error) => {
    expect(rejectionError({ error, node_errors: {} }, prompt)).toMatchObject({
      code: 'node_type_missing',
      message: 'The pod has no node type “Foo”, which node 3 needs.',
      nodes: { '3': { classType: 'KSampler' } },
    });
  });

  it('B25 a loop, which the pod does not name, is named', () => {
    const loop: Prompt = {
      a: { class_type: 'A', inputs: { x: ['b', 0] } },
      b: { class_type: 'B', inputs: { x: ['c', 0] } },
      c: { class_type: 'C', inputs: { x: ['b', 0] } },
      d: { class_type: 'D', inputs: { x: ['a', 0] } },
    };
    const told = rejectionError(refusal({}), loop);
    expect(told.message).toMatch(/loop through “[BC]” \(node [bc]\)/);
    expect(rejectionError(refusal({}), prompt).message).toContain('did not say which node');
  });

  it('B25 a body that is no refusal of ComfyUI gives a plain sentence', () => {
    for (const body of [undefined, null, '<html>', [], {}, { error: 5 }])
      expect(rejectionError(body, prompt)).toMatchObject({
        code: 'prompt_rejected',
        message: expect.stringMatching(/\.$/),
      });
    expect(rejectionError({ error: 'old words' }, prompt).message).toBe('The pod refused the prompt: old words.');
  });

  it('B25 whatever a pod answers, the error fits its schema and stays small', () => {
    const detail = fc.record({
      type: fc.oneof(
        fc.constantFrom('value_not_in_list', 'invalid_input_type', 'custom_validation_failed'),
        fc.jsonValue(),
      ),
      message: fc.jsonValue(),
      details: fc.jsonValue(),
      extra_info: fc.jsonValue(),
    });
    const body = fc.record({
      error: fc.jsonValue(),
      node_errors: fc.oneof(
        fc.jsonValue(),
        fc.dictionary(
          fc.string(),
          fc.record({ errors: fc.array(fc.oneof(detail, fc.jsonValue())), class_type: fc.jsonValue() }),
        ),
      ),
    });
    fc.assert(
      fc.property(body, (value) => {
        const told = rejectionError(value, prompt);
        expect(jobErrorSchema.safeParse(told).error).toBeUndefined();
        expect(told.message.length).toBeLessThan(3000);
        expect(partialWarnings(value.node_errors, prompt).every((line) => line.length < 3000)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a prompt taken in part', () => {
  it('B26 says which outputs fall away and why', () => {
    const node = {
      class_type: 'KSampler',
      errors: [problem('required_input_missing', 'steps')],
      dependent_outputs: ['9', '406'],
    };
    expect(partialWarnings({ '3': node }, prompt)).toEqual([
      'The pod left out node 9, “My loop” (node 406): “KSampler” (node 3) lacks its required input steps.',
    ]);
    expect(partialWarnings({}, prompt)).toEqual([]);
    expect(partialWarnings(undefined, prompt)).toEqual([]);
  });
});

describe('a node that failed', () => {
  const failed = (exception_type: string, exception_message: string) =>
    executionError({ node_id: '3', node_type: 'KSampler', exception_type, exception_message }, prompt);

  it.each([
    ['torch.OutOfMemoryError', 'CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has …'],
    ['torch.cuda.OutOfMemoryError', 'Allocation on device'],
    ['RuntimeError', 'CUDA error: out of memory\nCUDA kernel errors might be …'],
    ['RuntimeError', 'MPS backend out of memory (MPS allocated: 18 GB)'],
    ['torch.OutOfMemoryError', 'HIP out of memory. Tried to allocate 512.00 MiB'],
    ['RuntimeError', 'CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`'],
    ['RuntimeError', "[enforce fail at alloc_cpu.cpp:114] DefaultCPUAllocator: can't allocate memory"],
    ['MemoryError', ''],
  ])('B27 %s, %s: out of memory', (type, message) => {
    expect(failed(type, message)).toMatchObject({ code: 'out_of_memory', category: 'recoverable' });
  });

  it.each([
    ['RuntimeError', 'CUDA error: device-side assert triggered\nCUDA kernel errors might be …'],
    ['torch.AcceleratorError', 'CUDA error: an illegal memory access was encountered'],
    ['RuntimeError', 'HIP error: unspecified launch failure'],
    ['RuntimeError', 'cuDNN error: CUDNN_STATUS_EXECUTION_FAILED'],
    ['RuntimeError', 'CUDA driver error: unknown error'],
    ['RuntimeError', 'No CUDA GPUs are available'],
  ])('B27 %s, %s: the GPU is broken', (type, message) => {
    expect(failed(type, message)).toMatchObject({ code: 'gpu_broken', category: 'recoverable' });
  });

  it.each([
    ['ValueError', 'probe: this node always fails'],
    ['RuntimeError', 'Expected all tensors to be on the same device, cuda:0 and cpu!'],
    ['AssertionError', 'the mask must be square'],
    ['KeyError', "'memory'"],
  ])('B27 %s, %s: the node’s own failure', (type, message) => {
    expect(failed(type, message)).toMatchObject({ code: 'node_failed', category: 'permanent' });
  });

  it('B24 is told in a sentence with the name a person knows the node by', () => {
    expect(failed('ValueError', '\nbad size\nmore').message).toBe('“KSampler” (node 3) failed: bad size.');
    expect(failed('X', '').message).toBe('“KSampler” (node 3) failed without a message.');
    expect(failed('torch.OutOfMemoryError', 'Tried to allocate 20.00 GiB').message).toBe(
      '“KSampler” (node 3) ran out of memory when it asked for 20.0 GiB.',
    );
    expect(executionError({ node_id: '406.0.0.2', exception_message: 'no' }, prompt).message).toBe(
      '“My loop” (node 406.0.0.2) failed: no.',
    );
    expect(executionError({ node_id: '5', node_type: 'Foo', exception_message: 'no' }).message).toBe(
      '“Foo” (node 5) failed: no.',
    );
    expect(executionError(undefined).message).toMatch(/without saying which node/);
  });

  it('B24 keeps the end of a long traceback', () => {
    const lines = Array.from({ length: 2000 }, (_, at) => `  File "/pod/custom_nodes/some/x.py", line ${at}, in run\n`);
    const { traceback } = executionError({ node_id: '3', traceback: lines });
    expect(traceback).toHaveLength(20_000);
    expect(traceback?.endsWith('line 1999, in run\n')).toBe(true);
    expect(executionError({ traceback: 'y'.repeat(50_000) }).traceback).toHaveLength(20_000);
  });

  it('B275 holds neither the pod’s secrets nor its folders, in no part of it', () => {
    const told = 'no access for hf_q7Zk29xW4vTn8Lm3Rb6Y to "/home/anna/ComfyUI/models/vae/a.pt"';
    const data = { node_id: '3', exception_type: 'Exception', exception_message: told, traceback: [`${told}\n`] };
    const error = executionError(data, prompt);
    expect(JSON.stringify(error)).not.toMatch(/q7Zk|anna/);
    expect(error.message).toBe('“KSampler” (node 3) failed: no access for … to "ComfyUI/models/vae/a.pt".');
    expect(error.traceback).toBe('no access for … to "ComfyUI/models/vae/a.pt"\n');
    const blocked = blockedWarning({ ...data, exception_type: 'ExecutionBlocked' }, prompt);
    expect(blocked).not.toMatch(/q7Zk|anna/);
  });

  it('B24 whatever a pod reports, the error fits its schema', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.dictionary(
            fc.constantFrom('node_id', 'node_type', 'exception_type', 'exception_message', 'traceback'),
            fc.jsonValue(),
          ),
        ),
        (data) => {
          expect(jobErrorSchema.safeParse(executionError(data, prompt)).error).toBeUndefined();
        },
      ),
    );
  });
});

describe('a node that was held back', () => {
  it('B26 is a warning; any other error is none', () => {
    const data = { node_id: '3', exception_type: 'ExecutionBlocked', exception_message: 'Execution Blocked: wait' };
    expect(blockedWarning(data, prompt)).toBe('“KSampler” (node 3) was held back by the workflow: wait.');
    expect(blockedWarning({ ...data, exception_message: null }, prompt)).toMatch(/by the workflow\.$/);
    expect(blockedWarning({ ...data, exception_type: 'ValueError' }, prompt)).toBeUndefined();
  });
});
