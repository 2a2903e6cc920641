import { extname } from 'node:path';
import type { OutputKind } from '../../lib/jobs/job.ts';
import type { PodOutput } from '../jobs/pod-events.ts';

/** One thing a workflow made. `url` is on the pod, which asks for the same headers as always. */
export type WorkflowOutput =
  | { node: string; kind: OutputKind; file: string; subfolder: string; type: string; url: string }
  | { node: string; kind: 'text'; text: string };

export interface WorkflowResult {
  promptId: string;
  outputs: WorkflowOutput[];
  /** Things a person should know although it succeeded. */
  warnings: string[];
}

const KINDS: Record<Exclude<OutputKind, 'file'>, string> = {
  image: '.png .jpg .jpeg .webp .gif .avif .bmp .tiff .tif .svg .exr',
  video: '.mp4 .webm .mov .mkv .avi .m4v',
  audio: '.flac .mp3 .wav .ogg .opus .m4a .aac',
  text: '.txt .json .csv .md .srt',
  model: '.glb .gltf .obj .ply .stl .fbx .usdz .splat',
};

/** The kind by the file's name: the key under which history lists it says little (`SaveVideo` uses `images`). */
export function kindOfFile(filename: string): OutputKind {
  const extension = extname(filename).toLowerCase();
  const found = Object.entries(KINDS).find(([, list]) => extension !== '' && list.split(' ').includes(extension));
  return (found?.[0] as OutputKind | undefined) ?? 'file';
}

export function workflowOutput(output: PodOutput, urlOf: (query: Record<string, string>) => string): WorkflowOutput {
  if (output.kind === 'text') return { node: output.nodeId, kind: 'text', text: output.text };
  const { filename, subfolder, type } = output;
  const url = urlOf({ filename, subfolder, type });
  return { node: output.nodeId, kind: kindOfFile(filename), file: filename, subfolder, type, url };
}
