import {
  SUBGRAPH_INPUT_ID,
  type EditorGraph,
  type EditorNode,
  type EditorSubgraph,
  type EditorWorkflow,
} from '../editor/editor-workflow.ts';
import { hiddenInputs } from '../convert/group-subgraph.ts';
import { fieldKey } from './form-field.ts';

/** What the author of a workflow put on the face of a subgraph. */
export interface PromotedWidget {
  label: string;
  nodeLabel: string;
}
/** Subgraphs may stand in each other in a circle in a file that was made by hand. */
const MAX_DEPTH = 20;
/** Far more than any workflow has on its faces. */
const MAX_WIDGETS = 5000;

/**
 * Promoted widgets by the field they stand for. Those on the outermost subgraph have the last word: what it shows under
 * another name is known by that one.
 */
export function promotedWidgets(editor: EditorWorkflow): Map<string, PromotedWidget> {
  const found = new Map<string, PromotedWidget>();
  collect(editor, editor, '', 0, found);
  return found;
}

type Found = Map<string, PromotedWidget>;

function collect(editor: EditorWorkflow, graph: EditorGraph, prefix: string, depth: number, found: Found): void {
  if (depth > MAX_DEPTH) return;
  for (const node of graph.nodes) {
    const subgraph = editor.subgraphs.get(node.type);
    if (!subgraph || found.size >= MAX_WIDGETS) continue;
    const path = `${prefix}${node.id}:`;
    collect(editor, subgraph, path, depth + 1, found);
    const nodeLabel = node.title ?? subgraph.name;
    for (const [slot, end] of subgraph.inputs.entries()) {
      const own = node.inputs.find((input) => input.name === end.name);
      // What is linked from outside is no widget of this one.
      if ((own && own.link !== null) || hiddenInputs(subgraph).has(end.name)) continue;
      const label = own?.label ?? end.label ?? end.name;
      for (const key of fieldsOfSlot(editor, subgraph, slot, path, depth)) found.set(key, { label, nodeLabel });
    }
    for (const [inner, widget] of proxies(node.properties)) {
      if (inner === '-1') continue;
      for (const key of fieldsOfProxy(editor, subgraph, inner, widget, path, depth))
        if (!found.has(key)) found.set(key, { label: widget, nodeLabel });
    }
  }
}

/** Fields that a subgraph's input slot sets, through subgraphs inside of it. `path`: the ids that lead into it, `12:`. */
export function fieldsOfSlot(
  editor: EditorWorkflow,
  subgraph: EditorSubgraph,
  slot: number,
  path: string,
  depth = 0,
): string[] {
  if (depth > MAX_DEPTH) return [];
  return (endsOf(subgraph).get(slot) ?? []).flatMap(({ node, input }) => {
    const inner = editor.subgraphs.get(node.type);
    if (!inner) return input.widget ? [fieldKey(`${path}${node.id}`, input.widget.name)] : [];
    const innerSlot = inner.inputs.findIndex((end) => end.name === input.name);
    return innerSlot < 0 ? [] : fieldsOfSlot(editor, inner, innerSlot, `${path}${node.id}:`, depth + 1);
  });
}

interface End {
  node: EditorNode;
  input: EditorNode['inputs'][number];
}
/** Read once for each subgraph: one that a file has thousands of times may have thousands of links. */
const knownEnds = new WeakMap<EditorSubgraph, ReadonlyMap<number, End[]>>();

/** By a subgraph's input slot: the inputs inside that it is linked to. */
function endsOf(subgraph: EditorSubgraph): ReadonlyMap<number, End[]> {
  const known = knownEnds.get(subgraph);
  if (known) return known;
  const nodes = new Map(subgraph.nodes.map((node) => [node.id, node]));
  const ends = new Map<number, End[]>();
  for (const link of subgraph.links) {
    const node = link.fromNode === SUBGRAPH_INPUT_ID ? nodes.get(link.toNode) : undefined;
    const input = node?.inputs[link.toSlot];
    if (!node || !input) continue;
    const others = ends.get(link.fromSlot);
    if (others) others.push({ node, input });
    else ends.set(link.fromSlot, [{ node, input }]);
  }
  knownEnds.set(subgraph, ends);
  return ends;
}

/** Fields behind a widget of a node inside, which may be a subgraph itself. */
export function fieldsOfProxy(
  editor: EditorWorkflow,
  subgraph: EditorSubgraph,
  nodeId: string,
  widget: string,
  path: string,
  depth = 0,
): string[] {
  const inner = editor.subgraphs.get(subgraph.nodes.find((one) => one.id === nodeId)?.type ?? '');
  const slot = inner?.inputs.findIndex((end) => end.name === widget) ?? -1;
  if (!inner || slot < 0) return [fieldKey(`${path}${nodeId}`, widget)];
  return fieldsOfSlot(editor, inner, slot, `${path}${nodeId}:`, depth + 1);
}

/** `[nodeId, widgetName]` pairs: widgets that stand on a subgraph's face without an input of their own. */
function proxies(properties: Record<string, unknown>): [string, string][] {
  const given = properties['proxyWidgets'];
  if (!Array.isArray(given)) return [];
  return given.flatMap((pair: unknown): [string, string][] => {
    if (!Array.isArray(pair)) return [];
    const [inner, widget]: unknown[] = pair;
    return typeof inner === 'string' && typeof widget === 'string' ? [[inner, widget]] : [];
  });
}
