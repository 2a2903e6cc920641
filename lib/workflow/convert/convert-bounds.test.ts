import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCatalog } from '../catalog/node-catalog.ts';
import { readEditorWorkflow } from '../editor/editor-workflow.ts';
import { isLink, type Prompt } from '../prompt.ts';
import { convertWorkflow } from './convert-workflow.ts';

const catalog = readCatalog({
  Pass: { input: { required: { a: ['IMAGE'], n: ['INT', {}] }, optional: { b: ['MASK'] } }, output: ['IMAGE', 'MASK'] },
});

function convert(file: unknown) {
  const read = readEditorWorkflow(file);
  if (!read.ok) throw new Error(read.message);
  return convertWorkflow(read.workflow, catalog);
}

function danglingLinks(prompt: Prompt): unknown[] {
  const linked = Object.values(prompt).flatMap(({ inputs }) => Object.values(inputs).filter(isLink));
  return linked.filter(([id]) => !Object.hasOwn(prompt, id));
}

/** Graphs of all kinds of nodes, linked at random, to nodes that are not there too. */
const ids = fc.integer({ min: -20, max: 8 });
const types = fc.constantFrom(
  'Pass',
  'Pass',
  'Reroute',
  'PrimitiveNode',
  'Note',
  'SetNode',
  'GetNode',
  'What',
  's1',
  's2',
);
const slot = fc.record({
  name: fc.constantFrom('a', 'b', 'n', 'x', '__proto__'),
  type: fc.constantFrom('IMAGE', 'MASK', '*', 'INT'),
  link: fc.option(fc.integer({ min: 1, max: 12 })),
  widget: fc.option(fc.record({ name: fc.constantFrom('n', 'a') })),
});
const nodes = fc.uniqueArray(
  fc.record({
    id: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constantFrom('__proto__', 'constructor', '')),
    type: types,
    mode: fc.constantFrom(0, 0, 0, 2, 4),
    inputs: fc.array(slot, { maxLength: 4 }),
    outputs: fc.array(fc.record({ type: fc.constantFrom('IMAGE', 'MASK', '*') }), { maxLength: 2 }),
    widgets_values: fc.oneof(fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 3 }), fc.constant({ n: 1 })),
    properties: fc.record({ proxyWidgets: fc.jsonValue({ maxDepth: 3 }) }),
  }),
  { selector: ({ id }) => String(id), maxLength: 8 },
);
const links = fc.array(
  fc.record({
    id: fc.integer({ min: 1, max: 12 }),
    origin_id: ids,
    origin_slot: fc.nat(3),
    target_id: ids,
    target_slot: fc.nat(3),
    type: fc.constantFrom('IMAGE', 'MASK', '*'),
  }),
  { maxLength: 12 },
);
const ends = fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'n'), type: fc.constant('*') }), { maxLength: 3 });
const file = fc.record({
  nodes,
  links,
  definitions: fc.record({
    subgraphs: fc.tuple(
      fc.record({ id: fc.constant('s1'), nodes, links, inputs: ends, outputs: ends }),
      fc.record({ id: fc.constant('s2'), nodes, links, inputs: ends, outputs: ends }),
    ),
  }),
});

describe('bounds of the conversion', () => {
  it('B346: whatever the graph, no link ends at nothing, and the same file gives the same prompt', () => {
    fc.assert(
      fc.property(file, (one) => {
        const before = structuredClone(one);
        const { prompt, unknown } = convert(one);
        expect(danglingLinks(prompt)).toEqual([]);
        for (const { nodeId } of unknown) expect(Object.hasOwn(prompt, nodeId)).toBe(true);
        expect(convert(one).prompt).toEqual(prompt);
        expect(one).toEqual(before);
      }),
      { seed: 340, numRuns: 600 },
    );
  });

  it('B346: leaves a circle of reroutes out in a sentence', () => {
    const reroute = (id: number, link: number) => ({ id, type: 'Reroute', inputs: [{ name: '', type: '*', link }] });
    const { prompt, notes } = convert({
      nodes: [reroute(1, 2), reroute(2, 1), { id: 3, type: 'Pass', inputs: [{ name: 'a', type: 'IMAGE', link: 3 }] }],
      links: [
        [1, 1, 0, 2, 0, '*'],
        [2, 2, 0, 1, 0, '*'],
        [3, 2, 0, 3, 0, 'IMAGE'],
      ],
    });
    expect(prompt[3]?.inputs).toEqual({ n: 0 });
    expect(notes.join()).toContain('in a circle');
  });

  it('B346: converts 50,000 nodes, also where all hang on one long chain of reroutes', () => {
    const chain = Array.from({ length: 25_000 }, (_, at) => ({
      ...{ id: at, type: at === 0 ? 'Pass' : 'Reroute' },
      inputs: at === 0 ? [] : [{ name: '', type: '*', link: at }],
    }));
    const users = Array.from({ length: 25_000 }, (_, at) => ({
      ...{ id: 25_000 + at, type: 'Pass' },
      inputs: [{ name: 'a', type: 'IMAGE', link: 25_000 + at }],
    }));
    const chained = [...chain.slice(1), ...users].map(({ id }, at) =>
      id < 25_000 ? [id, id - 1, 0, id, 0, '*'] : [id, at % 25_000, 0, id, 0, 'IMAGE'],
    );
    const { prompt } = convert({ nodes: [...chain, ...users], links: chained });
    expect(Object.keys(prompt)).toHaveLength(25_001);
    expect(danglingLinks(prompt)).toEqual([]);
  }, 60_000);
});
