import { defineNode, MAX_SEED, type InputConfig, type NodeDefinition } from './node-definition.ts';
import type { PodVersion } from './pod-types.ts';

/** The models that a pod says it has unless told otherwise. */
const CHECKPOINTS = ['v1-5-pruned-emaonly-fp16.safetensors', 'dreamscape-xl.safetensors'];

const NEW_SAMPLERS = ['exp_heun_2_x0', 'exp_heun_2_x0_sde'];
const SAMPLERS = [
  ...['euler', 'euler_cfg_pp', 'euler_ancestral', 'euler_ancestral_cfg_pp', 'heun', 'heunpp2', ...NEW_SAMPLERS],
  ...['dpm_2', 'dpm_2_ancestral', 'lms', 'dpm_fast', 'dpm_adaptive', 'dpmpp_2s_ancestral'],
  ...['dpmpp_2s_ancestral_cfg_pp', 'dpmpp_sde', 'dpmpp_sde_gpu', 'dpmpp_2m', 'dpmpp_2m_cfg_pp', 'dpmpp_2m_sde'],
  ...['dpmpp_2m_sde_gpu', 'dpmpp_2m_sde_heun', 'dpmpp_2m_sde_heun_gpu', 'dpmpp_3m_sde', 'dpmpp_3m_sde_gpu'],
  ...['ddpm', 'lcm', 'ipndm', 'ipndm_v', 'deis', 'res_multistep', 'res_multistep_cfg_pp', 'res_multistep_ancestral'],
  ...['res_multistep_ancestral_cfg_pp', 'gradient_estimation', 'gradient_estimation_cfg_pp', 'er_sde', 'seeds_2'],
  ...['seeds_3', 'sa_solver', 'sa_solver_pece', 'ddim', 'uni_pc', 'uni_pc_bh2'],
];
const SCHEDULERS = [
  ...['simple', 'sgm_uniform', 'karras', 'exponential', 'ddim_uniform', 'beta', 'normal', 'linear_quadratic'],
  'kl_optimal',
];
const described = (type: string, tooltip: string): InputConfig => [type, { tooltip }];
const latentSide = (side: string): InputConfig => [
  'INT',
  { default: 512, min: 16, max: 16384, step: 8, tooltip: `The ${side} of the latent images in pixels.` },
];

/** Core nodes from a model to a picture. */
export function samplingNodes(version: PodVersion): NodeDefinition[] {
  return [
    defineNode('CheckpointLoaderSimple', {
      title: 'Load Checkpoint',
      category: 'loaders',
      description: 'Loads a diffusion model checkpoint, diffusion models are used to denoise latents.',
      required: { ckpt_name: [CHECKPOINTS, { tooltip: 'The name of the checkpoint (model) to load.' }] },
      output: ['MODEL', 'CLIP', 'VAE'],
      tooltips: [
        'The model used for denoising latents.',
        'The CLIP model used for encoding text prompts.',
        'The VAE model used for encoding and decoding images to and from latent space.',
      ],
    }),
    defineNode('CLIPTextEncode', {
      title: 'CLIP Text Encode (Prompt)',
      category: 'conditioning',
      description:
        'Encodes a text prompt using a CLIP model into an embedding that can be used to guide the diffusion model towards generating specific images.',
      required: {
        text: ['STRING', { multiline: true, dynamicPrompts: true, tooltip: 'The text to be encoded.' }],
        clip: described('CLIP', 'The CLIP model used for encoding the text.'),
      },
      output: ['CONDITIONING'],
      tooltips: ['A conditioning containing the embedded text used to guide the diffusion model.'],
    }),
    defineNode('EmptyLatentImage', {
      title: 'Empty Latent Image',
      category: 'latent',
      description: 'Create a new batch of empty latent images to be denoised via sampling.',
      required: {
        width: latentSide('width'),
        height: latentSide('height'),
        batch_size: ['INT', { default: 1, min: 1, max: 4096, tooltip: 'The number of latent images in the batch.' }],
      },
      output: ['LATENT'],
      tooltips: ['The empty latent image batch.'],
    }),
    sampler(version),
    defineNode('VAEDecode', {
      title: 'VAE Decode',
      category: 'latent',
      description: 'Decodes latent images back into pixel space images.',
      required: {
        samples: described('LATENT', 'The latent to be decoded.'),
        vae: described('VAE', 'The VAE model used for decoding the latent.'),
      },
      output: ['IMAGE'],
      tooltips: ['The decoded image.'],
    }),
    defineNode('VAEEncode', {
      title: 'VAE Encode',
      category: 'latent',
      required: { pixels: ['IMAGE'], vae: ['VAE'] },
      output: ['LATENT'],
    }),
  ];
}

function sampler(version: PodVersion): NodeDefinition {
  const samplers = version === '0.8.0' ? SAMPLERS : SAMPLERS.filter((name) => !NEW_SAMPLERS.includes(name));
  const number = (type: string, options: Record<string, unknown>, tooltip: string): InputConfig => [
    type,
    { ...options, tooltip },
  ];
  return defineNode('KSampler', {
    category: 'sampling',
    description: 'Uses the provided model, positive and negative conditioning to denoise the latent image.',
    required: {
      model: described('MODEL', 'The model used for denoising the input latent.'),
      seed: number(
        'INT',
        { default: 0, min: 0, max: MAX_SEED, control_after_generate: true },
        'The random seed used for creating the noise.',
      ),
      steps: number('INT', { default: 20, min: 1, max: 10000 }, 'The number of steps used in the denoising process.'),
      cfg: number(
        'FLOAT',
        { default: 8, min: 0, max: 100, step: 0.1, round: 0.01 },
        'The Classifier-Free Guidance scale balances creativity and adherence to the prompt. Higher values result in images more closely matching the prompt however too high values will negatively impact quality.',
      ),
      sampler_name: [
        samplers,
        {
          tooltip:
            'The algorithm used when sampling, this can affect the quality, speed, and style of the generated output.',
        },
      ],
      scheduler: [SCHEDULERS, { tooltip: 'The scheduler controls how noise is gradually removed to form the image.' }],
      positive: described(
        'CONDITIONING',
        'The conditioning describing the attributes you want to include in the image.',
      ),
      negative: described(
        'CONDITIONING',
        'The conditioning describing the attributes you want to exclude from the image.',
      ),
      latent_image: described('LATENT', 'The latent image to denoise.'),
      denoise: number(
        'FLOAT',
        { default: 1, min: 0, max: 1, step: 0.01 },
        'The amount of denoising applied, lower values will maintain the structure of the initial image allowing for image to image sampling.',
      ),
    },
    output: ['LATENT'],
    tooltips: ['The denoised latent.'],
  });
}
