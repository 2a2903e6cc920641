/** ComfyUI's own colours of its types, on its dark canvas. Source: the palette `dark` of its frontend. */
const COLOURS: Record<string, string> = {
  CLIP: '#FFD500',
  CLIP_VISION: '#A8DADC',
  CLIP_VISION_OUTPUT: '#AD7452',
  CONDITIONING: '#FFA931',
  CONTROL_NET: '#6EE7B7',
  IMAGE: '#64B5F6',
  LATENT: '#FF9CF9',
  MASK: '#81C784',
  MODEL: '#B39DDB',
  STYLE_MODEL: '#C2FFAE',
  VAE: '#FF6E6E',
  NOISE: '#B0B0B0',
  GUIDER: '#66FFFF',
  SAMPLER: '#ECB4B4',
  SIGMAS: '#CDFFCD',
  TAESD: '#DCC274',
};
const OTHER = '#9A9A9A';
/** What core nodes call inputs of a type that is not their name. */
const NAMES: Record<string, string> = {
  POSITIVE: 'CONDITIONING',
  NEGATIVE: 'CONDITIONING',
  SAMPLES: 'LATENT',
  LATENT_IMAGE: 'LATENT',
  IMAGES: 'IMAGE',
  PIXELS: 'IMAGE',
};

/** The type of a link; where no pod has told it (`*`), what the input's name says. */
export function typeOf(type: string, inputName: string | undefined): string {
  if (type !== '*' || inputName === undefined) return type;
  const name = inputName.toUpperCase();
  return NAMES[name] ?? (Object.hasOwn(COLOURS, name) ? name : type);
}

/** The colour of a type's links and slots: ComfyUI's, darker where the page is light. */
export function typeColour(type: string): string {
  const colour = (Object.hasOwn(COLOURS, type) && COLOURS[type]) || OTHER;
  return `light-dark(color-mix(in oklab, ${colour} 70%, black), ${colour})`;
}
