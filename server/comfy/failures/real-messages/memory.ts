import { rowsOf } from './row.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const gib = (size: number) => Math.round(size * GIB);
const mib = (size: number) => Math.round(size * MIB);

const TORCH = 'torch.OutOfMemoryError';
const OLD_TORCH = 'torch.cuda.OutOfMemoryError';
const HINT =
  'If reserved but unallocated memory is large try setting PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True.';

export const MEMORY = rowsOf('out_of_memory', [
  {
    from: 'recording oom',
    type: TORCH,
    says: 'CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 23.99 GiB of which 1.20 GiB is free.\nThis error means you ran out of memory on your GPU.',
    memory: { wanted: gib(20), free: gib(1.2), total: gib(23.99) },
    subject: 'KSampler',
  },
  {
    from: 'InstantID#72',
    type: OLD_TORCH,
    says: `CUDA out of memory. Tried to allocate 14.00 MiB. GPU 0 has a total capacty of 4.00 GiB of which 0 bytes is free. Of the allocated memory 3.41 GiB is allocated by PyTorch, and 65.23 MiB is reserved by PyTorch but unallocated. ${HINT}`,
    memory: { wanted: mib(14), free: 0, total: gib(4) },
  },
  {
    from: 'ComfyUI#5166',
    type: OLD_TORCH,
    says: 'Allocation on device ',
    node: 'CLIPTextEncode',
    subject: 'CLIPTextEncode',
  },
  {
    from: 'ComfyUI#9812',
    type: 'RuntimeError',
    says: 'CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace below might be incorrect.',
  },
  {
    from: 'ComfyUI#3278',
    type: OLD_TORCH,
    says: 'Allocation on device 0 would exceed allowed memory. (out of memory)\nCurrently allocated     : 21.55 GiB\nRequested               : 952.00 MiB\nDevice limit            : 24.00 GiB\nFree (according to CUDA): 0 bytes\nPyTorch limit (set by user-supplied memory fraction)\n                        : 17179869184.00 GiB',
    memory: { wanted: mib(952), free: 0, total: gib(24) },
  },
  {
    from: 'ComfyUI#1918',
    type: OLD_TORCH,
    says: 'Allocation on device 0 would exceed allowed memory. (out of memory)\nCurrently allocated     : 18.38 GiB\nRequested               : 6.09 GiB\nDevice limit            : 16.00 GiB\nFree (according to CUDA): 0 bytes',
    memory: { wanted: gib(6.09), free: 0, total: gib(16) },
  },
  {
    from: 'ComfyUI#1108',
    type: OLD_TORCH,
    says: 'Allocation on device 0 would exceed allowed memory. (out of memory)\nCurrently allocated     : 599.22 MiB\nRequested               : 25.00 MiB\nDevice limit            : 8.00 GiB\nFree (according to CUDA): 6.43 GiB',
    memory: { wanted: mib(25), free: gib(6.43), total: gib(8) },
  },
  {
    from: 'comfy_controlnet_preprocessors#50',
    type: OLD_TORCH,
    says: 'CUDA out of memory. Tried to allocate 218.96 GiB',
    memory: { wanted: gib(218.96) },
  },
  {
    from: 'torch 1.13',
    type: OLD_TORCH,
    says: 'CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 8.00 GiB total capacity; 6.13 GiB already allocated; 0 bytes free; 6.20 GiB reserved in total by PyTorch)',
    memory: { wanted: gib(2), free: 0, total: gib(8) },
  },
  {
    from: 'ComfyUI#13112',
    type: TORCH,
    says: `HIP out of memory. \nTried to allocate 26.00 MiB. GPU 0 has a total capacity of 15.92 GiB of which 13.60 GiB is free. \nOf the allocated memory 1.72 GiB is allocated by PyTorch. ${HINT}`,
    memory: { wanted: mib(26), free: gib(13.6), total: gib(15.92) },
  },
  {
    from: 'ComfyUI#10277',
    type: TORCH,
    says: 'HIP out of memory. Tried to allocate 66.54 GiB.\nGPU 0 has a total capacity of 96.00 GiB of which 10.75 GiB is free.\nOf the allocated memory 84.36 GiB is allocated by PyTorch,',
    memory: { wanted: gib(66.54), free: gib(10.75), total: gib(96) },
  },
  {
    from: 'ComfyUI-Docker#54',
    type: OLD_TORCH,
    says: 'HIP out of memory. Tried to allocate 72.00 MiB. GPU 0 has a total capacty of 512.00 MiB of which 17179869183.96 GiB is free. Of the allocated memory 292.04 MiB is allocated by PyTorch.',
    memory: { wanted: mib(72), total: mib(512) },
  },
  {
    from: 'ComfyUI#11264',
    type: TORCH,
    says: 'HIP out of memory. Tried to allocate 333.38 GiB. GPU 0 has a total capacity of 15.92 GiB of which 7.28 GiB is free.',
    memory: { wanted: gib(333.38), free: gib(7.28), total: gib(15.92) },
  },
  {
    from: 'ComfyUI-OOTDiffusion#31',
    type: 'RuntimeError',
    says: 'HIP out of memory. Tried to allocate 18.00 GiB. GPU ',
  },
  {
    from: 'ComfyUI#7372',
    type: 'RuntimeError',
    says: 'MPS backend out of memory (MPS allocated: 17.68 GB, other allocations: 3.95 MB, max allowed: 18.13 GB). Tried to allocate 1024.00 MB on private pool. Use PYTORCH_MPS_HIGH_WATERMARK_RATIO=0.0 to disable upper limit for memory allocations (may cause system failure).',
    memory: { wanted: gib(1), free: gib(18.13) - gib(17.68) - mib(3.95), total: gib(18.13) },
  },
  {
    from: 'ComfyUI#8984',
    type: 'RuntimeError',
    says: 'MPS backend out of memory (MPS allocated: 15.72 GiB, other allocations: 2.41 MiB, max allowed: 18.13 GiB). Tried to allocate 5.81 GiB on private pool.',
    memory: { wanted: gib(5.81), free: gib(18.13) - gib(15.72) - mib(2.41), total: gib(18.13) },
  },
  {
    from: 'ComfyUI#11584',
    type: 'RuntimeError',
    says: 'MPS backend out of memory (MPS allocated: 39.50 GiB, other allocations: 141.24 GiB, max allowed: 182.78 GiB). Tried to allocate 6.15 GiB on private pool.',
    memory: { wanted: gib(6.15), free: gib(182.78) - gib(39.5) - gib(141.24), total: gib(182.78) },
  },
  {
    from: 'ComfyUI#2489',
    type: 'RuntimeError',
    says: 'MPS backend out of memory (MPS allocated: 5.56 GB, other allocations: 1.10 GB, max allowed: 6.80 GB). Tried to allocate 768.00 MB on private pool. Use PYTORCH_MPS_HIGH_WATERMARK_RATIO=0.0',
    memory: { wanted: mib(768), free: gib(6.8) - gib(5.56) - gib(1.1), total: gib(6.8) },
  },
  {
    from: 'ComfyUI#3869',
    type: 'RuntimeError',
    says: 'Could not allocate tensor with 58982400 bytes. There is not enough GPU video memory available!',
    memory: { wanted: 58_982_400 },
  },
  {
    from: 'ComfyUI#7481',
    type: 'RuntimeError',
    says: '[enforce fail at alloc_cpu.cpp:115] data. DefaultCPUAllocator: not enough memory: you tried to allocate 3376447488 bytes.',
    memory: { wanted: 3_376_447_488 },
  },
  {
    from: 'ComfyI2I#20',
    type: 'RuntimeError',
    says: '[enforce fail at alloc_cpu.cpp:80] data. DefaultCPUAllocator: not enough memory: you tried to allocate 82463372083200 bytes.',
    memory: { wanted: 82_463_372_083_200 },
  },
  {
    from: 'torch on Linux',
    type: 'RuntimeError',
    says: "[enforce fail at alloc_cpu.cpp:114] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 1073741824 bytes. Error code 12 (Cannot allocate memory)",
    memory: { wanted: GIB },
  },
  {
    from: 'ComfyUI#7004',
    type: TORCH,
    says: 'XPU out of memory. Tried to allocate 128.00 GiB. GPU 0 has a total capacity of 15.56 GiB. Of the allocated memory 2.50 GiB is allocated by PyTorch. Please use empty_cache to release all unoccupied cached memory.',
    memory: { wanted: gib(128), total: gib(15.56) },
  },
  {
    from: 'ComfyUI#8767',
    type: TORCH,
    says: 'XPU out of memory. Tried to allocate 5.12 GiB (GPU 0; 15.11 GiB total capacity; 13.40 GiB already allocated; 13.90 GiB reserved in total by PyTorch)',
    memory: { wanted: gib(5.12), total: gib(15.11) },
  },
  {
    from: 'Intel XPU',
    type: 'RuntimeError',
    says: 'level_zero backend failed with error: 39 (UR_RESULT_ERROR_OUT_OF_DEVICE_MEMORY)',
  },
  {
    from: 'ComfyUI#8065',
    type: 'OSError',
    says: 'The paging file is too small for this operation to complete. (os error 1455)',
    node: 'UNETLoader',
  },
  {
    from: 'ComfyUI#9492',
    type: 'OSError',
    says: 'Le fichier de pagination est insuffisant pour terminer cette opération. (os error 1455)',
    node: 'UNETLoader',
  },
  {
    from: 'numpy',
    type: 'numpy.core._exceptions._ArrayMemoryError',
    says: 'Unable to allocate 3.00 GiB for an array with shape (1, 16384, 16384, 3) and data type float32',
    memory: { wanted: gib(3) },
    node: 'SaveImage',
  },
  { from: 'Python', type: 'MemoryError', says: '' },
  { from: 'Python', type: 'OSError', says: '[Errno 12] Cannot allocate memory' },
  {
    from: 'torch with cuBLAS',
    type: 'RuntimeError',
    says: 'CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`',
  },
  {
    from: 'onnxruntime',
    type: 'onnxruntime.capi.onnxruntime_pybind11_state.RuntimeException',
    says: '[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : Non-zero status code returned while running FusedConv node. Status Message: bfc_arena.cc:376 Failed to allocate memory for requested buffer of size 536870912',
    memory: { wanted: 536_870_912 },
    node: 'DWPreprocessor',
  },
  { from: 'MPS', type: 'RuntimeError', says: 'Invalid buffer size: 48.00 GB', memory: { wanted: gib(48) } },
]);
