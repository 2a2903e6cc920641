const NAMES: Readonly<Record<string, string>> = {
  seed: 'Seed',
  noise_seed: 'Seed',
  cfg: 'CFG',
  sampler_name: 'Sampler',
  ckpt_name: 'Checkpoint',
  unet_name: 'Diffusion model',
  vae_name: 'VAE',
  clip_name: 'Text encoder',
  control_net_name: 'ControlNet',
  lora_name: 'LoRA',
  strength_model: 'LoRA strength',
  strength_clip: 'LoRA strength on text',
  length: 'Frames',
  fps: 'Frames a second',
  frame_rate: 'Frames a second',
  filename_prefix: 'File name',
  text: 'Text',
};
const CAPITALS: Readonly<Record<string, string>> = {
  vae: 'VAE',
  clip: 'CLIP',
  cfg: 'CFG',
  lora: 'LoRA',
  fps: 'FPS',
  t5xxl: 'T5 XXL',
};

/** An input's name as a person would write it: `clip_name2` is “Text encoder 2”. */
export function readableName(input: string): string {
  const own = input.slice(input.lastIndexOf('.') + 1);
  const [, stem = own, number = ''] = /^(.+?_name)_?(\d+)$/.exec(own) ?? [];
  const known = Object.hasOwn(NAMES, stem) ? NAMES[stem] : undefined;
  if (known) return number === '' ? known : `${known} ${number}`;
  const words = own
    .split(/[_\s]+/)
    .filter((word) => word !== '')
    .map((word) => (Object.hasOwn(CAPITALS, word.toLowerCase()) ? CAPITALS[word.toLowerCase()] : word));
  const text = words.join(' ');
  return text === '' ? input : text.charAt(0).toUpperCase() + text.slice(1);
}
