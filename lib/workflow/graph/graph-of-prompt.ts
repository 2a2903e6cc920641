import type { NodeCatalog, NodeDef } from '../catalog/node-catalog.ts';
import { isWidgetType } from '../convert/class-widgets.ts';
import { isLink, nodeName, type Prompt } from '../prompt.ts';
import type { DisplayGraph, DisplayLink, DisplayNode } from './display-graph.ts';
import { shortValue } from './short-value.ts';

/** Most outputs of a node whose class is not known. */
const MAX_OUTPUTS = 100;

/** A prompt as a graph without places, each node under its own id; the view lays it out. */
export function graphOfPrompt(prompt: Prompt, catalog?: NodeCatalog): DisplayGraph {
  const defs = new Map(Object.entries(prompt).map(([id, node]) => [id, catalog?.get(node.class_type)]));
  const used = usedOutputs(prompt);
  const links: DisplayLink[] = [];
  const nodes = Object.entries(prompt).map(([id, node]): DisplayNode => {
    const def = defs.get(id);
    const types = new Map(def?.inputs.map(({ name, type }) => [name, type]));
    const inputs = inputNames(node, def).map((name, toSlot) => {
      const value = node.inputs[name];
      const linked = isLink(value) && used.get(value[0])?.has(value[1]) === true;
      const type = types.get(name) ?? '*';
      if (linked) {
        const given = defs.get(value[0])?.outputs[value[1]]?.type;
        links.push({ id: `${id}/${name}`, from: value[0], fromSlot: value[1], to: id, toSlot, type: given ?? type });
      }
      return { name, type, linked };
    });
    return {
      id,
      title: nodeName(prompt, id),
      classType: node.class_type,
      mode: 'normal',
      collapsed: false,
      kind: 'node',
      inputs,
      outputs: outputsOf(def, used.get(id)),
      widgets: Object.entries(node.inputs)
        .filter(([, value]) => !isLink(value))
        .map(([name, value]) => ({ name, value: shortValue(value) })),
    };
  });
  return { nodes, links, groups: [] };
}

/** Outputs that links begin at, by node; only of nodes that are there. */
function usedOutputs(prompt: Prompt): ReadonlyMap<string, ReadonlySet<number>> {
  const used = new Map(Object.keys(prompt).map((id) => [id, new Set<number>()]));
  for (const { inputs } of Object.values(prompt))
    for (const value of Object.values(inputs))
      if (isLink(value) && Number.isInteger(value[1]) && value[1] >= 0 && value[1] < MAX_OUTPUTS)
        used.get(value[0])?.add(value[1]);
  return used;
}

/** Sockets of the class in its order, linked or not; then what else is linked. */
function inputNames(node: Prompt[string], def: NodeDef | undefined): string[] {
  const linked = Object.keys(node.inputs).filter((name) => isLink(node.inputs[name]));
  const sockets = (def?.inputs ?? []).filter(
    (input) => isLink(node.inputs[input.name]) || (!isWidgetType(input) && node.inputs[input.name] === undefined),
  );
  return [...new Set([...sockets.map(({ name }) => name), ...linked])];
}

function outputsOf(def: NodeDef | undefined, used: ReadonlySet<number> | undefined): DisplayNode['outputs'] {
  const count = Math.max(def?.outputs.length ?? 0, ...[...(used ?? [])].map((slot) => slot + 1));
  return Array.from({ length: count }, (_, at) => {
    const output = def?.outputs[at];
    return { name: output?.name ?? '', type: output?.type ?? '*', linked: used?.has(at) ?? false };
  });
}
