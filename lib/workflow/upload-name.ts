import { isLink, type Prompt } from './prompt.ts';

const NAME = /^podium-([0-9a-f]{64})\.([a-z0-9]{1,8})$/;

/**
 * The name under which an uploaded file stands in a prompt and in a pod's input folder: made from its content, so that
 * the same file is one file there, and flat, because ComfyUI lists only the files that lie directly in that folder.
 */
export function uploadName(hash: string, extension: string): string {
  return `podium-${hash}.${extension}`;
}

/** The content hash an input value stands for; undefined where it names no upload. */
export function uploadHash(value: unknown): string | undefined {
  return typeof value === 'string' ? NAME.exec(value)?.[1] : undefined;
}

/** Names of all uploads a prompt uses, each once. */
export function uploadsOf(prompt: Prompt): string[] {
  const values = Object.values(prompt).flatMap((node) => Object.values(node.inputs).filter((value) => !isLink(value)));
  return [...new Set(values.filter((value): value is string => uploadHash(value) !== undefined))];
}
