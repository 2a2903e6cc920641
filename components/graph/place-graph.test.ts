import { describe, expect, it } from 'vitest';
import type { DisplayGraph, DisplayNode } from '../../lib/workflow/graph/display-graph.ts';
import { graphOfPrompt } from '../../lib/workflow/graph/graph-of-prompt.ts';
import { templates } from '../../lib/workflow/templates.ts';
import { layOut } from './lay-out.ts';
import type { PlacedNode } from './node-box.ts';
import { placeGraph } from './place-graph.ts';

const node = (id: string, more: Partial<DisplayNode> = {}): DisplayNode => ({
  id,
  title: `Node ${id}`,
  classType: 'Node',
  mode: 'normal',
  collapsed: false,
  kind: 'node',
  inputs: [],
  outputs: [],
  widgets: [],
  ...more,
});
const link = (from: string, to: string, toSlot = 0) => ({
  id: `${from}>${to}.${toSlot}`,
  from,
  fromSlot: 0,
  to,
  toSlot,
  type: 'IMAGE',
});
const chain = (count: number): DisplayGraph => ({
  nodes: Array.from({ length: count }, (_, at) => node(String(at))),
  links: Array.from({ length: count - 1 }, (_, at) => link(String(at), String(at + 1))),
  groups: [],
});
function overlaps(nodes: readonly PlacedNode[]): string[] {
  return nodes.flatMap((one, at) =>
    nodes
      .slice(at + 1)
      .filter((two) => one.x < two.x + two.width && two.x < one.x + one.width)
      .filter((two) => one.y < two.y + two.height && two.y < one.y + one.height)
      .map((two) => `${one.id} ${two.id}`),
  );
}
function fromLeftToRight({ links }: DisplayGraph, placed: readonly PlacedNode[]): boolean {
  const at = new Map(placed.map((one) => [one.id, one]));
  return links.every(({ from, to }) => {
    const [source, target] = [at.get(from), at.get(to)];
    return source !== undefined && target !== undefined && source.x + source.width < target.x;
  });
}

describe('a workflow without places', () => {
  it('B173 has every node to the right of what it takes, none on another, and each link once', () => {
    for (const { prompt } of templates(1, [{ demo: true, checkpoint: null }])) {
      const graph = graphOfPrompt(prompt);
      const placed = placeGraph(graph);
      expect(placed.nodes).toHaveLength(Object.keys(prompt).length);
      expect(fromLeftToRight(graph, placed.nodes)).toBe(true);
      expect(overlaps(placed.nodes)).toEqual([]);
      expect(new Set(placed.links.map(({ id }) => id)).size).toBe(graph.links.length);
    }
  });

  it('B436 colours links by type, where no pod has told the types too', () => {
    const [first] = templates(1, [{ demo: true, checkpoint: 'sd15.safetensors' }]);
    const types = new Set(placeGraph(graphOfPrompt(first?.prompt ?? {})).links.map(({ type }) => type));
    expect([...types].sort()).toEqual(['CLIP', 'CONDITIONING', 'IMAGE', 'LATENT', 'MODEL', 'VAE']);
    const other = { ...node('b'), inputs: [{ name: 'anything', type: '*', linked: true }] };
    const unknown = placeGraph({ nodes: [node('a'), other], links: [{ ...link('a', 'b'), type: '*' }], groups: [] });
    expect(unknown.links[0]?.type).toBe('*');
  });

  it('B173 survives links in a circle, to itself and to nowhere', () => {
    const links = [link('a', 'b'), link('b', 'a'), link('a', 'a'), link('gone', 'b', 1)];
    const placed = placeGraph({ nodes: [node('a'), node('b')], links, groups: [] });
    expect(placed.nodes.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(overlaps(placed.nodes)).toEqual([]);
    expect(placed.links).toHaveLength(3);
  });

  it('B441 is placed the same way, but quickly, where it is large', () => {
    const graph = chain(500);
    const placed = layOut(graph);
    expect(fromLeftToRight(graph, placed)).toBe(true);
    const wide = { ...chain(1), nodes: chain(450).nodes, links: [] };
    expect(overlaps(layOut(wide))).toEqual([]);
    const circle = { ...graph, links: [...graph.links, link('499', '0')] };
    expect(layOut(circle)).toHaveLength(500);
  });
});

describe('a workflow with places', () => {
  const graph: DisplayGraph = {
    nodes: [
      node('1', { x: 100, y: 200, width: 210, height: 60 }),
      node('2', { x: 500, y: 200, width: 300, height: 90, collapsed: true }),
      node('3', { x: 350, y: 400, width: 75, height: 26, kind: 'reroute' }),
    ],
    links: [link('1', '2', 3), link('1', '3')],
    groups: [{ title: 'Load', x: 80, y: 150, width: 400, height: 200, color: '#3f789e' }],
  };
  const placed = placeGraph(graph);

  it('B436 keeps places and sizes, with the title above the place as in the editor', () => {
    expect(placed.nodes[0]).toMatchObject({ x: 100, y: 170, width: 210, height: 90 });
    expect(placed.nodes[1]).toMatchObject({ x: 500, y: 170, height: 30 });
    expect(placed.nodes[1]?.width).toBeLessThan(300);
    expect(placed.nodes[2]).toMatchObject({ x: 350, y: 400, width: 75, height: 26 });
    expect(placed.groups).toEqual(graph.groups);
  });

  it('B436 leads links from slot to slot, and to the middle of a collapsed node', () => {
    expect(placed.links[0]?.path).toMatch(/^M310 214C.* 500 185$/);
    expect(placed.links[1]?.path).toMatch(/ 350 413$/);
  });

  it('B436 bounds sizes that no node has', () => {
    const odd = placeGraph({ ...graph, nodes: [node('1', { x: 0, y: 0, width: -5, height: 1e9 })] });
    expect(odd.nodes[0]).toMatchObject({ width: 20, height: 20_030 });
  });

  it('B436 lays all out where one has no place', () => {
    const mixed = placeGraph({ ...graph, nodes: [...graph.nodes, node('4')] });
    expect(overlaps(mixed.nodes)).toEqual([]);
    expect(mixed.groups).toEqual([]);
  });
});
