import { z } from 'zod';
import type { PodOutput } from '../jobs/pod-events.ts';

/** Bounds against a pod that lists without end. */
const MAX_OUTPUTS = 1000;
const MAX_TEXT = 10_000;

const fileSchema = z.object({
  filename: z.string().min(1).max(1000),
  subfolder: z.string().max(4000).nullish(),
  type: z.enum(['output', 'temp', 'input']).nullish(),
});
type FileType = 'output' | 'temp' | 'input';

/**
 * The results among `outputs` of a history entry: node id → key (`images`, `gifs`, `video`, `audio`, `text`, …) → list of
 * `{filename, subfolder, type}` or of strings. The key says nothing about the kind of a file (core `SaveVideo` uses
 * `images`), so every list is read; numbers, flags (`animated`) and anything else are no results.
 *
 * Files of type `output` are the results. Where there is none, the `temp` ones are (a workflow that only previews still
 * shows its picture), and else the `input` ones. Texts always are. Nodes with a
 * plain number come first, in its order, then the others as the pod lists them; nothing is listed twice.
 */
export function readOutputs(outputs: unknown): { outputs: PodOutput[]; warnings: string[] } {
  const found: PodOutput[] = [];
  const seen = new Set<string>();
  const warnings = new Set<string>();
  for (const [nodeId, byKey] of entriesOf(outputs))
    for (const [, list] of entriesOf(byKey)) {
      if (!Array.isArray(list)) continue;
      for (const item of isSplitString(list) ? [list.join('')] : list) {
        const output = readItem(nodeId, item);
        if (!output) continue;
        const key = output.kind === 'text' ? `text ${nodeId} ${output.text}` : fileKey(output);
        if (seen.has(key)) continue;
        if (found.length >= MAX_OUTPUTS) {
          warnings.add(`The pod listed more than ${MAX_OUTPUTS} outputs; the rest was left there.`);
          continue;
        }
        seen.add(key);
        found.push(output.kind === 'text' ? { ...output, text: output.text.slice(0, MAX_TEXT) } : output);
        if (output.kind === 'text' && output.text.length > MAX_TEXT)
          warnings.add(`A text of node ${nodeId} was cut to its first ${MAX_TEXT} characters.`);
      }
    }
  const best = (['output', 'temp', 'input'] satisfies FileType[]).find((type) =>
    found.some((output) => output.kind === 'file' && output.type === type),
  );
  return {
    outputs: found.filter((output) => output.kind === 'text' || output.type === best),
    warnings: [...warnings],
  };
}

function readItem(nodeId: string, item: unknown): PodOutput | undefined {
  if (typeof item === 'string') return item === '' ? undefined : { nodeId, kind: 'text', text: item };
  const file = fileSchema.safeParse(item);
  if (!file.success) return undefined;
  const { filename, subfolder, type } = file.data;
  return { nodeId, kind: 'file', filename, subfolder: subfolder ?? '', type: type ?? 'output' };
}

function fileKey(file: Extract<PodOutput, { kind: 'file' }>): string {
  return JSON.stringify([file.type, file.subfolder, file.filename]);
}

/** ComfyUI joins lists; a node that returned a bare string instead of a list comes out as its letters. */
function isSplitString(list: readonly unknown[]): list is string[] {
  return list.length > 1 && list.every((item) => typeof item === 'string' && item.length === 1);
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
