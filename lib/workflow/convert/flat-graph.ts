import type { EditorWorkflow } from '../editor/editor-workflow.ts';
import type { NodeCatalog } from '../catalog/node-catalog.ts';
import { GraphLevels, MAX_SUBGRAPH_DEPTH, type GraphLevel, type ReadNode } from './graph-level.ts';
import { isGroupSubgraph } from './group-subgraph.ts';
import { isOff } from './node-kind.ts';

/** One use of a level: the top, or the inside of one node that stands for a subgraph. */
export interface Instance {
  level: GraphLevel;
  /** The node it is the inside of. */
  owner?: FlatNode;
  nodes: Map<string, FlatNode>;
}

/** A node as it would run: one of a subgraph that is used twice is two. */
export interface FlatNode {
  /** `12`, or `12:34` within a subgraph. */
  id: string;
  read: ReadNode;
  instance: Instance;
  /** What it stands for. */
  inside?: Instance;
}

/** Most nodes that subgraphs within subgraphs may come to. */
const MAX_FLAT_NODES = 50_000;
/** Longest id that a prompt takes. */
const MAX_ID_LENGTH = 200;

export interface FlatGraph {
  nodes: FlatNode[];
  notes: string[];
}

/** All nodes of a workflow with those inside of subgraphs, each once for each use. Bounded in number and depth. */
export function flattenWorkflow(workflow: EditorWorkflow, catalog: NodeCatalog): FlatGraph {
  const levels = new GraphLevels(workflow, catalog);
  const nodes: FlatNode[] = [];
  const notes = new Set(levels.notes);

  function enter(level: GraphLevel, owner: FlatNode | undefined, around: ReadonlySet<string>): Instance {
    const instance: Instance = { level, nodes: new Map(), ...(owner ? { owner } : {}) };
    for (const [nodeId, read] of level.nodes) {
      const id = owner ? `${owner.id}:${nodeId}` : nodeId;
      if (nodes.length >= MAX_FLAT_NODES || id.length > MAX_ID_LENGTH || id === '') {
        notes.add(
          nodes.length >= MAX_FLAT_NODES
            ? TOO_MANY
            : 'Nodes without an id, or with one that is too long, are left out.',
        );
        continue;
      }
      const flat: FlatNode = { id, read, instance };
      nodes.push(flat);
      instance.nodes.set(nodeId, flat);
      const inside = read.subgraph && !isGroupOff(read) && enterSubgraph(read.subgraph, flat, around);
      if (inside) flat.inside = inside;
    }
    return instance;
  }

  function enterSubgraph(
    subgraph: NonNullable<ReadNode['subgraph']>,
    owner: FlatNode,
    around: ReadonlySet<string>,
  ): Instance | undefined {
    const level =
      around.has(subgraph.id) || around.size >= MAX_SUBGRAPH_DEPTH
        ? undefined
        : levels.within(subgraph, around.size + 1);
    if (level) return enter(level, owner, new Set([...around, subgraph.id]));
    notes.add(
      `The subgraph “${subgraph.name}” (node ${owner.id}) lies within itself or too deep in others; it is left out there.`,
    );
    return undefined;
  }

  enter(levels.top(), undefined, new Set());
  return { nodes, notes: [...notes] };
}

/** A group node that is muted or bypassed takes the nodes inside with it; those of a subgraph have modes of their own. */
function isGroupOff({ node, subgraph }: ReadNode): boolean {
  return subgraph !== undefined && isGroupSubgraph(subgraph) && isOff(node.mode);
}

const TOO_MANY = `The workflow comes to more than ${MAX_FLAT_NODES.toLocaleString('en')} nodes; the rest is left out.`;
