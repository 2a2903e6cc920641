import type { JobErrorCode } from '../../../lib/jobs/failure-rules.ts';

interface ExecutionRule {
  code: JobErrorCode;
  /** Fits the exception's type, without its module. */
  type?: RegExp;
  /** Fits the message. */
  message?: RegExp;
}

/** What is written by programs of every kind when a disk is full. */
const DISK_FULL =
  /no space left on device|\[Errno (28|122)\]|ENOSPC|disk quota exceeded|not enough space on the disk|disk (is )?full|os error (28|112)\b/i;

const NO_MEMORY =
  /out of memory|allocation on device|not enough (GPU video )?memory|failed to allocate memory|(can't|cannot) allocate memory|unable to allocate [\d.]+ [KMGT]?i?B|could not allocate tensor|_ALLOC_FAILED|hipErrorOutOfMemory|cudaErrorMemoryAllocation|OUT_OF_(DEVICE_|HOST_)?MEMORY|OUT_OF_RESOURCES|invalid buffer size: [\d.]+ ?[GT]i?B|paging file is too small|os error 1455\b|kIOGPUCommandBufferCallbackErrorOutOfMemory/i;

/**
 * What the programs of the pod are not made for: its GPU is well and other workflows run, so another pod may do it.
 * Errors of CUDA among them are answered before anything ran and leave the process as it was.
 */
const INSTALLATION =
  /no module named|cannot import name|DLL load failed|undefined symbol|cannot open shared object file|failed to load shared library|no kernel image is available|invalid device function|CUDA error: operation not supported|_STATUS_(NOT_SUPPORTED|ARCH_MISMATCH|INVALID_VALUE|BAD_PARAM)|cudnn frontend error|not compiled with CUDA|invalid value for --gpu-architecture|ptxas|cannot find a working triton|failed to find (C compiler|CUDA)|ninja is required|operator torchvision::\w+ does not exist|couldn't load custom C\+\+ ops|numpy is not available|binary incompatibility|compiled using NumPy 1|requires the .{1,80} library but it was not found|package is not installed|is not installed\b|please (pip )?install|pip install|ffmpeg.{0,40}(could not be found|not found|is required)|could not find ffmpeg|No such file or directory: '(ffmpeg|git|nvcc|gcc|cl|blender)'|module '[\w.]+' has no attribute|does not have support for that dtype|not supported on the MPS|sm_\d+ is not compatible/i;

const GPU_BROKEN =
  /(CUDA|HIP|ROCm) ?(driver )?(error|unknown error|kernel launch failed)|device-side assert|illegal memory access|illegal instruction was encountered|misaligned address|unspecified launch failure|(CUBLAS|CUDNN|HIPBLAS|CUSOLVER|CUFFT)_STATUS_|no CUDA GPUs are available|found no NVIDIA driver|NVIDIA driver on your system is too old|driver\/library version mismatch|GPU is lost|fallen off the bus|device (is )?lost|DEVICE_LOST|uncorrectable ECC|GPU device instance has been suspended|DXGI_ERROR_DEVICE|command buffer execution failed|kIOGPUCommandBufferCallbackError|NCCL error|XPU error/i;

const DAMAGED =
  /deserializing header|MetadataIncompleteBuffer|InvalidHeader|Header ?Too ?(Large|Small)|incomplete metadata, file not fully covered|PytorchStreamReader failed|invalid load key|unpickling stack underflow|unexpected EOF, expected|file might be corrupted|invalid magic number|not a ZIP archive|ran out of input|pickle data was truncated|weights only load failed|INVALID_PROTOBUF|protobuf parsing failed|GGUF magic invalid|storage has wrong byte size|unexpected end of data|truncated file/i;

const MISSING_MODEL =
  /model in folder '.*' with filename '.*' not found|no file named .{1,300} found in directory|not a local folder and is not a valid model identifier|trying to locate the files? on the hub|cannot find the requested files in the (local cache|disk cache)|cannot access gated repo|repository not found for url|entry not found for url|config not found at/i;

const MISSING_FILE = /no such file or directory|cannot find the (file|path) specified|\[WinError [23]\]/i;

const REFUSED_BY_SERVICE =
  /please login first|unauthorized: |payment required|add credits|insufficient (credits|funds|balance|quota)|insufficient_quota|billing|(invalid|incorrect|missing) api[ _-]?key|api key (is )?(not valid|invalid|required|missing)|api key not valid|quota exceeded|exceeded your current quota|rate limit|too many requests|40[13] client error: (unauthorized|forbidden)|402 client error|subscription (is )?(required|expired)/i;

const MODERATED =
  /safety system|moderat(ed|ion)|content (policy|filter)|flagged (as|by|for)|violat(es|ing) .{0,40}polic/i;

const MISMATCH =
  /shapes cannot be multiplied|size of tensor a \(\d+\) must match|sizes of tensors must match|expanded size of the tensor|size mismatch|error\(s\) in loading state_dict|is invalid for input of size|channels, but got \d+ channels|expected input\[|expected (4D|3D|2D|5D)|expected scalar type|expected m(at)?1 and m(at)?2 to have the same dtype|must have the same (dtype|shape|number of dimensions)|should be the same\b|stack expects each tensor to be equal size|operands could not be broadcast|operands do not broadcast|kernel size can't be greater than actual input size|padding size should be less|could not detect model type|(clip|vae) input is invalid|vae is invalid: none|does not contain a valid|must specify y if and only if|expected size for first two dimensions|shape mismatch|shapes? .{0,40}(not aligned|incompatible)|query, key, and value to have the same dtype|could not broadcast input array|expected hidden size/i;

/** What a launch with too large a grid answers: nothing ran, nothing broke. */
const TOO_LARGE_TO_LAUNCH = /CUDA error: invalid (configuration )?argument|input tensor is too large|int32? overflow/i;

/** Nodes that put their tensors on different devices. */
const MIXED_DEVICES = /expected all tensors to be on the same device|should be on the same device/i;

/** The first that fits counts: what says more stands before what says less. */
const RULES: readonly ExecutionRule[] = [
  { code: 'pod_disk_full', message: DISK_FULL },
  { code: 'out_of_memory', type: /^(OutOfMemoryError|OOM_EXCEPTION|_?(Array)?MemoryError)$/ },
  { code: 'out_of_memory', message: NO_MEMORY },
  { code: 'node_failed', message: TOO_LARGE_TO_LAUNCH },
  { code: 'node_import_failed', type: /^(ModuleNotFoundError|ImportError|PackageNotFoundError)$/ },
  { code: 'node_import_failed', message: INSTALLATION },
  { code: 'gpu_broken', message: GPU_BROKEN },
  { code: 'model_damaged', type: /^(SafetensorError|UnpicklingError|BadZipFile)$/ },
  { code: 'model_damaged', message: DAMAGED },
  {
    code: 'model_missing',
    type: /^(GatedRepoError|RepositoryNotFoundError|EntryNotFoundError|LocalEntryNotFoundError)$/,
  },
  { code: 'model_missing', message: MISSING_MODEL },
  // Whether the file is a model is told by its path.
  { code: 'file_missing', type: /^FileNotFoundError$/ },
  { code: 'file_missing', message: MISSING_FILE },
  { code: 'node_failed', message: MIXED_DEVICES },
  { code: 'inputs_mismatch', message: MISMATCH },
  { code: 'node_failed', message: MODERATED },
  { code: 'partner_api_refused', message: REFUSED_BY_SERVICE },
  {
    code: 'node_failed',
    type: /^(ValueError|TypeError|KeyError|IndexError|AssertionError|AttributeError|NotImplementedError|ZeroDivisionError|OverflowError|UnboundLocalError|NameError|LookupError|UnidentifiedImageError|JSONDecodeError|UnicodeDecodeError|ValidationError)$/,
  },
];

/** Longest message that is searched. */
const SEARCHED = 4000;

/** The code of an exception that a node raised. `type` may carry its module: `torch.OutOfMemoryError`. */
export function executionCode(type: string, message: string): JobErrorCode {
  const name = type.slice(type.lastIndexOf('.') + 1);
  const searched = message.slice(0, SEARCHED);
  const fits = ({ type: types = /(?:)/, message: words = /(?:)/ }: ExecutionRule) =>
    types.test(name) && words.test(searched);
  return RULES.find(fits)?.code ?? 'unknown_failure';
}
