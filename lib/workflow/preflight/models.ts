import type { NodeCatalog } from '../catalog/node-catalog.ts';
import { folderOf, isFileName, kindOfFile } from '../model-folders.ts';
import type { Prompt } from '../prompt.ts';

/** As many as a job's record keeps, and as long. */
const MAX_MODELS = 20;
const MAX_NAME = 500;

/**
 * Names of the model files a prompt loads, each once, in the prompt's order, at most 20. With a catalog only what an
 * input chooses from a list counts, so that a file's name in a text does not.
 */
export function modelsOf(prompt: Prompt, catalog?: NodeCatalog): string[] {
  const models = new Set<string>();
  for (const { class_type, inputs } of Object.values(prompt)) {
    const def = catalog?.get(class_type);
    for (const [input, value] of Object.entries(inputs)) {
      if (typeof value !== 'string' || value.length > MAX_NAME || !isFileName(value)) continue;
      if (def && def.inputs.find(({ name }) => name === input)?.choices === undefined) continue;
      if (kindOfFile(value, folderOf(class_type, input)) === 'model') models.add(value);
      if (models.size === MAX_MODELS) return [...models];
    }
  }
  return [...models];
}
