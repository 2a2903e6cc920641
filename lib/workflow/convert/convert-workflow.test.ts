import { describe, expect, it } from 'vitest';
import { converter, node, type Link, type Slot } from '../../../tests/support/editor-graphs.ts';
import { readCatalog } from '../catalog/node-catalog.ts';

const catalog = readCatalog({
  Sampler: {
    input: {
      required: {
        model: ['MODEL'],
        seed: ['INT', { default: 0 }],
        steps: ['INT', { default: 20 }],
        cfg: ['FLOAT', { forceInput: true }],
        sampler: [['euler', 'heun'], {}],
      },
      optional: { strength: ['FLOAT', { default: 0.5, min: 0, max: 1, step: 0.1 }], mask: ['MASK'] },
    },
    output: ['LATENT'],
    display_name: 'The Sampler',
  },
  Forced: {
    input: { required: { first: ['INT', {}], cfg: ['FLOAT', { forceInput: true }], last: ['STRING', {}] } },
    output: [],
  },
  Load: {
    input: { required: { image: ['COMBO', { options: ['a.png', 'b.png'], image_upload: true }] } },
    output: ['IMAGE', 'MASK'],
  },
  Model: { input: { required: { name: [['m.safetensors'], {}] } }, output: ['MODEL'] },
  Blend: { input: { required: { a: ['IMAGE'], m: ['MASK'], b: ['IMAGE'] } }, output: ['IMAGE', 'MASK'] },
  Text: { input: { required: { text: ['STRING', { multiline: true, dynamicPrompts: true }] } }, output: ['STRING'] },
  Resize: {
    input: {
      required: {
        input: ['COMFY_MATCHTYPE_V3', { template: { template_id: 't', allowed_types: 'IMAGE,MASK' } }],
        how: [
          'COMFY_DYNAMICCOMBO_V3',
          {
            options: [
              { key: 'by', inputs: { required: { factor: ['FLOAT', { default: 1 }] } } },
              { key: 'to', inputs: { required: { width: ['INT', {}], match: ['IMAGE'] } } },
            ],
          },
        ],
        method: ['COMBO', { options: ['area', 'lanczos'] }],
      },
    },
    output: ['COMFY_MATCHTYPE_V3'],
  },
  SaveImage: {
    input: { required: { images: ['IMAGE'], filename_prefix: ['STRING', { default: 'x' }] } },
    output: [],
    output_node: true,
  },
  SaveAudio: { input: { required: { audio: ['AUDIO'], filename_prefix: ['STRING', { default: 'x' }] } }, output: [] },
  Custom: { input: { required: { path: ['PACK_FILE', {}], other: ['PACK_THING', {}] } }, output: ['IMAGE'] },
});

const convert = converter(catalog);
const inputs = (nodes: unknown[], links: Link[] = [], more: object = {}) =>
  Object.fromEntries(Object.entries(convert(nodes, links, more).prompt).map(([id, one]) => [id, one.inputs]));

