import type { NodeCatalog } from '../catalog/node-catalog.ts';
import { SUBGRAPH_INPUT_ID, type EditorWorkflow } from '../editor/editor-workflow.ts';
import type { Prompt } from '../prompt.ts';
import { isRecorded } from './class-widgets.ts';
import type { Converted } from './converted.ts';
import { FileNames, isFileName } from './file-names.ts';
import { flattenWorkflow, type FlatNode } from './flat-graph.ts';
import { isOff, titleOf } from './node-kind.ts';
import { InputTracer } from './trace-input.ts';
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
  const tracer = new InputTracer(nodes);
  const values = new WidgetValues(nodes);

  const inputsOf = (node: FlatNode): Record<string, unknown> => {
    const inputs = new Map<string, unknown>();
    for (const widget of node.read.widgets) if (widget.sent) inputs.set(widget.name, asInput(values.of(node, widget)));
    for (const [at, slot] of node.read.slots.entries()) {
      const source = tracer.trace(node, at);
      if (!source) continue;
      if ('value' in source) inputs.set(slot.name, asInput(source.value));
      else if (ids.has(source.link[0])) inputs.set(slot.name, source.link);
      else inputs.delete(slot.name);
    }
    return Object.fromEntries([...inputs].filter(([, value]) => value !== undefined));
  };

  const prompt: Prompt = Object.fromEntries(
    running.map((node) => [
      node.id,
      { class_type: node.read.classType, inputs: inputsOf(node), _meta: { title: titleOf(node.read) } },
    ]),
  );
  const unknown = running
    .filter(({ read }) => !read.def)
    .map(({ id, read }) => ({ nodeId: id, classType: read.classType }));
  const recorded = running.filter(({ read }) => read.def?.inputs.some(isRecorded)).map(({ read }) => titleOf(read));
  if (recorded.length > 0)
    notes.push(
      `${[...new Set(recorded)].join(', ')}: what is recorded or posed in ComfyUI’s editor cannot be had from a file.`,
    );
  if (values.chose) notes.push('Where a text offers choices, as in {red|blue}, the first one is taken.');
  if (tracer.gaveUp) notes.push('Some links go in a circle or too far to be followed; they are left out.');
  return { prompt, unknown, notes };
}

/** A list would be taken for a link; ComfyUI takes it out of this wrapping. */
function asInput(value: unknown): unknown {
  return Array.isArray(value) ? { __value__: value } : value;
}

/** What widgets send that no link gives a value. */
class WidgetValues {
  /** Whether a text had choices in it. */
  chose = false;
  private readonly fileNames: FileNames;

  constructor(nodes: readonly FlatNode[]) {
    this.fileNames = new FileNames(nodes);
  }

  of(node: FlatNode, widget: Widget): unknown {
    const value = shownValue(node, widget);
    if (typeof value !== 'string') return value;
    if (isFileName(node, widget.name)) return this.fileNames.fill(value);
    if (typeof widget.input?.options['dynamicPrompts'] !== 'boolean') return value;
    const { text, chose } = settleText(value);
    this.chose ||= chose;
    return text;
  }
}

/**
 * A widget's own value, or where an input of the subgraph around it stands for it, the value that the subgraph's node
 * has, and so on outwards.
 */
function shownValue(node: FlatNode, widget: Widget): unknown {
  let [inner, name, value] = [node, widget.name, widget.value];
  for (let owner = inner.instance.owner; owner; owner = inner.instance.owner) {
    const slot = inner.read.slots.find((one) => one.widget === name);
    const link = slot && slot.link !== null ? inner.instance.level.links.get(slot.link) : undefined;
    const outer = link?.fromNode === SUBGRAPH_INPUT_ID ? owner.read.slots[link.fromSlot]?.widget : undefined;
    const promoted = owner.read.widgets.find((one) => one.name === outer);
    if (!promoted) break;
    [inner, name, value] = [owner, promoted.name, promoted.value];
  }
  return value;
}
