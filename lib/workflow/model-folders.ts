/** Where the files of an input lie, relative to the ComfyUI folder; the first row that fits counts. */
const FOLDERS: readonly { classType?: RegExp; input: RegExp; folder: string }[] = [
  { input: /^config_name$/, folder: 'models/configs' },
  { input: /^ckpt_name\d*$|^(base|refiner)_ckpt|checkpoint/i, folder: 'models/checkpoints' },
  { input: /^lora(_name)?_?\d*$|^lora_?\d+_name$|_lora$/i, folder: 'models/loras' },
  { input: /vae(_name)?$/i, folder: 'models/vae' },
  { input: /^(unet|diffusion_model)(_name)?$/i, folder: 'models/diffusion_models' },
  { classType: /CLIPVision/i, input: /clip/i, folder: 'models/clip_vision' },
  { input: /^clip_vision/i, folder: 'models/clip_vision' },
  { input: /^clip_name\d*$|^text_encoder/i, folder: 'models/text_encoders' },
  { input: /^control_?net(_name)?(_?\d+)?$/i, folder: 'models/controlnet' },
  { input: /^style_model/i, folder: 'models/style_models' },
  { input: /^gligen/i, folder: 'models/gligen' },
  { input: /^hypernetwork/i, folder: 'models/hypernetworks' },
  { input: /^photomaker/i, folder: 'models/photomaker' },
  { input: /^audio_encoder/i, folder: 'models/audio_encoders' },
  { input: /^embedding/i, folder: 'models/embeddings' },
  { input: /^ipadapter/i, folder: 'models/ipadapter' },
  { input: /^instantid/i, folder: 'models/instantid' },
  { input: /^pulid/i, folder: 'models/pulid' },
  { classType: /^DiffusersLoader$/, input: /^model_path$/, folder: 'models/diffusers' },
  { classType: /^ModelPatchLoader$/, input: /^name$/, folder: 'models/model_patches' },
  { classType: /LatentUpscale/i, input: /^model_name$/, folder: 'models/latent_upscale_models' },
  { classType: /Upscale/i, input: /model/i, folder: 'models/upscale_models' },
  { classType: /AnimateDiff|^ADE_/i, input: /^model_name$/, folder: 'models/animatediff_models' },
  { classType: /^SAM/i, input: /^model_name$/, folder: 'models/sams' },
  { classType: /Ultralytics/i, input: /^model_name$/, folder: 'models/ultralytics' },
  { classType: /^Load3D/, input: /^model_file$/, folder: 'input/3d' },
  { classType: /^LoadImageOutput$/, input: /./, folder: 'output' },
  { input: /^(image|images|mask|video|audio|file|latent|folder)(_path|_file|_upload)?\d*$/i, folder: 'input' },
];

/** The folder in which ComfyUI looks for the file of this input; undefined where that is not known. */
export function folderOf(classType: string | undefined, input: string | undefined): string | undefined {
  if (input === undefined) return undefined;
  return FOLDERS.find((row) => row.input.test(input) && (row.classType?.test(classType ?? '') ?? true))?.folder;
}

const MODEL_FILE = /\.(safetensors|sft|ckpt|pt|pth|bin|gguf|onnx|engine|yaml)$/i;
const OTHER_FILE = /\.(png|jpe?g|webp|gif|bmp|tiff?|exr|mp4|mov|mkv|webm|wav|mp3|flac|ogg|opus|glb|gltf|obj|latent)$/i;

/** Whether a file is a model or something that a workflow reads; its ending counts before its folder. */
export function kindOfFile(name: string, folder: string | undefined): 'model' | 'file' {
  if (MODEL_FILE.test(name)) return 'model';
  if (OTHER_FILE.test(name)) return 'file';
  if (folder !== undefined) return folder.startsWith('models') ? 'model' : 'file';
  // What has no ending is the name by which a node knows a model.
  return /\.[a-z]\w{0,4}$/i.test(name) ? 'file' : 'model';
}

/** Whether a text ends as the names of files do that pods hold. */
export function isFileName(name: string): boolean {
  return MODEL_FILE.test(name) || OTHER_FILE.test(name);
}
