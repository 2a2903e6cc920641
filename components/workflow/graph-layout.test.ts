import { describe, expect, it } from 'vitest';
import { templates } from '../../lib/workflow/templates.ts';
import { layoutGraph, MAX_DRAWN_NODES } from './graph-layout.ts';

const node = (...from: string[]) => ({
  class_type: 'Node',
  inputs: Object.fromEntries(from.map((id, at) => [`in${at}`, [id, 0]])),
});

describe('a workflow as a graph', () => {
  it('B173 puts every node to the right of what it takes, and draws each link once', () => {
    for (const { prompt } of templates(1, [{ demo: true, checkpoint: null }])) {
      const graph = layoutGraph(prompt);
      const column = new Map(graph?.nodes.map((one) => [one.id, one.column]));
      expect(graph?.nodes).toHaveLength(Object.keys(prompt).length);
      for (const { from, to } of graph?.links ?? []) expect(column.get(from)).toBeLessThan(column.get(to) ?? 0);
      const places = graph?.nodes.map((one) => `${one.column} ${one.row}`);
      expect(new Set(places).size).toBe(places?.length);
    }
  });

  it('B173 survives links in a circle, to itself and to nowhere', () => {
    const graph = layoutGraph({ a: node('b'), b: node('a', 'b', 'gone') });
    expect(graph?.nodes.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(graph?.links).toHaveLength(3);
  });

  it('B173 does not draw what is too large to be seen', () => {
    const many = Array.from({ length: MAX_DRAWN_NODES + 1 }, (_, at) => [`n${at}`, node()] as const);
    expect(layoutGraph(Object.fromEntries(many))).toBeNull();
    expect(layoutGraph(Object.fromEntries(many.slice(1)))?.nodes).toHaveLength(MAX_DRAWN_NODES);
  });
});
