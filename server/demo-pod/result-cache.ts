import { createHash } from 'node:crypto';
import type { NodeOutput, NodeValue, PodPrompt } from './pod-types.ts';
import { inputFile, type PodDisk } from './disk.ts';

export interface CachedResult {
  values: NodeValue[];
  ui?: NodeOutput;
  nodeId: string;
}

/** Results by class, inputs and all that is before them; those of the last prompt only, as ComfyUI's classic cache. */
export class ResultCache {
  private results = new Map<string, CachedResult>();
  private keys = new Map<string, string>();

  constructor(private readonly disk: PodDisk) {}

  /** Makes `prompt` the current one and forgets what it does not use. */
  setPrompt(prompt: PodPrompt): void {
    this.keys = new Map();
    for (const id of Object.keys(prompt)) this.keys.set(id, this.signature(prompt, id));
    const used = new Set(this.keys.values());
    for (const key of this.results.keys()) if (!used.has(key)) this.results.delete(key);
  }

  get(id: string): CachedResult | undefined {
    return this.results.get(this.keys.get(id) ?? '');
  }

  set(id: string, result: CachedResult): void {
    const key = this.keys.get(id);
    if (key !== undefined) this.results.set(key, result);
  }

  clear(): void {
    this.results.clear();
  }

  private signature(prompt: PodPrompt, id: string): string {
    const order = new Map<string, number>();
    const parts: unknown[] = [];
    const visit = (at: string): number => {
      const seen = order.get(at);
      if (seen !== undefined) return seen;
      const place = order.size;
      order.set(at, place);
      const node = prompt[at];
      if (!node) return place;
      const inputs = Object.entries(node.inputs ?? {})
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => [name, Array.isArray(value) ? ['link', visit(String(value[0])), value[1]] : value]);
      parts.push([place, node.class_type, inputs, this.changed(node)]);
      return place;
    };
    visit(id);
    return JSON.stringify(parts);
  }

  /** `LoadImage` is run again when the bytes behind its name change. */
  private changed(node: PodPrompt[string]): string | undefined {
    if (node.class_type !== 'LoadImage') return undefined;
    const file = this.disk.read(inputFile(String(node.inputs.image)));
    return file && createHash('sha256').update(file.bytes).digest('hex');
  }
}
