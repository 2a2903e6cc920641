import { rowsOf } from './row.ts';

export const DAMAGED = rowsOf('model_damaged', [
  { from: 'safetensors', type: 'SafetensorError', says: 'Error while deserializing: InvalidTensorView' },
  {
    from: 'ComfyUI#5826',
    type: 'safetensors_rust.SafetensorError',
    says: 'Error while deserializing header: HeaderTooLarge',
    node: 'UNETLoader',
    inputs: { unet_name: 'flux1-dev.safetensors', weight_dtype: 'default' },
    subject: 'flux1-dev.safetensors',
  },
  {
    from: 'ComfyUI#3225',
    type: 'safetensors_rust.SafetensorError',
    says: 'Error while deserializing header: MetadataIncompleteBuffer',
    node: 'DualCLIPLoader',
    inputs: { clip_name1: 'a.safetensors', clip_name2: 'b.safetensors' },
    subject: 'DualCLIPLoader',
  },
  {
    from: 'ComfyUI-ReActor#63',
    type: 'SafetensorError',
    says: 'Error while deserializing header: MetadataIncompleteBuffer',
    node: 'ReActorFaceSwap',
    subject: 'ReActorFaceSwap',
  },
  {
    from: 'safetensors',
    type: 'SafetensorError',
    says: 'Error while deserializing header: InvalidHeaderDeserialization',
  },
  {
    from: 'safetensors',
    type: 'SafetensorError',
    says: 'Error while deserializing: incomplete metadata, file not fully covered',
  },
  {
    from: 'ComfyUI#6223',
    type: 'RuntimeError',
    says: 'PytorchStreamReader failed reading zip archive: failed finding central directory',
  },
  {
    from: 'ComfyUI#7469',
    type: 'RuntimeError',
    says: 'PytorchStreamReader failed reading zip archive: failed finding central directory',
    node: 'UpscaleModelLoader',
    inputs: { model_name: '4x-UltraSharp.pth' },
    subject: '4x-UltraSharp.pth',
  },
  {
    from: 'ComfyUI#5080',
    type: 'UnpicklingError',
    says: String.raw`invalid load key, '\xca'.`,
    node: 'CheckpointLoaderSimple',
    inputs: { ckpt_name: 'x.ckpt' },
    subject: 'x.ckpt',
  },
  {
    from: 'torch',
    type: 'RuntimeError',
    says: 'unexpected EOF, expected 2359296 more bytes. The file might be corrupted.',
  },
  { from: 'torch', type: 'EOFError', says: 'Ran out of input' },
  {
    from: 'onnxruntime',
    type: 'onnxruntime.capi.onnxruntime_pybind11_state.InvalidProtobuf',
    says: '[ONNXRuntimeError] : 7 : INVALID_PROTOBUF : Load model from /workspace/ComfyUI/models/insightface/inswapper_128.onnx failed:Protobuf parsing failed.',
  },
]);

