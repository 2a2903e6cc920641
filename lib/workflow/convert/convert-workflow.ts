import type { NodeCatalog } from '../catalog/node-catalog.ts';
import { NODE_MODE, SUBGRAPH_INPUT_ID, type EditorWorkflow } from '../editor/editor-workflow.ts';
import { type Prompt } from '../prompt.ts';
import type { Converted } from './converted.ts';
import { flattenWorkflow, type FlatNode } from './flat-graph.ts';
import { InputTracer, SetterIndex } from './trace-input.ts';
import { settleText } from './widget-text.ts';
import type { Widget } from './widget-values.ts';

/**
 * What ComfyUI's own editor would export as API form, by the node classes of one pod. Never throws, changes nothing of
 * what it is given, and no link of the prompt ends at a node that the prompt has not.
 */
export function convertWorkflow(workflow: EditorWorkflow, catalog: NodeCatalog): Converted {
  const { nodes, notes } = flattenWorkflow(workflow, catalog);
  const running = nodes.filter(({ read }) => read.kind === 'node' && !isOff(read.node.mode));
  const ids = new Set(running.map(({ id }) => id));
  const tracer = new InputTracer(new SetterIndex(nodes));
  let chose = false;

  function inputsOf(node: FlatNode): Record<string, unknown> {
    const inputs = new Map<string, unknown>();
    for (const widget of node.read.widgets) {
      if (!widget.sent) continue;
      const value = ownValue(node, widget);
      const isText = typeof value === 'string' && typeof widget.input?.options['dynamicPrompts'] === 'boolean';
      const settled = isText ? settleText(value) : undefined;
      chose ||= settled?.chose ?? false;
      inputs.set(widget.name, asInput(settled ? settled.text : value));
    }
    for (const [at, slot] of node.read.slots.entries()) {
      const source = tracer.trace(node, at);
      if (!source) continue;
      if ('value' in source) inputs.set(slot.name, asInput(source.value));
      else if (ids.has(source.link[0])) inputs.set(slot.name, source.link);
      else inputs.delete(slot.name);
    }
    return Object.fromEntries([...inputs].filter(([, value]) => value !== undefined));
  }

  const prompt: Prompt = Object.fromEntries(
    running.map((node) => {
      const title = node.read.node.title || node.read.def?.displayName || node.read.classType;
      return [node.id, { class_type: node.read.classType, inputs: inputsOf(node), _meta: { title } }];
    }),
  );
  const unknown = running
    .filter(({ read }) => !read.def)
    .map(({ id, read }) => ({ nodeId: id, classType: read.classType }));
  if (chose) notes.push('Where a text offers choices, as in {red|blue}, the first one is taken.');
  if (tracer.gaveUp) notes.push('Some links go in a circle or too far; they are left out.');
  return { prompt, unknown, notes };
}

function isOff(mode: number): boolean {
  return mode === NODE_MODE.NEVER || mode === NODE_MODE.BYPASS;
}

/** A list would be taken for a link; ComfyUI takes it out of this wrapping. */
function asInput(value: unknown): unknown {
  return Array.isArray(value) ? { __value__: value } : value;
}

/**
 * The value of a widget that no link gives one: its own, or where an input of the subgraph around it stands for it, the
 * value that the subgraph's node has, and so on outwards.
 */
function ownValue(node: FlatNode, widget: Widget): unknown {
  let value = widget.value;
  let inner = node;
  let name = widget.name;
  for (let owner = node.instance.owner; owner; owner = owner.instance.owner) {
    const slot = inner.read.slots.find((one) => one.widget === name);
    const link = slot && slot.link !== null ? inner.instance.level.links.get(slot.link) : undefined;
    const outer = link?.fromNode === SUBGRAPH_INPUT_ID ? owner.read.slots[link.fromSlot]?.widget : undefined;
    const promoted = owner.read.widgets.find((one) => one.name === outer);
    if (!promoted) break;
    value = promoted.value;
    inner = owner;
    name = promoted.name;
  }
  return value;
}