describe('values of widgets', () => {
  it('B341: takes values by place, with the control behind a seed, and titles from the file or the class', () => {
    const values = [7, 'randomize', 30, 'heun', 0.8];
    expect(convert([node(1, 'Sampler', { values }), node(2, 'Sampler', { values, title: 'Mine' })]).prompt).toEqual({
      1: {
        class_type: 'Sampler',
        inputs: { seed: 7, steps: 30, sampler: 'heun', strength: 0.8 },
        _meta: { title: 'The Sampler' },
      },
      2: {
        class_type: 'Sampler',
        inputs: { seed: 7, steps: 30, sampler: 'heun', strength: 0.8 },
        _meta: { title: 'Mine' },
      },
    });
  });

  it('B341: passes over the place that a socket had when it was a widget', () => {
    expect(inputs([node(1, 'Forced', { values: [3, 4.5, 'x'] })])[1]).toEqual({ first: 3, last: 'x' });
    // Only where there are just as many values as there once were widgets.
    expect(inputs([node(1, 'Forced', { values: [3, 'x'] })])[1]).toEqual({ first: 3, last: 'x' });
  });

  it('B341: takes values by name where they are kept so, and the class’s own where the file has none', () => {
    expect(inputs([node(1, 'Sampler', { values: { steps: 3, videopreview: {} } })])[1]).toEqual({
      ...{ seed: 0, steps: 3, sampler: 'euler', strength: 0.5 },
    });
  });

  it('B341: sends no upload button, but what the editor adds to a class that shows a sound', () => {
    expect(inputs([node(1, 'Load', { values: ['b.png', 'image'] }), node(2, 'SaveAudio', { values: ['a'] })])).toEqual({
      1: { image: 'b.png' },
      2: { filename_prefix: 'a', audioUI: '' },
    });
  });

  it('B341: places what a choice brings behind it, and forgets links to another choice', () => {
    const slots: Slot[] = [
      { name: 'input', link: 1 },
      { name: 'how.factor', link: 2, widget: true },
    ];
    const links: Link[] = [
      [1, 3, 0, 2, 0],
      [2, 3, 0, 2, 1],
    ];
    const load = node(3, 'Load', { values: ['a.png'] });
    const to = node(2, 'Resize', { inputs: slots, values: ['to', 640, 'lanczos'] });
    expect(inputs([load, to], links)[2]).toEqual({ input: ['3', 0], how: 'to', 'how.width': 640, method: 'lanczos' });
    const by = node(2, 'Resize', { inputs: slots, values: ['by', 2, 'area'] });
    expect(inputs([load, by], links)[2]).toEqual({
      ...{ input: ['3', 0], how: 'by', 'how.factor': ['3', 0], method: 'area' },
    });
  });

  it('B341: knows a widget of a pack’s own type by the file alone', () => {
    const slots = [{ name: 'path', widget: true }, { name: 'other' }];
    expect(inputs([node(1, 'Custom', { inputs: slots, values: ['/x'] })])).toEqual({ 1: { path: '/x' } });
  });

  it('B341: wraps a list, which would be taken for a link', () => {
    expect(inputs([node(1, 'Load', { values: [['a.png', 1]] })])).toEqual({
      1: { image: { __value__: ['a.png', 1] } },
    });
  });

  it('B341: lets a link take the place of a widget’s value', () => {
    const slots = [{ name: 'steps', link: 1, widget: true }];
    const two = [
      node(1, 'Load', { values: ['a.png'] }),
      node(2, 'Sampler', { inputs: slots, values: [1, 'fixed', 9] }),
    ];
    expect(inputs(two, [[1, 1, 1, 2, 0]])[2]).toMatchObject({ seed: 1, steps: ['1', 1] });
  });
});

describe('nodes of the editor alone', () => {
  const model = node(1, 'Model', { values: ['m'] });
  const sampler = node(9, 'Sampler', { inputs: [{ name: 'model', link: 9 }] });

  it('B342: follows reroutes to what runs, and leaves notes out', () => {
    const reroute = (id: number, link: number) => node(id, 'Reroute', { inputs: [{ name: '', link }] });
    const nodes = [
      model,
      reroute(2, 1),
      reroute(3, 2),
      sampler,
      node(4, 'Note', { values: ['hi'] }),
      node(5, 'MarkdownNote'),
    ];
    const links: Link[] = [
      [1, 1, 0, 2, 0],
      [2, 2, 0, 3, 0],
      [9, 3, 0, 9, 0],
    ];
    const converted = convert(nodes, links);
    expect(Object.keys(converted.prompt)).toEqual(['1', '9']);
    expect(converted.prompt[9]?.inputs['model']).toEqual(['1', 0]);
    expect(converted.unknown).toEqual([]);
  });

  it('B342: puts the value of a primitive into each widget it is linked to, rounded and kept in range', () => {
    const slots = [
      { name: 'steps', link: 1, widget: true },
      { name: 'strength', link: 2, widget: true },
    ];
    const nodes = [
      node(1, 'PrimitiveNode', { values: [12.4, 'fixed'] }),
      node(2, 'PrimitiveNode', { values: [0.77, 'fixed'] }),
      node(9, 'Sampler', { inputs: slots, values: [1, 'fixed', 5] }),
    ];
    const links: Link[] = [
      [1, 1, 0, 9, 0],
      [2, 2, 0, 9, 1],
    ];
    expect(inputs(nodes, links)).toEqual({ 9: { seed: 1, steps: 12, sampler: 'euler', strength: 0.8 } });
  });

  it('B342: follows links that only have a name', () => {
    const set = node(2, 'SetNode', { inputs: [{ name: 'MODEL', link: 1 }], values: ['m'] });
    const nodes = [
      model,
      set,
      node(3, 'GetNode', { values: ['m'] }),
      node(4, 'GetNode', { values: ['none'] }),
      sampler,
    ];
    const links: Link[] = [
      [1, 1, 0, 2, 0],
      [9, 3, 0, 9, 0],
    ];
    expect(inputs(nodes, links)[9]?.['model']).toEqual(['1', 0]);
    expect(
      inputs(nodes, [
        [1, 1, 0, 2, 0],
        [9, 4, 0, 9, 0],
      ])[9],
    ).not.toHaveProperty('model');
  });
});

