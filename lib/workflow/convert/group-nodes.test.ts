import { describe, expect, it } from 'vitest';
import { converter, node, type Link } from '../../../tests/support/editor-graphs.ts';
import { readCatalog } from '../catalog/node-catalog.ts';
import type { Prompt } from '../prompt.ts';

const catalog = readCatalog({
  Image: { input: { required: { width: ['INT', {}] } }, output: ['IMAGE'] },
  Blend: {
    input: {
      required: { image: ['IMAGE'], seed: ['INT', {}], strength: ['FLOAT', {}] },
      optional: { mask: ['MASK'], text: ['STRING', { dynamicPrompts: true }] },
    },
    output: ['IMAGE', 'MASK'],
  },
  Save: { input: { required: { images: ['IMAGE'] } } },
});
const convert = converter(catalog);

type InnerLink = [from: number | null, fromSlot: number, to: number, toSlot: number, origin: number, type: string];
interface Group {
  nodes: unknown;
  links?: InnerLink[];
  external?: unknown[];
  config?: object;
}
const blend = (values: unknown[] = [1, 'fixed', 0.5, 'a'], more: object = {}) =>
  node(0, 'Blend', {
    inputs: [
      { name: 'image', type: 'IMAGE' },
      { name: 'mask', type: 'MASK' },
    ],
    values,
    ...more,
  });
const reroute = (more: object = {}) =>
  node(0, 'Reroute', { inputs: [{ name: '', type: '*' }], outputs: [{ name: '', type: '*' }], ...more });

/** An image, a group node 2 and what saves its first output, as `3`. */
function around(group: object, groupNodes: Record<string, Group>, more: { nodes?: unknown[]; links?: Link[] } = {}) {
  const given = { inputs: [{ name: 'image', type: 'IMAGE', link: 1 }], values: [] as unknown[], ...group };
  const nodes = [
    node(1, 'Image', { values: [64] }),
    node(2, 'workflow>Two', given),
    node(3, 'Save', { inputs: [{ name: 'images', type: 'IMAGE', link: 2 }] }),
    ...(more.nodes ?? []),
  ];
  const links: Link[] = [[1, 1, 0, 2, 0, 'IMAGE'], [2, 2, 0, 3, 0, 'IMAGE'], ...(more.links ?? [])];
  return convert(nodes, links, { extra: { groupNodes } });
}
const inputsOf = (prompt: Prompt) => Object.fromEntries(Object.entries(prompt).map(([id, one]) => [id, one.inputs]));
const chain: InnerLink[] = [[0, 0, 1, 0, 0, 'IMAGE']];

