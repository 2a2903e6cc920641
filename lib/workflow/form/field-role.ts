import type { FieldControl, FieldRole } from './form-field.ts';
import { NEGATIVE } from './text-sides.ts';

/** Roles by what an input is called. Sources: `object_info` of ComfyUI 0.8.0 and the published templates. */
const BY_NAME: readonly (readonly [RegExp, FieldRole])[] = [
  [/(^|_)seed$/i, 'seed'],
  [/^(lora|lora_\d+|lora_name(_?\d+)?|strength_(model|clip))$/i, 'lora'],
  [
    /^(ckpt|unet|model|vae|clip|control_net|style_model|text_encoder|audio_encoder|gligen|upscale_model|diffusion_model|checkpoint)(_?name)?_?\d*$/i,
    'model',
  ],
  [/^(width|height|batch_size|megapixels|resolution)$/i, 'size'],
  [/^(steps|num_steps|num_inference_steps)$/i, 'steps'],
  [/^(cfg|cfg_.*|guidance|guidance_scale)$/i, 'cfg'],
  [/^(sampler|sampler_name|scheduler|denoise)$/i, 'sampler'],
  [/^(length|frames|num_frames|video_frames|seconds|duration|fps|frame_rate)$/i, 'length'],
];
const PROMPT_NAME = /(^|_)prompt(_|$)|^text$|^lyrics$|^tags$/i;
/** Parts of the machinery: people change the model, and rarely what belongs to it. */
const INTERNAL = /^(vae|clip|text_encoder|audio_encoder|style_model|gligen)/i;
const STRING_WORK = /regex|pattern|find|replace|delimiter/i;

/** What tells a field's role. */
export interface RoleSigns {
  input: string;
  control: FieldControl;
  /** Where the node's text ends, if it has one and goes anywhere. */
  side: 'positive' | 'negative' | undefined;
  /** Whether the node makes conditioning; undefined where its class is not known. */
  encodes: boolean | undefined;
  /** Whether the class defines it as a text with wildcards, `{a|b}`: ComfyUI does so for prompts alone. */
  dynamicPrompts: boolean;
}

export function roleOf({ input, control, side, encodes, dynamicPrompts }: RoleSigns): FieldRole {
  if (control.kind === 'file') return 'image';
  if (control.kind === 'text') {
    if (NEGATIVE.test(input)) return 'negative';
    const named = PROMPT_NAME.test(input);
    const reaches = side !== undefined && control.multiline && !STRING_WORK.test(input);
    const isPrompt =
      reaches || (encodes === true && control.multiline) || (named && (dynamicPrompts || control.multiline));
    if (isPrompt || (named && encodes === undefined)) return side === 'negative' ? 'negative' : 'prompt';
  }
  return roleOfName(input, control);
}

/** By the name alone; a name that a text or a switch has says nothing. */
export function roleOfName(input: string, control: FieldControl): FieldRole {
  if (control.kind === 'switch') return 'other';
  const name = input.slice(input.lastIndexOf('.') + 1);
  const role = BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
  const isChoice = control.kind === 'choice';
  if (role === 'model' || (role === 'sampler' && name !== 'denoise'))
    return isChoice || control.kind === 'text' ? role : 'other';
  if (role === 'lora') return control.kind === 'text' ? 'other' : role;
  return control.kind === 'number' || role === 'other' ? role : 'other';
}

/** Whether a field of this role is worth a place in the form. A picture that is made from nothing is denoised wholly. */
export function isWorthChanging(role: FieldRole, input: string, value: unknown): boolean {
  if (role === 'other') return false;
  if (input === 'denoise') return value !== 1;
  return !(role === 'model' && INTERNAL.test(input));
}
