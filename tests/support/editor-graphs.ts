import type { Converted } from '../../lib/workflow/convert/converted.ts';
import { convertWorkflow } from '../../lib/workflow/convert/convert-workflow.ts';
import type { NodeCatalog } from '../../lib/workflow/catalog/node-catalog.ts';
import { readEditorWorkflow } from '../../lib/workflow/editor/editor-workflow.ts';

export interface Slot {
  name: string;
  type?: string;
  link?: number;
  widget?: boolean;
}
/** A node as the editor saves it. `inputs` are its sockets, `values` its widgets'. */
export function node(
  id: number,
  type: string,
  given: { inputs?: Slot[]; values?: unknown; [key: string]: unknown } = {},
) {
  const { inputs = [], values = [], ...more } = given;
  return {
    id,
    type,
    inputs: inputs.map(({ name, type: slotType = '*', link = null, widget }) => ({
      ...{ name, type: slotType, link },
      ...(widget ? { widget: { name } } : {}),
    })),
    outputs: [],
    widgets_values: values,
    ...more,
  };
}
export type Link = [id: number, from: number, fromSlot: number, to: number, toSlot: number, type?: string];

/** Converts graphs of such nodes by one catalog. */
export function converter(catalog: NodeCatalog) {
  return (nodes: unknown[], links: Link[] = [], more: object = {}): Converted => {
    const read = readEditorWorkflow({ nodes, links: links.map((link) => [...link, '*'].slice(0, 6)), ...more });
    if (!read.ok) throw new Error(read.message);
    return convertWorkflow(read.workflow, catalog);
  };
}