describe('bypass and mute', () => {
  const load = node(1, 'Load', { values: ['a.png'] });
  const mask = node(2, 'Load', { values: ['b.png'] });
  const blendSlots = [{ name: 'a' }, { name: 'm', link: 2 }, { name: 'b', link: 1 }];
  const links: Link[] = [
    [1, 1, 0, 3, 2],
    [2, 2, 1, 3, 1],
    [3, 3, 0, 4, 0],
    [4, 3, 1, 5, 0],
  ];
  const save = node(4, 'SaveImage', { inputs: [{ name: 'images', link: 3 }] });
  const custom = node(5, 'Custom', { inputs: [{ name: 'other', link: 4 }] });

  it('B343: hands the input of the output’s own place on where its type fits, linked or not', () => {
    const blend = node(3, 'Blend', { mode: 4, inputs: blendSlots });
    expect(inputs([load, mask, blend, save], links)).toEqual({
      1: { image: 'a.png' },
      2: { image: 'b.png' },
      4: { filename_prefix: 'x' },
    });
    const linked = node(3, 'Blend', {
      mode: 4,
      inputs: [
        { name: 'a', link: 1 },
        { name: 'm', link: 2 },
      ],
    });
    expect(inputs([load, mask, linked, save], links)[4]).toMatchObject({ images: ['1', 0] });
  });

  it('B343: looks for the first input of the wanted type where that of the place does not fit', () => {
    const load2 = node(3, 'Resize', { mode: 4, inputs: [{ name: 'input', link: 1 }] });
    expect(inputs([load, load2, save], links)[4]).toMatchObject({ images: ['1', 0] });
    const sampler = node(3, 'Sampler', { mode: 4, inputs: [{ name: 'model', type: 'MODEL', link: 1 }] });
    expect(inputs([load, sampler, save], links)[4]).not.toHaveProperty('images');
  });

  it('B343: takes out what is muted, with the links from it', () => {
    const blend = node(3, 'Blend', { mode: 2, inputs: blendSlots });
    expect(inputs([load, mask, blend, save, custom], links)).toEqual({
      ...{ 1: { image: 'a.png' }, 2: { image: 'b.png' }, 4: { filename_prefix: 'x' }, 5: {} },
    });
  });
});

describe('what nobody knows', () => {
  it('B345: keeps a node of an unknown class with its links and what the file says of its values', () => {
    const slots = [
      { name: 'image', link: 1 },
      { name: 'seed', widget: true },
      { name: 'mode', widget: true },
    ];
    const nodes = [
      node(1, 'Load', { values: ['a.png'] }),
      node(2, 'Mystery', { inputs: slots, values: [5, 'randomize', 'fast'], title: 'M' }),
      node(3, 'Film', { values: { fps: 8, preview: { hidden: true } } }),
      node(4, 'Old', { values: [1, 2] }),
      node(5, 'Quiet', { mode: 2 }),
    ];
    const { prompt, unknown } = convert(nodes, [[1, 1, 0, 2, 0]]);
    expect(prompt).toMatchObject({
      2: { class_type: 'Mystery', inputs: { image: ['1', 0], seed: 5, mode: 'fast' }, _meta: { title: 'M' } },
      3: { class_type: 'Film', inputs: { fps: 8 } },
      4: { class_type: 'Old', inputs: {} },
    });
    expect(unknown).toEqual([
      { nodeId: '2', classType: 'Mystery' },
      { nodeId: '3', classType: 'Film' },
      { nodeId: '4', classType: 'Old' },
    ]);
  });
});

describe('texts', () => {
  const text = (given: string) => convert([node(1, 'Text', { values: [given] })]);

  it.each([
    ['a {red|blue} cat', 'a red cat'],
    ['{{one|two} deep|flat} \\{kept\\|so\\}', 'one deep {kept|so}'],
    ['no // rest\nyes /* not\nthis */ end', 'no \nyes  end'],
    ['{open', 'open'],
    ['shut} {|b}.', 'shut} .'],
  ])('B347: settles %j as %j', (given, settled) => {
    expect(text(given).prompt[1]?.inputs).toEqual({ text: settled });
  });

  it('B347: says that a choice was made, and only then', () => {
    expect(text('{a|b}').notes.join()).toContain('the first one is taken');
    expect(text('{a}').notes).toEqual([]);
  });

  it('B347: fills in names of files: values of other nodes, and for dates what the pod replaces', () => {
    const prefix = '%The Sampler.steps%_%S.sampler%_%nobody.x%_%date:yyyy-MM-dd%_%width%';
    const sampler = node(1, 'Sampler', { values: [1, 'fixed', 33, 'a/b'], properties: { 'Node name for S&R': 'S' } });
    expect(inputs([sampler, node(2, 'SaveImage', { values: [prefix] })])[2]).toEqual({
      filename_prefix: '33_a_b_%nobody.x%_%year%-%month%-%day%_%width%',
    });
  });
});
