import { rowsOf } from './row.ts';

export const MISMATCHES = rowsOf('inputs_mismatch', [
  {
    from: 'ComfyUI#11262',
    type: 'RuntimeError',
    says: 'mat1 and mat2 shapes cannot be multiplied (9x3584 and 4096x5120)',
    subject: 'KSampler',
  },
  {
    from: 'ComfyUI_InstantID#249',
    type: 'RuntimeError',
    says: 'mat1 and mat2 shapes cannot be multiplied (32x2048 and 768x320)',
  },
  {
    from: 'MPS',
    type: 'RuntimeError',
    says: 'linear(): input and weight.T shapes cannot be multiplied (77x2048 and 768x320)',
  },
  {
    from: 'ComfyUI_IPAdapter_plus#72',
    type: 'RuntimeError',
    says: 'The size of tensor a (1280) must match the size of tensor b (640) at non-singleton dimension 1',
  },
  {
    from: 'ComfyUI#6698',
    type: 'RuntimeError',
    says: 'The size of tensor a (4) must match the size of tensor b (0) at non-singleton dimension 0',
  },
  {
    from: 'kohya_ss#2591',
    type: 'RuntimeError',
    says: 'Sizes of tensors must match except in dimension 2. Expected size 0 but got size 16 for tensor number 1 in the list.',
  },
  {
    from: 'ComfyUI#5480',
    type: 'RuntimeError',
    says: 'Error(s) in loading state_dict for OpenAISignatureMMDITWrapper:\n\tsize mismatch for joint_blocks.0.x_block.adaLN_modulation.1.weight: copying a param with shape torch.Size([13824, 1536]) from checkpoint, the shape in current model is torch.Size([9216, 1536]).',
    node: 'CheckpointLoaderSimple',
    subject: 'CheckpointLoaderSimple',
  },
  {
    from: 'ComfyUI#5176',
    type: 'RuntimeError',
    says: 'Error(s) in loading state_dict for Resampler:\n\tsize mismatch for proj_in.weight: copying a param with shape torch.Size([1280, 1280]) from checkpoint, the shape in current model is torch.Size([1280, 1664]).',
    node: 'IPAdapterAdvanced',
  },
  {
    from: 'torch',
    type: 'RuntimeError',
    says: 'Given groups=1, weight of size [320, 4, 3, 3], expected input[2, 16, 128, 128] to have 4 channels, but got 16 channels instead',
  },
  { from: 'torch', type: 'RuntimeError', says: "shape '[1, 4, 64, 64]' is invalid for input of size 65536" },
  { from: 'ComfyUI_Anytext#23', type: 'RuntimeError', says: 'expected scalar type Half but found Float' },
  { from: 'ComfyUI_IPAdapter_plus#151', type: 'RuntimeError', says: 'expected scalar type Float but found Half' },
  {
    from: 'ComfyUI#6612',
    type: 'RuntimeError',
    says: 'Input type (float) and bias type (c10::Half) should be the same',
  },
  {
    from: 'ComfyUI-VideoHelperSuite#148',
    type: 'RuntimeError',
    says: 'Input type (struct c10::Half) and bias type (float) should be the same',
  },
  {
    from: 'torch',
    type: 'RuntimeError',
    says: 'expected m1 and m2 to have the same dtype, but got: float != c10::Half',
  },
  {
    from: 'torch',
    type: 'RuntimeError',
    says: 'stack expects each tensor to be equal size, but got [512, 512, 3] at entry 0 and [768, 512, 3] at entry 1',
  },
  {
    from: 'numpy',
    type: 'ValueError',
    says: 'operands could not be broadcast together with shapes (512,512,3) (768,512,3) ',
  },
  { from: 'torch', type: 'AssertionError', says: 'must specify y if and only if the model is class-conditional' },
  {
    from: 'ComfyUI#16015',
    type: 'RuntimeError',
    says: 'ERROR: clip input is invalid: None\n\nIf the clip is from a checkpoint loader node your checkpoint does not contain a valid clip or text encoder model.',
    node: 'CLIPTextEncode',
  },
  {
    from: 'ComfyUI#5494',
    type: 'RuntimeError',
    says: String.raw`ERROR: Could not detect model type of: C:\comfyUI\ComfyUI_windows_portable\ComfyUI\models\checkpoints\SUPIR-v0F.ckpt`,
    node: 'CheckpointLoaderSimple',
  },
]);

export const NODES = rowsOf('node_failed', [
  {
    from: 'recording error',
    type: 'ValueError',
    says: 'probe: this node always fails\n',
    node: 'ProbeFail',
    subject: 'ProbeFail',
  },
  {
    from: 'ComfyUI#3352',
    type: 'RuntimeError',
    says: 'Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu! (when checking argument for argument mat2 in method wrapper_CUDA_mm)',
  },
  {
    from: 'ComfyUI-UnetBnbModelLoader#1',
    type: 'RuntimeError',
    says: 'Expected all tensors to be on the same device, but got mat1 is on cuda:0, different from other tensors on cpu (when checking argument in method wrapper_CUDA_addmm)',
  },
  {
    from: 'ComfyUI#10685',
    type: 'TypeError',
    says: "BaseLoaderKJ._patch_modules.<locals>.qwen_sage_forward() got an unexpected keyword argument 'transformer_options'",
  },
  { from: 'ComfyUI#3931', type: 'AttributeError', says: "'NoneType' object has no attribute 'size'" },
  {
    from: 'ComfyUI_Comfyroll#197',
    type: 'PIL.UnidentifiedImageError',
    says: "cannot identify image file '/Users/myuser/pinokio/api/comfyui.git/app/output/testimages/.DS_Store'",
    node: 'CR XY From Folder',
  },
  { from: 'bfl-comfy-nodes#4', type: 'Exception', says: 'BFL API Message: Request Moderated', node: 'FLUX 1.1 [pro]' },
  { from: 'OpenAI', type: 'Exception', says: 'Your request was rejected as a result of our safety system.' },
  {
    from: 'torch',
    type: 'RuntimeError',
    says: 'CUDA error: invalid configuration argument\nCUDA kernel errors might be asynchronously reported',
  },
  { from: 'Python', type: 'IndexError', says: 'list index out of range' },
  { from: 'Python', type: 'KeyError', says: "'memory'" },
]);

/** Never repeated, and told with the original text. */
export const UNKNOWN = rowsOf('unknown_failure', [
  { from: 'Python', type: 'Exception', says: 'the moon is in the wrong phase' },
  { from: 'Python', type: 'RuntimeError', says: 'generator raised StopIteration' },
  { from: 'Python', type: 'PermissionError', says: "[Errno 13] Permission denied: '/workspace/ComfyUI/output/a.png'" },
  { from: 'ComfyUI#9676', type: 'OSError', says: 'unrecognized data stream contents when reading image file' },
  {
    from: 'ComfyUI-bleh#23',
    type: 'subprocess.CalledProcessError',
    says: "Command '['/usr/bin/gcc', '/tmp/tmpbdcvij89/main.c']' returned non-zero exit status 1.",
  },
  {
    from: 'VideoHelperSuite#149',
    type: 'Exception',
    says: "An error occured in the ffmpeg subprocess:\nUnknown encoder 'libsvtav1'",
  },
  { from: 'Python', type: '', says: '' },
]);
