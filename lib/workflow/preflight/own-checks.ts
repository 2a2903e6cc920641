import type { InputDef, NodeDef } from '../catalog/node-catalog.ts';

/** Who says whether a plain value of an input will do: the list and range of `object_info`, or the class itself. */
export type Judge =
  /** List and range, as for most. */
  | 'list'
  /** The class, by whether such a file exists: a name that is not in the list may be one of a subfolder. */
  | 'file'
  /** The class, in a way that `object_info` does not tell. */
  | 'class';

/**
 * Core classes with a `VALIDATE_INPUTS` of their own and the inputs that it takes: these are compared neither with their
 * list nor with their range. Source: ComfyUI 0.3.64, `nodes.py`, `comfy_extras`, `comfy_api_nodes`.
 */
const OWN_CHECKS: Readonly<Record<string, Readonly<Record<string, Judge>>>> = {
  LoadImage: { image: 'file' },
  LoadImageMask: { image: 'file' },
  LoadImageOutput: { image: 'file' },
  WebcamCapture: { image: 'class' },
  LoadLatent: { latent: 'file' },
  LoadAudio: { audio: 'file' },
  LoadVideo: { file: 'file' },
  LoadImageSetNode: { images: 'class', resize_method: 'class' },
  KlingCameraControls: {
    horizontal_movement: 'class',
    vertical_movement: 'class',
    pan: 'class',
    tilt: 'class',
    roll: 'class',
    zoom: 'class',
  },
  FluxProUltraImageNode: { aspect_ratio: 'class' },
};

/** Core classes that look at the types of their links themselves. Source: `comfy_api_nodes/nodes_tripo.py`. */
const OWN_LINK_CHECKS: ReadonlySet<string> = new Set(['TripoConversionNode']);

const CORE_MODULE = /^(?:nodes$|comfy_extras\.|comfy_api_nodes\.)/u;
const UPLOADS = ['image_upload', 'animated_image_upload', 'video_upload', 'audio_upload', 'file_upload'];

/** Who judges a plain value of this input. */
export function judgeOf(def: NodeDef, input: InputDef): Judge {
  const own = Object.hasOwn(OWN_CHECKS, def.classType) ? OWN_CHECKS[def.classType] : undefined;
  if (own && Object.hasOwn(own, input.name)) return own[input.name] ?? 'list';
  // Nodes of packs that take uploads look for the file themselves, as the core's do.
  if (!CORE_MODULE.test(def.pythonModule) && UPLOADS.some((option) => option in input.options)) return 'file';
  return 'list';
}

/** Whether the pod compares the types of this class's links. */
export function comparesLinkTypes(def: NodeDef): boolean {
  return !OWN_LINK_CHECKS.has(def.classType);
}