export const MODELS = rowsOf('model_missing', [
  {
    from: 'SwarmUI#1224',
    type: 'FileNotFoundError',
    says: String.raw`Model in folder 'checkpoints' with filename 'OfficialStableDiffusion\sd_xl_base_1.0.safetensors' not found.`,
    node: 'CheckpointLoaderSimple',
    inputs: { ckpt_name: String.raw`OfficialStableDiffusion\sd_xl_base_1.0.safetensors` },
    missing: {
      kind: 'model',
      name: String.raw`OfficialStableDiffusion\sd_xl_base_1.0.safetensors`,
      input: 'ckpt_name',
      classType: 'CheckpointLoaderSimple',
      folder: 'models/checkpoints',
    },
  },
  {
    from: 'ComfyUI#6424',
    type: 'FileNotFoundError',
    says: String.raw`No such file or directory: "C:\\Users\\noney\\Downloads\\ComfyUI_windows_portable\\ComfyUI\\models\\LLM\\llava-llama-3-8b-text-encoder-tokenizer\\model-00001-of-00004.safetensors"`,
    node: 'DownloadAndLoadHyVideoTextEncoder',
    missing: {
      kind: 'model',
      name: 'llava-llama-3-8b-text-encoder-tokenizer/model-00001-of-00004.safetensors',
      folder: 'models/LLM',
    },
  },
  {
    from: 'ComfyUI-CCSR#24',
    type: 'FileNotFoundError',
    says: 'No such file or directory: "/home/silver/Playgrounds/AI/sd-comfyui/custom_nodes/ComfyUI-CCSR/empty_text_embed.safetensors"',
    node: 'CCSR_Upscale',
    subject: 'empty_text_embed.safetensors',
    missing: { kind: 'model', name: 'empty_text_embed.safetensors', folder: 'custom_nodes/ComfyUI-CCSR' },
  },
  {
    from: 'ComfyUI#6929',
    type: 'OSError',
    says: String.raw`Error no file named pytorch_model.bin, model.safetensors, tf_model.h5, model.ckpt.index or flax_model.msgpack found in directory C:\Users\rbufo\Downloads\New folder\ComfyUI_windows_portable\ComfyUI\models\LLM\Florence-2-large.`,
    node: 'DownloadAndLoadFlorence2Model',
    subject: 'Florence-2-large',
    missing: { kind: 'model', name: 'Florence-2-large', folder: 'models/LLM' },
  },
  {
    from: 'ComfyUI#6010',
    type: 'OSError',
    says: "clip-vit-large-patch14 is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'\nIf this is a private repository, make sure to pass a token having permission to this repo",
    subject: 'clip-vit-large-patch14',
  },
  {
    from: 'ComfyUI-nunchaku#568',
    type: 'huggingface_hub.errors.GatedRepoError',
    says: '401 Client Error. (Request ID: Root=1-68c4f8d9)\n\nCannot access gated repo for url https://huggingface.co/black-forest-labs/FLUX.1-dev/resolve/main/model_index.json.\nPlease log in.',
    node: 'NunchakuIPAdapterLoader',
    subject: 'black-forest-labs/FLUX.1-dev',
  },
  {
    from: 'ComfyUI_PuLID_Flux_ll#30',
    type: 'huggingface_hub.errors.RepositoryNotFoundError',
    says: '401 Client Error. (Request ID: Root=1-67a09eeb)\n\nRepository Not Found for url: https://huggingface.co/QuanSun/EVA-CLIP/resolve/main/EVA02_CLIP_L_336_psz14_s6B.pt.\nInvalid credentials in Authorization header',
    subject: 'QuanSun/EVA-CLIP',
  },
  {
    from: 'ComfyUI-segment-anything-2#64',
    type: 'huggingface_hub.errors.LocalEntryNotFoundError',
    says: 'An error happened while trying to locate the files on the Hub and we cannot find the appropriate snapshot folder for the specified revision on the local disk. Please check your internet connection and try again.',
    node: 'DownloadAndLoadSAM2Model',
    inputs: { model: 'sam2_hiera_base_plus.safetensors', device: 'cuda' },
    subject: 'sam2_hiera_base_plus.safetensors',
  },
]);

export const FILES = rowsOf('file_missing', [
  {
    from: 'Windows in French',
    type: 'FileNotFoundError',
    says: "[WinError 2] Le fichier spécifié est introuvable: 'notes.txt'",
    node: 'LoadText',
    subject: 'notes.txt',
  },
  {
    from: 'Windows',
    type: 'OSError',
    says: "[WinError 3] The system cannot find the path specified: 'D:/ComfyUI/input/masks'",
    missing: { kind: 'file', name: 'masks', folder: 'input' },
  },
  {
    from: 'ntfstool#76',
    type: 'FileNotFoundError',
    says: String.raw`[Errno 2] No such file or directory: 'C:\\ComfyUI_windows_portable\\ComfyUI\\input\\nancy.png'`,
    node: 'LoadImage',
    inputs: { image: 'nancy.png' },
    subject: 'nancy.png',
    missing: { kind: 'file', name: 'nancy.png', input: 'image', classType: 'LoadImage', folder: 'input', nodeId: '3' },
  },
  {
    from: 'Linux',
    type: 'FileNotFoundError',
    says: "[Errno 2] No such file or directory: '/workspace/ComfyUI/input/clips/dance.mp4'",
    node: 'VHS_LoadVideoPath',
    missing: { kind: 'file', name: 'clips/dance.mp4', folder: 'input' },
  },
]);
