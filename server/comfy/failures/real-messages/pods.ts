import { rowsOf } from './row.ts';

const LATER =
  '\nCUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace below might be incorrect.\nFor debugging consider passing CUDA_LAUNCH_BLOCKING=1';

export const GPUS = rowsOf('gpu_broken', [
  { from: 'recording cuda', type: 'RuntimeError', says: `CUDA error: device-side assert triggered${LATER}` },
  {
    from: 'ComfyUI#13142',
    type: 'torch.AcceleratorError',
    says: `CUDA error: device-side assert triggered\nSearch for \`cudaErrorAssert' in https://docs.nvidia.com/cuda/ for more information.${LATER}`,
  },
  { from: 'ComfyUI#5428', type: 'RuntimeError', says: `CUDA error: an illegal memory access was encountered${LATER}` },
  {
    from: 'ComfyUI#14756',
    type: 'torch.AcceleratorError',
    says: `torch.AcceleratorError: CUDA error: an illegal memory access was encountered${LATER}`,
    node: 'SamplerCustom',
  },
  {
    from: 'ComfyUI#9533',
    type: 'RuntimeError',
    says: String.raw`CUDA error: an illegal memory access was encountered (at C:\Users\x\nunchaku\src\kernels\zgemm\gemm_w4a4_launch_impl.cuh:120)`,
  },
  {
    from: 'nunchaku#865',
    type: 'RuntimeError',
    says: 'CUDA kernel launch failed: an illegal memory access was encountered',
  },
  { from: 'ComfyUI#792', type: 'RuntimeError', says: `CUDA error: an illegal instruction was encountered${LATER}` },
  { from: 'TheRock#1795', type: 'torch.AcceleratorError', says: 'HIP error: an illegal memory access was encountered' },
  { from: 'torch', type: 'RuntimeError', says: `CUDA error: unspecified launch failure${LATER}` },
  { from: 'torch', type: 'RuntimeError', says: `CUDA error: misaligned address${LATER}` },
  { from: 'torch', type: 'RuntimeError', says: `CUDA error: uncorrectable ECC error encountered${LATER}` },
  { from: 'torch', type: 'RuntimeError', says: `CUDA error: the launch timed out and was terminated${LATER}` },
  { from: 'torch', type: 'RuntimeError', says: `CUDA error: unknown error${LATER}` },
  {
    from: 'ComfyUI-Zluda#231',
    type: 'RuntimeError',
    says: 'CUDA unknown error - this may be due to an incorrectly set up environment, e.g. changing env variable CUDA_VISIBLE_DEVICES after program start. Setting the available devices to be zero.',
  },
  { from: 'ComfyUI-Zluda#284', type: 'RuntimeError', says: 'cuDNN error: CUDNN_STATUS_EXECUTION_FAILED' },
  { from: 'ComfyUI#11723', type: 'RuntimeError', says: 'cuDNN error: CUDNN_STATUS_NOT_INITIALIZED' },
  {
    from: 'ComfyUI#5552',
    type: 'RuntimeError',
    says: 'CUDA error: CUBLAS_STATUS_INTERNAL_ERROR when calling `cublasSgemm( handle, opa, opb, m, n, k, &alpha, a, lda, b, ldb, &beta, c, ldc)`',
  },
  {
    from: 'ComfyUI#5085',
    type: 'RuntimeError',
    says: 'Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU and installed a driver from http://www.nvidia.com/Download/index.aspx',
    node: 'XlabsSampler',
  },
  { from: 'torch', type: 'RuntimeError', says: 'No CUDA GPUs are available' },
  {
    from: 'ComfyUI#7753',
    type: 'RuntimeError',
    says: 'Native API failed. Native API returns: 20 (UR_RESULT_ERROR_DEVICE_LOST)',
  },
  {
    from: 'DirectML#550',
    type: 'RuntimeError',
    says: 'The GPU device instance has been suspended. Use GetDeviceRemovedReason to determine the appropriate action.',
  },
]);

export const DISKS = rowsOf('pod_disk_full', [
  { from: 'StabilityMatrix#1262', type: 'OSError', says: '[Errno 28] No space left on device', node: 'SaveImage' },
  {
    from: 'ComfyUI-Geowizard#10',
    type: 'OSError',
    says: "[Errno 28] No space left on device: '~/.cache/huggingface/hub/models--lemonaddie--geowizard'",
  },
  {
    from: 'safetensors',
    type: 'SafetensorError',
    says: 'Error while serializing: IoError(Os { code: 28, kind: StorageFull, message: "No space left on device" })',
  },
  { from: 'Windows', type: 'OSError', says: '[WinError 112] There is not enough space on the disk' },
  { from: 'Linux', type: 'OSError', says: '[Errno 122] Disk quota exceeded', node: 'VHS_VideoCombine' },
]);

