import type { NodeCatalog } from '../catalog/node-catalog.ts';
import { isLink, type Prompt } from '../prompt.ts';

const MODEL_FILE = /\.(safetensors|sft|ckpt|pt|pt2|pth|bin|gguf|onnx|pkl)$/iu;
const MAX_MODELS = 20;

/** Names of the model files a prompt loads, each once, in the prompt's order, at most 20. */
export function modelsOf(prompt: Prompt, _catalog?: NodeCatalog): string[] {
  const values = Object.values(prompt).flatMap((node) => Object.values(node.inputs).filter((value) => !isLink(value)));
  const names = values.filter((value): value is string => typeof value === 'string' && value.length <= 500);
  return [...new Set(names.filter((name) => MODEL_FILE.test(name)))].slice(0, MAX_MODELS);
}
