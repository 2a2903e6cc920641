import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redacted } from './redact.ts';

const SECRET = 'q7Zk29xW4vTn8Lm3Rb6YcD1s';

describe('what is taken out of a pod’s texts', () => {
  it.each([
    ['a bearer token', `401 for Bearer ${SECRET}`, '401 for Bearer …'],
    ['a header in a dict', `{'Authorization': 'Token ${SECRET}', 'a': 1}`, "{'Authorization': '…', 'a': 1}"],
    ['a header in a line', `Authorization: Basic ${SECRET}==\nHost: a`, 'Authorization: …\nHost: a'],
    ['an assignment', `api_key=${SECRET}, size=3`, 'api_key=…, size=3'],
    ['a JSON member', `{"comfy_api_key": "${SECRET}"}`, '{"comfy_api_key": "…"}'],
    ['a password', `password: ${SECRET}`, 'password: …'],
    ['the user of a URL', `at https://me:${SECRET}@pod.example/x`, 'at https://…@pod.example/x'],
    ['a query', `GET https://a.example/b?token=${SECRET}&c=1`, 'GET https://a.example/b?token=…&c=1'],
    [
      'a signed query',
      `https://a.example/b?X-Amz-Signature=${SECRET}&key=${SECRET}`,
      'https://a.example/b?X-Amz-Signature=…&key=…',
    ],
    ['a Hugging Face token', `with hf_${SECRET} set`, 'with … set'],
    ['an OpenAI key', `Incorrect API key provided: sk-proj-${SECRET}.`, 'Incorrect API key provided: ….'],
    ['a GitHub token', `ghp_${SECRET}`, '…'],
    ['a ComfyUI account’s key', `comfyui-${'0123456789abcdef'.repeat(4)}`, '…'],
    ['a JSON web token', `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${SECRET}`, '…'],
    ['a cloud key', 'AKIAIOSFODNN7EXAMPLE', '…'],
  ])('B275 %s', (_what, text, safe) => {
    expect(redacted(text)).toBe(safe);
  });

  it.each([
    ['  File "/workspace/ComfyUI/nodes.py", line 3, in x', '  File "ComfyUI/nodes.py", line 3, in x'],
    [
      String.raw`File "C:\Users\me\Desktop\ComfyUI_windows_portable\ComfyUI\execution.py", line 1`,
      String.raw`File "ComfyUI\execution.py", line 1`,
    ],
    [
      'File "/home/silver/Play grounds/sd-comfyui/custom_nodes/ComfyUI-CCSR/nodes.py", line 77',
      'File "ComfyUI/custom_nodes/ComfyUI-CCSR/nodes.py", line 77',
    ],
    [
      'File "/root/miniconda3/envs/py3.10/lib/python3.10/site-packages/torch/x.py", line 9',
      'File "site-packages/torch/x.py", line 9',
    ],
    ['File "/usr/lib/python3.10/tempfile.py", line 622', 'File "python3.10/tempfile.py", line 622'],
    ['File "/home/anna/tools/run.py", line 1', 'File "…/run.py", line 1'],
    [
      String.raw`No such file or directory: "E:\\AI\\ComfyUI\\models\\LLM\\a b\\model.safetensors"`,
      String.raw`No such file or directory: "ComfyUI\\models\\LLM\\a b\\model.safetensors"`,
    ],
    [
      String.raw`Could not detect model type of: C:\comfyUI\ComfyUI_windows_portable\ComfyUI\models\checkpoints\S.ckpt`,
      String.raw`Could not detect model type of: ComfyUI\models\checkpoints\S.ckpt`,
    ],
    ['cannot open /opt/ComfyUI/input/cat.png', 'cannot open ComfyUI/input/cat.png'],
    ['in directory E:/comfyui/models/clip\\siglip.', 'in directory ComfyUI/models/clip\\siglip.'],
  ])('B275 the pod’s folders: %s', (text, safe) => {
    expect(redacted(text)).toBe(safe);
  });

  it.each([
    'mat1 and mat2 shapes cannot be multiplied (154x2048 and 768x320)',
    'Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 23.99 GiB of which 1.20 GiB is free.',
    'See https://pytorch.org/docs/stable/notes/cuda.html#environment-variables for and/or more.',
    'Unauthorized: Please login first to use this node.',
    'the token is missing from a basic configuration_file',
    'x / y and 3/4',
    "ckpt_name: 'SDXL/a.safetensors' not in ['SDXL/b.safetensors']",
  ])('B275 leaves alone: %s', (text) => {
    expect(redacted(text)).toBe(text);
  });

  it('B275 whatever stands around it, a token and a home directory do not come through', () => {
    const seed = Date.now();
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.string({ maxLength: 60 }), (before, after) => {
        const safe = redacted(`${before} hf_${SECRET} "/home/anna/x/y.py" ${after}`);
        expect(safe).not.toContain(SECRET);
        expect(safe).not.toContain('/home/anna');
      }),
      { seed, numRuns: 500 },
    );
  });

  it('B275 is done with twenty thousand characters of anything in a moment', () => {
    for (const part of ['/a', 'a/', '\\', "'/x", 'C:\\', 'api_key', 'api_key=', '-', '_', 'Bearer ', '/comfy', '" /'])
      expect(() => redacted(part.repeat(20_000 / part.length))).not.toThrow();
  }, 3000);
});
