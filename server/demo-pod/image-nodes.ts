import { defineNode, type InputConfig, type NodeDefinition } from './node-definition.ts';

const MAX_SIDE = 16384;
const METHODS = ['nearest-exact', 'bilinear', 'area', 'bicubic', 'lanczos'];
const image: InputConfig = ['IMAGE'];
const saving = {
  category: 'image',
  description: 'Saves the input images to your ComfyUI output directory.',
  hidden: { prompt: 'PROMPT', extra_pnginfo: 'EXTRA_PNGINFO' },
  saves: true,
};

const side = (min: number): InputConfig => ['INT', { default: 512, min, max: MAX_SIDE, step: 1 }];

/** Core nodes that need no model. */
export const IMAGE_NODES: NodeDefinition[] = [
  defineNode('LoadImage', {
    title: 'Load Image',
    category: 'image',
    required: { image: [[], { image_upload: true }] },
    output: ['IMAGE', 'MASK'],
  }),
  defineNode('SaveImage', {
    title: 'Save Image',
    ...saving,
    required: {
      images: ['IMAGE', { tooltip: 'The images to save.' }],
      filename_prefix: [
        'STRING',
        {
          default: 'ComfyUI',
          tooltip:
            'The prefix for the file to save. This may include formatting information such as %date:yyyy-MM-dd% or %Empty Latent Image.width% to include values from nodes.',
        },
      ],
    },
  }),
  defineNode('PreviewImage', { title: 'Preview Image', ...saving, required: { images: ['IMAGE'] } }),
  defineNode('EmptyImage', {
    category: 'image',
    required: {
      width: side(1),
      height: side(1),
      batch_size: ['INT', { default: 1, min: 1, max: 4096 }],
      color: ['INT', { default: 0, min: 0, max: 0xffffff, step: 1, display: 'color' }],
    },
    output: ['IMAGE'],
  }),
  defineNode('ImageScale', {
    title: 'Upscale Image',
    category: 'image/upscaling',
    required: { image, upscale_method: [METHODS], width: side(0), height: side(0), crop: [['disabled', 'center']] },
    output: ['IMAGE'],
  }),
  defineNode('ImageScaleBy', {
    title: 'Upscale Image By',
    category: 'image/upscaling',
    required: {
      image,
      upscale_method: [METHODS],
      scale_by: ['FLOAT', { default: 1, min: 0.01, max: 8, step: 0.01 }],
    },
    output: ['IMAGE'],
  }),
  defineNode('ImageInvert', { title: 'Invert Image', category: 'image', required: { image }, output: ['IMAGE'] }),
];