describe('group nodes', () => {
  it('B443: are opened, their nodes named by their places, in both ways of writing their type', () => {
    const groups = { Two: { nodes: [blend(), blend()], links: chain } };
    for (const type of ['workflow>Two', 'workflow/Two']) {
      const { prompt, unknown, notes } = around({ type }, groups);
      expect(Object.keys(prompt).toSorted()).toEqual(['1', '2:0', '2:1', '3']);
      expect(prompt['2:1']).toMatchObject({ class_type: 'Blend', inputs: { image: ['2:0', 0] } });
      expect(prompt['2:0']?.inputs['image']).toEqual(['1', 0]);
      expect([unknown, notes]).toEqual([[], []]);
    }
  });

  it('B444: have their values by the order of the nodes inside, with the controls of seeds', () => {
    const groups = { Two: { nodes: [blend(), blend()], links: chain } };
    const { prompt } = around({ values: [7, 'randomize', 0.1, 'x', 8, 'fixed', 0.2, '{y|z}'] }, groups);
    expect(prompt['2:0']?.inputs).toMatchObject({ seed: 7, strength: 0.1, text: 'x' });
    expect(prompt['2:1']?.inputs).toMatchObject({ seed: 8, strength: 0.2, text: 'y' });
  });

  it('B444: have a value behind the others for what was made a socket inside, and one for what is hidden', () => {
    const withSocket = blend(undefined, {
      inputs: [
        { name: 'image', type: 'IMAGE' },
        { name: 'mask', type: 'MASK' },
        { name: 'strength', type: 'FLOAT', widget: { name: 'strength' } },
      ],
    });
    const config = { 1: { input: { seed: { visible: false, name: 'other' } } } };
    const groups = { Two: { nodes: [withSocket, blend()], links: chain, config } };
    const { prompt } = around({ values: [7, 'fixed', 'x', 8, 'fixed', 0.2, 'y', 0.1] }, groups);
    expect(prompt['2:0']?.inputs).toMatchObject({ seed: 7, strength: 0.1, text: 'x' });
    expect(prompt['2:1']?.inputs).toMatchObject({ seed: 8, strength: 0.2, text: 'y' });
  });

  it('B444: have values for sockets inside by their places as texts, in which 10 is before 2', () => {
    const names = Array.from({ length: 12 }, (_, at) => `w${at + 1}`);
    const wide = converter(
      readCatalog({ Wide: { input: { required: Object.fromEntries(names.map((w) => [w, ['INT']])) } } }),
    );
    const inner = node(0, 'Wide', {
      inputs: [{ name: 'more' }, ...names.map((name) => ({ name, type: 'INT', widget: true }))],
    });
    const values = [1, 10, 11, 12, 2, 3, 4, 5, 6, 7, 8, 9];
    const extra = { groupNodes: { Two: { nodes: [inner], links: [] } } };
    const { prompt } = wide([node(2, 'workflow>Two', { values })], [], { extra });
    expect(prompt['2:0']?.inputs).toEqual(Object.fromEntries(names.map((name, at) => [name, at + 1])));
  });

  it('B444: have what the class says where the file has no value, whatever the nodes inside hold', () => {
    const { prompt } = around({ values: [7] }, { Two: { nodes: [blend([1, 'fixed', 0.5, 'a'])] } });
    expect(prompt['2:0']?.inputs).toMatchObject({ seed: 7, strength: 0, text: '' });
  });

  it('B444: read the values of frontends that had no control behind the number of a primitive', () => {
    const primitive = node(0, 'PrimitiveNode', {
      values: [0.3],
      outputs: [{ name: 'FLOAT', type: 'FLOAT', widget: { name: 'strength' } }],
    });
    const target = blend(undefined, {
      inputs: [
        { name: 'image', type: 'IMAGE' },
        { name: 'mask', type: 'MASK' },
        { name: 'strength', type: 'FLOAT', widget: { name: 'strength' } },
      ],
    });
    const groups = { Two: { nodes: [primitive, target], links: [[0, 0, 1, 2, 0, 'FLOAT'] as InnerLink] } };
    for (const values of [
      [0.9, 'fixed', 7, 'fixed', 'x'],
      [0.9, 7, 'fixed', 'x'],
    ]) {
      const { prompt } = around({ values }, groups);
      expect(Object.keys(prompt)).not.toContain('2:0');
      expect(prompt['2:1']?.inputs).toMatchObject({ strength: 0.9, seed: 7, text: 'x' });
    }
  });

  it('B445: take links by the names of their inputs: with the title where a name is taken, or as a person named them', () => {
    const config = { 2: { input: { image: { name: 'Third' } } } };
    const groups = { Two: { nodes: [blend(), blend(undefined, { title: 'Second' }), blend()], config } };
    const inputs = ['image', 'Second image', 'Third'].map((name, at) => ({
      name,
      type: 'IMAGE',
      link: [1, 10, 11][at],
    }));
    const links: Link[] = [
      [10, 1, 0, 2, 1, 'IMAGE'],
      [11, 1, 0, 2, 2, 'IMAGE'],
    ];
    const { prompt } = around({ inputs }, groups, { links });
    for (const id of ['2:0', '2:1', '2:2']) expect(prompt[id]?.inputs['image']).toEqual(['1', 0]);
  });

  it('B445: show outputs that nothing inside uses, those that are linked from outside too, and as a person chose', () => {
    const group = { nodes: [blend(), blend()], links: chain };
    const first = (more: object) => inputsOf(around({}, { Two: { ...group, ...more } }).prompt)['3'];
    expect(first({})).toEqual({ images: ['2:0', 1] });
    expect(first({ external: [[0, 0, 'IMAGE']] })).toEqual({ images: ['2:0', 0] });
    expect(first({ config: { 0: { output: { 1: { visible: false } } } } })).toEqual({ images: ['2:1', 0] });
  });

  it('B445: lead through reroutes inside and outside, and from one group node to the next', () => {
    const groups = {
      Two: {
        nodes: [reroute(), blend(), blend(), reroute()],
        links: [
          [0, 0, 1, 0, 0, 'IMAGE'],
          [0, 0, 2, 0, 0, 'IMAGE'],
          [1, 0, 3, 0, 0, 'IMAGE'],
        ] as InnerLink[],
      },
    };
    const inputs = (link: number) => [{ name: 'IMAGE', type: 'IMAGE', link }];
    const { prompt } = around({ inputs: inputs(10) }, groups, {
      nodes: [reroute({ id: 9, inputs: [{ name: '', type: '*', link: 1 }] }), node(4, 'workflow>Two', { inputs: [] })],
      links: [
        [1, 4, 3, 9, 0, 'IMAGE'],
        [10, 9, 0, 2, 0, 'IMAGE'],
      ],
    });
    expect(prompt['2:1']?.inputs['image']).toEqual(['4:1', 0]);
    expect(prompt['2:2']?.inputs['image']).toEqual(['4:1', 0]);
  });

  it('B445: take what a PrimitiveNode outside gives, but no link to a value that is no socket inside', () => {
    const seeded = (type: string) =>
      around(
        {
          inputs: [
            { name: 'image', type: 'IMAGE', link: 1 },
            { name: 'seed', type: 'INT', link: 5, widget: true },
          ],
          values: [7],
        },
        { Two: { nodes: [blend()] } },
        { nodes: [node(5, type, { values: [99] })], links: [[5, 5, 0, 2, 1, 'INT']] },
      ).prompt['2:0']?.inputs['seed'];
    expect(seeded('PrimitiveNode')).toBe(99);
    expect(seeded('Image')).toBe(7);
  });

  it('B446: are gone with what is in them where they are muted, and hand on what fits where they are bypassed', () => {
    const groups = { Two: { nodes: [blend(), blend()], links: chain, external: [[0, 0, 'IMAGE']] } };
    expect(inputsOf(around({ mode: 2 }, groups).prompt)).toEqual({ 1: { width: 64 }, 3: {} });
    expect(inputsOf(around({ mode: 4 }, groups).prompt)).toEqual({ 1: { width: 64 }, 3: { images: ['1', 0] } });
  });

  it('B446: bypass a node inside for those beside it, and lose it to those outside, as the editor does', () => {
    const groups = {
      Two: { nodes: [blend(undefined, { mode: 4 }), blend()], links: chain, external: [[0, 0, 'IMAGE']] },
    };
    const { prompt } = around({}, groups);
    expect(prompt['2:1']?.inputs['image']).toEqual(['1', 0]);
    expect(inputsOf(prompt)['3']).toEqual({});
    expect(prompt).not.toHaveProperty('2:0');
  });

  it('B447: are opened once for each use, within subgraphs and within each other', () => {
    const inner = node(0, 'workflow>Two', { inputs: [{ name: 'image', type: 'IMAGE' }] });
    const groups = { Two: { nodes: [blend()] }, Outer: { nodes: [blend(), inner], links: chain } };
    const subgraph = {
      ...{ id: 'sub', name: 'Sub', inputs: [], outputs: [], links: [] },
      nodes: [node(7, 'workflow>Two', { values: [5] })],
    };
    const { prompt } = convert(
      [
        node(1, 'sub'),
        node(2, 'workflow>Two', { values: [6] }),
        node(3, 'workflow>Outer', { values: [1, 'fixed', 0.1, 'x', 2, 'fixed', 0.2, 'y'] }),
      ],
      [],
      { extra: { groupNodes: groups }, definitions: { subgraphs: [subgraph] } },
    );
    const all = inputsOf(prompt);
    expect(Object.keys(all).toSorted()).toEqual(['1:7:0', '2:0', '3:0', '3:1:0']);
    expect([all['1:7:0'], all['2:0']]).toMatchObject([{ seed: 5 }, { seed: 6 }]);
    expect(all['3:1:0']).toMatchObject({ image: ['3:0', 0], seed: 2, strength: 0.2, text: 'y' });
  });

  it('B448: stay as they are, in a sentence, where the file does not say what is in them or a class is not known', () => {
    const why = (groupNodes: Record<string, Group>) => {
      const { prompt, unknown, notes } = around({}, groupNodes);
      expect(unknown).toEqual([{ nodeId: '2', classType: 'workflow>Two' }]);
      expect(prompt['2']).toMatchObject({ _meta: { title: 'Two' }, inputs: { image: ['1', 0] } });
      return notes.join();
    };
    expect(why({})).toBe('The group node “Two” cannot be opened: the file does not say what is in it.');
    expect(why({ Two: { nodes: 'none' } })).toContain('does not say what is in it');
    expect(why({ Two: { nodes: [blend(), node(0, 'Gone')] } })).toContain('classes that are not known, Gone');
    const itself = { nodes: [node(0, 'workflow>Two')] };
    expect(why({ Two: itself })).toContain('classes that are not known, workflow>Two');
  });
});
