import type { NodeDefinitions } from './node-definition.ts';
import type { PodPrompt } from './pod-types.ts';

/** Which node runs next: ComfyUI's `ExecutionList`, with its preference for nodes whose result one sees soonest. */
export class RunOrder {
  private readonly pending = new Set<string>();
  private readonly waitsFor = new Map<string, Set<string>>();

  constructor(
    private readonly prompt: PodPrompt,
    private readonly definitions: NodeDefinitions,
    private readonly isCached: (id: string) => boolean,
  ) {}

  add(id: string): void {
    const todo = [id];
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      if (this.pending.has(next)) continue;
      this.pending.add(next);
      const needs = new Set<string>();
      this.waitsFor.set(next, needs);
      for (const [name, value] of Object.entries(this.prompt[next]?.inputs ?? {})) {
        if (!Array.isArray(value) || this.isLazy(next, name)) continue;
        const from = String(value[0]);
        if (this.isCached(from)) continue;
        needs.add(from);
        todo.push(from);
      }
    }
  }

  /** Makes a lazy input a needed one. False where its value is there already. */
  need(id: string, from: string): boolean {
    if (this.isCached(from)) return false;
    this.waitsFor.get(id)?.add(from);
    this.add(from);
    return true;
  }

  next(): string | undefined {
    const ready = [...this.pending].filter((id) => this.waitsFor.get(id)?.size === 0);
    const shows = (id: string): boolean => this.isOutput(id);
    return (
      ready.find(shows) ??
      ready.find((id) => this.followers(id).some(shows)) ??
      ready.find((id) => this.followers(id).some((next) => this.followers(next).some(shows))) ??
      ready[0]
    );
  }

  done(id: string): void {
    this.pending.delete(id);
    this.waitsFor.delete(id);
    for (const needs of this.waitsFor.values()) needs.delete(id);
  }

  isLazy(id: string, name: string): boolean {
    const config = this.prompt[id] && this.definitions[this.prompt[id].class_type]?.input.required[name];
    return (config?.[1] as { lazy?: boolean } | undefined)?.lazy === true;
  }

  private isOutput(id: string): boolean {
    const node = this.prompt[id];
    return node !== undefined && this.definitions[node.class_type]?.output_node === true;
  }

  private followers(id: string): string[] {
    return [...this.waitsFor].filter(([, needs]) => needs.has(id)).map(([next]) => next);
  }
}
