import { describe, expect, it } from 'vitest';
import { converter, node, type Link } from '../../../tests/support/editor-graphs.ts';
import { readCatalog } from '../catalog/node-catalog.ts';

const catalog = readCatalog({
  Sampler: { input: { required: { model: ['MODEL'], seed: ['INT', {}], steps: ['INT', {}] } }, output: ['LATENT'] },
  Model: { input: { required: { name: [['m.safetensors'], {}] } }, output: ['MODEL'] },
  Custom: { input: { required: { other: ['PACK_THING', {}] } }, output: ['IMAGE'] },
});

const convert = converter(catalog);
const inputs = (nodes: unknown[], links: Link[] = [], more: object = {}) =>
  Object.fromEntries(Object.entries(convert(nodes, links, more).prompt).map(([id, one]) => [id, one.inputs]));

describe('subgraphs', () => {
  const inner = (id: number, from: number, values: unknown[]) =>
    node(id, 'Sampler', {
      inputs: [
        { name: 'model', type: 'MODEL', link: 1 },
        { name: 'steps', type: 'INT', link: 2, widget: true },
      ],
      values: [from, 'fixed', ...values],
    });
  const small = {
    id: 'small',
    name: 'Small',
    nodes: [inner(7, 1, [11])],
    links: [
      { id: 1, origin_id: -10, origin_slot: 0, target_id: 7, target_slot: 0, type: 'MODEL' },
      { id: 2, origin_id: -10, origin_slot: 1, target_id: 7, target_slot: 1, type: 'INT' },
      { id: 3, origin_id: 7, origin_slot: 0, target_id: -20, target_slot: 0, type: 'LATENT' },
    ],
    inputs: [
      { name: 'model', type: 'MODEL' },
      { name: 'steps', type: 'INT' },
    ],
    outputs: [{ name: 'LATENT', type: 'LATENT' }],
  };
  const large = {
    ...small,
    id: 'large',
    nodes: [
      node(5, 'small', {
        inputs: [
          { name: 'model', link: 1 },
          { name: 'steps', link: 2, widget: true },
        ],
      }),
    ],
    links: small.links.map((link) => ({
      ...link,
      target_id: link.target_id === 7 ? 5 : link.target_id,
      origin_id: link.origin_id === 7 ? 5 : link.origin_id,
    })),
  };
  const definitions = { subgraphs: [small, large] };
  const model = node(1, 'Model', { values: ['m'] });
  const use = (id: number, type: string, values: unknown[], properties: object = {}) =>
    node(id, type, { inputs: [{ name: 'model', link: 1 }], values, properties });

  it('B344: opens each use, with its own links and the values on its face', () => {
    const nodes = [
      model,
      use(2, 'small', [40]),
      use(3, 'small', []),
      node(4, 'Custom', { inputs: [{ name: 'other', link: 4 }] }),
    ];
    const all = inputs(
      nodes,
      [
        [1, 1, 0, 2, 0],
        [4, 2, 0, 4, 0],
      ],
      { definitions },
    );
    expect(all['2:7']).toMatchObject({ model: ['1', 0], steps: 40, seed: 1 });
    expect(all['3:7']).toMatchObject({ steps: 11 });
    expect(all['4']).toEqual({ other: ['2:7', 0] });
  });

  it('B344: opens subgraphs within subgraphs, with the values of the outermost face', () => {
    const all = inputs([model, use(2, 'large', [55])], [[1, 1, 0, 2, 0]], { definitions });
    expect(Object.keys(all)).toEqual(['1', '2:5:7']);
    expect(all['2:5:7']).toMatchObject({ model: ['1', 0], steps: 55 });
  });

  it('B344: takes values by the list of widgets on the face, of which some are nodes’ inside', () => {
    const proxyWidgets = [
      ['7', 'seed'],
      ['-1', 'steps'],
    ];
    const nodes = [
      model,
      use(2, 'small', [null, 41], { proxyWidgets }),
      use(3, 'small', [null, 42], { proxyWidgets: JSON.stringify(proxyWidgets) }),
    ];
    const all = inputs(nodes, [], { definitions });
    expect([all['2:7'], all['3:7']]).toMatchObject([
      { seed: 1, steps: 41 },
      { seed: 1, steps: 42 },
    ]);
  });

  it('B344: uses the value on the face where the link into it gives none', () => {
    const primitive = node(6, 'PrimitiveNode', { values: [64, 'fixed'] });
    const nodes = [primitive, node(2, 'small', { inputs: [{ name: 'steps', link: 6, widget: true }], values: [1] })];
    expect(inputs(nodes, [[6, 6, 0, 2, 0]], { definitions })['2:7']).toMatchObject({ steps: 64 });
  });

  it('B344: bypasses a use by its slots, and hands on what a subgraph hands on', () => {
    const through = {
      ...small,
      id: 'through',
      nodes: [],
      links: [{ id: 1, origin_id: -10, origin_slot: 0, target_id: -20, target_slot: 0, type: 'MODEL' }],
      outputs: [{ name: 'out', type: 'MODEL' }],
    };
    const last = node(4, 'Sampler', { inputs: [{ name: 'model', link: 4 }] });
    const links: Link[] = [
      [1, 1, 0, 2, 0],
      [4, 2, 0, 4, 0],
    ];
    const withThrough = { definitions: { subgraphs: [through] } };
    for (const mode of [0, 4]) {
      const used = { ...use(2, 'through', []), mode };
      expect(inputs([model, used, last], links, withThrough)[4]).toMatchObject({ model: ['1', 0] });
    }
  });

  it('B346: leaves a subgraph out where it lies within itself', () => {
    const self = { ...small, nodes: [...small.nodes, node(8, 'small')] };
    const { prompt, notes } = convert([use(2, 'small', [])], [], { definitions: { subgraphs: [self] } });
    expect(Object.keys(prompt)).toEqual(['2:7']);
    expect(notes.join()).toContain('“Small” (node 2:8) lies within itself');
  });

  it('B346: opens no more than 50,000 nodes of subgraphs within subgraphs', () => {
    const levels = Array.from({ length: 8 }, (_, level) => ({
      ...small,
      id: `level${level}`,
      nodes: Array.from({ length: 10 }, (__, at) => node(at, level === 0 ? 'Model' : `level${level - 1}`)),
      links: [],
    }));
    const { prompt, notes } = convert([node(1, 'level7')], [], { definitions: { subgraphs: levels } });
    expect(Object.keys(prompt).length).toBeLessThan(50_000);
    expect(notes.join()).toContain('more than 50,000 nodes');
  });
});
