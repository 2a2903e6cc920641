import type { PodVersion } from './pod-types.ts';

const GIB = 1024 ** 3;
export const MAX_UPLOAD_BYTES = 104_857_600;

const MODEL_FOLDERS = [
  ...['checkpoints', 'configs', 'loras', 'vae', 'text_encoders', 'diffusion_models', 'clip_vision', 'style_models'],
  ...['embeddings', 'diffusers', 'vae_approx', 'controlnet', 'gligen', 'upscale_models', 'latent_upscale_models'],
  ...['custom_nodes', 'hypernetworks', 'photomaker', 'classifiers', 'model_patches', 'audio_encoders'],
];

/** `GET /models`. */
export function modelFolders(version: PodVersion): string[] {
  return version === '0.8.0' ? MODEL_FOLDERS : MODEL_FOLDERS.filter((folder) => folder !== 'latent_upscale_models');
}

/** `GET /features` and the answer to `feature_flags`. */
export function features(version: PodVersion): Record<string, unknown> {
  const manager = version === '0.8.0' ? { extension: { manager: { supports_v4: true } } } : {};
  return { supports_preview_metadata: true, max_upload_size: MAX_UPLOAD_BYTES, ...manager };
}

/** `GET /system_stats` of a pretended 24 GiB card. */
export function systemStats(version: PodVersion, port: number): Record<string, unknown> {
  return {
    system: {
      os: version === '0.8.0' ? 'linux' : 'posix',
      ram_total: 64 * GIB,
      ram_free: 48 * GIB,
      comfyui_version: version,
      required_frontend_version: version === '0.8.0' ? '1.35.9' : '1.27.10',
      installed_templates_version: '0.7.67',
      required_templates_version: version === '0.8.0' ? '0.7.67' : '0.1.95',
      python_version: '3.11.7 (Podium demo pod)',
      pytorch_version: '2.9.0+cu130',
      embedded_python: false,
      argv: ['main.py', '--listen', '127.0.0.1', '--port', String(port)],
    },
    devices: [
      {
        name: 'cuda:0 Podium demo device',
        type: 'cuda',
        index: 0,
        vram_total: 24 * GIB,
        vram_free: 20 * GIB,
        torch_vram_total: 2 * GIB,
        torch_vram_free: GIB,
      },
    ],
  };
}
