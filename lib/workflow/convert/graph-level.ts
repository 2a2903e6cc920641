import type { NodeCatalog, NodeDef } from '../catalog/node-catalog.ts';
import {
  SUBGRAPH_OUTPUT_ID,
  type EditorGraph,
  type EditorLink,
  type EditorNode,
  type EditorSubgraph,
  type EditorWorkflow,
} from '../editor/editor-workflow.ts';
import { ClassShapes } from './class-shape.ts';
import { openGroupNodes } from './group-nodes.ts';
import { slotsOfClass, slotsOfFile, slotsOfSubgraph, type Slot } from './node-slots.ts';
import { applyPrimitives } from './primitive-values.ts';
import { firstWidgets, promoteWidgets } from './promoted-widgets.ts';
import { readWidgets, type Widget } from './widget-values.ts';
import { readUnknownWidgets } from './unknown-widgets.ts';
import { currentClass, kindOf, type NodeKind } from './node-kind.ts';

/** A node of the file, with what its class makes of it. Shared by all instances of the subgraph it lies in. */
export interface ReadNode {
  node: EditorNode;
  classType: string;
  kind: NodeKind;
  def?: NodeDef;
  subgraph?: EditorSubgraph;
  slots: Slot[];
  outputTypes: string[];
  widgets: Widget[];
}

/** The file's top level, or the inside of a subgraph. */
export interface GraphLevel {
  nodes: ReadonlyMap<string, ReadNode>;
  links: ReadonlyMap<number, EditorLink>;
  /** Links to the subgraph's own outputs, the first of each. */
  outputs: ReadonlyMap<number, EditorLink>;
  /** The widget that each of the subgraph's inputs stands for. */
  faces: ReadonlyMap<number, Widget>;
}

/** Most subgraphs within each other. */
export const MAX_SUBGRAPH_DEPTH = 50;

/** Reads each level of a workflow once, when it is first asked for. */
export class GraphLevels {
  private readonly shapes = new ClassShapes();
  private readonly inside = new Map<string, GraphLevel | 'being read'>();
  /** The file, its group nodes as subgraphs. */
  readonly workflow: EditorWorkflow;
  /** What a person should know of group nodes that cannot be opened. */
  readonly notes: readonly string[];

  constructor(
    workflow: EditorWorkflow,
    private readonly catalog: NodeCatalog,
  ) {
    ({ workflow: this.workflow, notes: this.notes } = openGroupNodes(workflow, catalog));
  }

  top(): GraphLevel {
    return this.read(this.workflow, 0);
  }

  /** Undefined where the subgraph lies within itself, or too deep. `depth` counts from 1. */
  within(subgraph: EditorSubgraph, depth: number): GraphLevel | undefined {
    const known = this.inside.get(subgraph.id);
    if (known !== undefined) return known === 'being read' ? undefined : known;
    if (depth > MAX_SUBGRAPH_DEPTH) return undefined;
    this.inside.set(subgraph.id, 'being read');
    const level = this.read(subgraph, depth);
    this.inside.set(subgraph.id, level);
    return level;
  }

  private read(graph: EditorGraph, depth: number): GraphLevel {
    const links = new Map(graph.links.map((link) => [link.id, link]));
    const outputs = new Map<number, EditorLink>();
    for (const link of graph.links)
      if (link.toNode === SUBGRAPH_OUTPUT_ID && !outputs.has(link.toSlot)) outputs.set(link.toSlot, link);
    const nodes = new Map(graph.nodes.map((node) => [node.id, this.readNode(node, depth)]));
    applyPrimitives({ nodes, links });
    return { nodes, links, outputs, faces: firstWidgets({ nodes, links }) };
  }

  private readNode(node: EditorNode, depth: number): ReadNode {
    const classType = currentClass(node.type);
    const outputTypes = node.outputs.map(({ type }) => type);
    const subgraph = this.workflow.subgraphs.get(node.type);
    if (subgraph) {
      const level = this.within(subgraph, depth + 1);
      const types = subgraph.outputs.map(({ type }) => type);
      const read = { node, classType, kind: 'subgraph' as const, subgraph, outputTypes: types, widgets: [] };
      return promoteWidgets({ ...read, slots: slotsOfSubgraph(node, subgraph) }, subgraph, level);
    }
    const def = this.catalog.get(classType);
    if (def) {
      const shape = this.shapes.of(def, node);
      const widgets = readWidgets(node, shape);
      const types = def.outputs.map(({ type }) => (type === 'COMFY_MATCHTYPE_V3' ? '*' : type));
      const slots = slotsOfClass(node, shape, widgets);
      return {
        node,
        classType,
        kind: 'node',
        def,
        slots,
        outputTypes: [...types, ...outputTypes.slice(types.length)],
        widgets,
      };
    }
    const kind = kindOf(classType);
    const widgets = kind === 'node' ? readUnknownWidgets(node) : [];
    return { node, classType, kind, slots: slotsOfFile(node), outputTypes, widgets };
  }
}
