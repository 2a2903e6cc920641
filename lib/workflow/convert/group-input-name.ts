import type { EditorNode } from '../editor/editor-workflow.ts';

/**
 * Names for the inputs of a group node: as inside, but where the name is taken already the node's title stands before it,
 * and where that is taken too, a number. Source: ComfyUI's frontend 1.35.9; the order of the questions matters.
 */
export class GroupInputNames {
  private readonly seen = new Map<string, number>();

  /** `chosen`: the name that a person gave it. */
  take(node: EditorNode, input: string, chosen: string | null | undefined): string {
    const own = chosen ?? node.inputs.find(({ name }) => name === input)?.label ?? input;
    const titled = node.type === 'PrimitiveNode' && Boolean(node.title);
    const prefix = `${node.title ?? node.type} `;
    const key = titled || this.seen.has(own) ? `${prefix}${input}` : own;
    const name = key !== own && this.seen.has(key) ? `${prefix}${this.seen.get(key)} ${input}` : key;
    this.seen.set(key, (this.seen.get(key) ?? 1) + 1);
    return name;
  }
}