export const INSTALLATIONS = rowsOf('node_import_failed', [
  { from: 'Python', type: 'ImportError', says: 'attempted relative import beyond top-level package' },
  { from: 'ComfyUI#7347', type: 'ModuleNotFoundError', says: "No module named 'whisper'", subject: 'whisper' },
  {
    from: 'ComfyUI#3079',
    type: 'ModuleNotFoundError',
    says: "No module named 'model_management'",
    subject: 'model_management',
  },
  {
    from: 'ComfyUI_IPAdapter_plus#51',
    type: 'ImportError',
    says: "cannot import name 'clip_preprocess' from 'comfy.clip_vision' (/home/ec2-user/demo/ComfyUI/comfy/clip_vision.py)",
    subject: 'KSampler',
  },
  {
    from: 'ComfyUI#10367',
    type: 'ImportError',
    says: 'DLL load failed while importing custom_rasterizer_kernel: No se encontró el proceso especificado.',
    node: 'Hy3DRenderMultiView',
    subject: 'Hy3DRenderMultiView',
  },
  {
    from: 'Linux',
    type: 'OSError',
    says: 'libcudart.so.12: cannot open shared object file: No such file or directory',
  },
  {
    from: 'ComfyUI#10326',
    type: 'RuntimeError',
    says: `CUDA error: no kernel image is available for execution on the device${LATER}`,
  },
  {
    from: 'nunchaku#153',
    type: 'RuntimeError',
    says: String.raw`CUDA error: no kernel image is available for execution on the device (at E:\home\nunchaku\src\kernels\awq\gemv_awq.cu:313)`,
  },
  { from: 'ROCm', type: 'RuntimeError', says: 'HIP error: invalid device function' },
  { from: 'ComfyUI#6843', type: 'RuntimeError', says: `CUDA error: operation not supported${LATER}` },
  { from: 'ComfyUI#6612', type: 'AssertionError', says: 'Torch not compiled with CUDA enabled' },
  {
    from: 'ComfyUI#10170',
    type: 'RuntimeError',
    says: 'cuDNN Frontend error: No valid engine configs for Matmul_MUL_Reduction_SUB_EXP_Reduction_LOG_ADD_DIV_Matmul_\nWarning: CUDNN_STATUS_NOT_SUPPORTED_RUNTIME_PREREQUISITE_MISSING; Reason: major version mismatch between cudart and nvrtc',
  },
  {
    from: 'x-flux-comfyui#145',
    type: 'RuntimeError',
    says: 'cuDNN Frontend error: CUDNN_BACKEND_OPERATION: cudnnFinalize Failed cudnn_status: CUDNN_STATUS_BAD_PARAM',
    node: 'XlabsSampler',
  },
  {
    from: 'torch',
    type: 'RuntimeError',
    says: 'CUDA error: CUBLAS_STATUS_NOT_SUPPORTED when calling `cublasLtMatmulAlgoGetHeuristic`',
  },
  {
    from: 'ComfyUI-X-Portrait-Nodes#9',
    type: 'RuntimeError',
    says: 'Failed to find C compiler. Please specify via CC environment variable.',
  },
  {
    from: 'triton',
    type: 'RuntimeError',
    says: "Internal Triton PTX codegen error: \nptxas fatal   : Value 'sm_120' is not defined for option 'gpu-name'",
  },
  {
    from: 'ComfyUI#9263',
    type: 'TypeError',
    says: 'Trying to convert Float8_e4m3fn to the MPS backend but it does not have support for that dtype.',
  },
  {
    from: 'ComfyUI-VideoHelperSuite#188',
    type: 'ProcessLookupError',
    says: 'ffmpeg is required for video outputs and could not be found.\nIn order to use video outputs, you must either:\n- Install imageio-ffmpeg with pip,',
    node: 'VHS_VideoCombine',
  },
  { from: 'ComfyUI#8000', type: 'ProcessLookupError', says: 'Could not find ffmpeg', node: 'ADE_AnimateDiffCombine' },
  { from: 'Linux', type: 'FileNotFoundError', says: "[Errno 2] No such file or directory: 'ffmpeg'" },
  { from: 'torchvision', type: 'RuntimeError', says: 'operator torchvision::nms does not exist' },
  { from: 'numpy', type: 'RuntimeError', says: 'Numpy is not available' },
  { from: 'onnx', type: 'AttributeError', says: "module 'onnxruntime' has no attribute 'InferenceSession'" },
]);

export const SERVICES = rowsOf('partner_api_refused', [
  {
    from: 'ComfyUI#8344',
    type: 'Exception',
    says: 'Unauthorized: Please login first to use this node.',
    node: 'OpenAIGPTImage1',
    subject: 'OpenAIGPTImage1',
  },
  {
    from: 'ComfyUI#7989',
    type: 'Exception',
    says: 'Payment Required: Please add credits to your account to use this node.',
    node: 'LumaVideoNode',
  },
  { from: 'ComfyUI#15700', type: 'Exception', says: 'Rate limit exceeded. Please try again later.' },
  {
    from: 'OpenAI',
    type: 'openai.AuthenticationError',
    says: "Error code: 401 - {'error': {'message': 'Incorrect API key provided: sk-ab*****cd.'}}",
  },
  {
    from: 'OpenAI',
    type: 'openai.RateLimitError',
    says: "Error code: 429 - {'error': {'message': 'You exceeded your current quota', 'code': 'insufficient_quota'}}",
  },
  {
    from: 'requests',
    type: 'requests.exceptions.HTTPError',
    says: '401 Client Error: Unauthorized for url: https://api.stability.ai/v2beta/stable-image',
  },
]);
