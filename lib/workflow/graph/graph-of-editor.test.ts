import { describe, expect, it } from 'vitest';
import { readCatalog } from '../catalog/node-catalog.ts';
import { convertWorkflow } from '../convert/convert-workflow.ts';
import { goldenObjectInfo, goldenPairs } from '../../../tests/support/golden.ts';
import { readEditorWorkflow } from '../editor/editor-workflow.ts';
import { formOf } from '../form/form-of.ts';
import { fieldOfWidget } from './display-graph.ts';
import { graphOfEditor } from './graph-of-editor.ts';
import { shortValue } from './short-value.ts';

const catalog = readCatalog({
  Sampler: {
    input: { required: { model: ['MODEL'], seed: ['INT', {}], steps: ['INT', {}], text: ['STRING', {}] } },
    output: ['LATENT'],
    display_name: 'The Sampler',
  },
  Model: { input: { required: { name: [['m'], {}] } }, output: ['MODEL'] },
});
const place = { pos: [10, 20], size: [200, 100] };
const file = {
  nodes: [
    { id: 1, type: 'Model', ...place, outputs: [{ name: 'MODEL', type: 'MODEL' }], widgets_values: ['m'] },
    {
      id: 2,
      type: 'Reroute',
      ...place,
      inputs: [{ name: '', type: '*', link: 1 }],
      outputs: [{ name: '', type: 'MODEL' }],
    },
    {
      ...{ id: 3, type: 'Sampler', pos: { 0: 1, 1: 2 }, size: [2, 9e9], mode: 4, flags: { collapsed: true } },
      ...{ title: 'Mine', color: '#232', bgcolor: 'url(https://evil.example)' },
      inputs: [
        { name: 'model', type: 'MODEL', link: 2 },
        { name: 'steps', type: 'INT', link: 77, widget: { name: 'steps' } },
        { name: 'seed', type: 'INT', link: 5, widget: { name: 'seed' } },
        { name: 'text', type: 'STRING', link: null, widget: { name: 'text' }, label: 'Say' },
      ],
      outputs: [{ name: 'LATENT', type: 'LATENT' }],
      widgets_values: [5, 'randomize', 30, 'x'.repeat(300)],
    },
    { id: 4, type: 'MarkdownNote', ...place, mode: 2, widgets_values: ['**hi**'] },
    { id: 5, type: 'sub', ...place, inputs: [{ name: 'a', type: 'MODEL', link: 3 }], outputs: [], widgets_values: [8] },
    {
      id: 6,
      type: 'Mystery',
      ...place,
      inputs: [{ name: 'in', type: 'LATENT', link: 4 }],
      widgets_values: [1, { b: 2 }],
    },
  ],
  links: [
    [1, 1, 0, 2, 0, 'MODEL'],
    [2, 2, 0, 3, 0, 'MODEL'],
    [3, 1, 0, 5, 0, 'MODEL'],
    [4, 3, 0, 6, 0, 'LATENT'],
    [5, 2, 0, 3, 2, 'INT'],
  ],
  groups: [
    { title: 'G', bounding: [0, 1, 2, 3], color: '#3f789e' },
    { title: 'H', bounding: [0, 1, 2, 3], color: 'red' },
  ],
  definitions: {
    subgraphs: [
      {
        ...{ id: 'sub', name: 'A subgraph' },
        nodes: [
          {
            ...{ id: 9, type: 'Sampler', widgets_values: [1, 'fixed', 2, 't'] },
            inputs: [
              { name: 'model', type: 'MODEL', link: 1 },
              { name: 'steps', type: 'INT', link: 2, widget: { name: 'steps' } },
            ],
          },
        ],
        links: [
          { id: 1, origin_id: -10, origin_slot: 0, target_id: 9, target_slot: 0, type: 'MODEL' },
          { id: 2, origin_id: -10, origin_slot: 1, target_id: 9, target_slot: 1, type: 'INT' },
        ],
        inputs: [
          { name: 'a', type: 'MODEL' },
          { name: 'n', type: 'INT', label: 'Count' },
        ],
        outputs: [],
      },
    ],
  },
};

function workflow() {
  const read = readEditorWorkflow(file);
  if (!read.ok) throw new Error(read.message);
  return read.workflow;
}

describe('graph of what the editor saved', () => {
  const { nodes, links, groups } = graphOfEditor(workflow(), catalog);
  const at = (id: string) => nodes.find((node) => node.id === id);

  it('B348: has the file’s places, titles and modes, and sizes within bounds', () => {
    expect(at('1')).toMatchObject({
      x: 10,
      y: 20,
      width: 200,
      height: 100,
      title: 'Model',
      mode: 'normal',
      kind: 'node',
    });
    expect(at('3')).toMatchObject({
      x: 1,
      y: 2,
      width: 2,
      height: 20_000,
      title: 'Mine',
      mode: 'bypassed',
      collapsed: true,
    });
    expect(at('2')).toMatchObject({ kind: 'reroute' });
    expect(at('4')).toMatchObject({ kind: 'note', text: '**hi**', mode: 'muted', widgets: [] });
  });

  it('B348: takes a colour from the file only where it is a plain one', () => {
    expect(at('3')?.color).toBe('#232');
    expect(at('3')).not.toHaveProperty('background');
    expect(groups).toEqual([
      { title: 'G', x: 0, y: 1, width: 2, height: 3, color: '#3f789e' },
      { title: 'H', x: 0, y: 1, width: 2, height: 3 },
    ]);
  });

  it('B348: shows widgets with short values under their labels, but none that a link has taken over', () => {
    expect(at('3')?.widgets).toEqual([
      { name: 'steps', value: '30' },
      { name: 'Say', value: `${'x'.repeat(199)}…`, field: '3/text' },
    ]);
    expect(at('3')?.inputs).toEqual([
      { name: 'model', type: 'MODEL', linked: true },
      { name: 'seed', type: 'INT', linked: true },
    ]);
    expect(at('6')?.widgets).toEqual([
      { name: '', value: '1' },
      { name: '', value: '{"b":2}' },
    ]);
  });

  it('B348: shows a subgraph as one node, with the widgets on its face', () => {
    expect(at('5')).toMatchObject({
      ...{ kind: 'subgraph', title: 'A subgraph', widgets: [{ name: 'Count', value: '8', field: '5:9/steps' }] },
      inputs: [{ name: 'a', type: 'MODEL', linked: true }],
    });
  });

  it('B348: links slots that are shown, between nodes that are there', () => {
    expect(links).toEqual([
      { id: '1', from: '1', fromSlot: 0, to: '2', toSlot: 0, type: 'MODEL' },
      { id: '2', from: '2', fromSlot: 0, to: '3', toSlot: 0, type: 'MODEL' },
      { id: '5', from: '2', fromSlot: 0, to: '3', toSlot: 1, type: 'INT' },
      { id: '3', from: '1', fromSlot: 0, to: '5', toSlot: 0, type: 'MODEL' },
      { id: '4', from: '3', fromSlot: 0, to: '6', toSlot: 0, type: 'LATENT' },
    ]);
    expect(at('1')?.outputs).toEqual([{ name: 'MODEL', type: 'MODEL', linked: true }]);
  });

  it('B348: names nodes as the prompt does, a node inside of a subgraph by what stands before the colon', () => {
    const ids = new Set(nodes.map(({ id }) => id));
    const inPrompt = Object.keys(convertWorkflow(workflow(), catalog).prompt).toSorted();
    expect(inPrompt).toEqual(['1', '5:9', '6']);
    for (const id of inPrompt) expect(ids.has(id.split(':')[0] ?? '')).toBe(true);
  });

  it('B348: is drawn without a catalog too', () => {
    const plain = graphOfEditor(workflow());
    const joined = (all: typeof links) => all.map(({ id, from, to }) => [id, from, to]);
    expect(joined(plain.links)).toEqual(joined(links));
    expect(plain.nodes.find(({ id }) => id === '1')).toMatchObject({
      title: 'Model',
      widgets: [{ name: '', value: 'm' }],
    });
  });
});

describe('fields behind drawn values', () => {
  const valuesOf = (saved: unknown, known = catalog) => {
    const read = readEditorWorkflow(saved);
    if (!read.ok) throw new Error(read.message);
    return graphOfEditor(read.workflow, known).nodes.flatMap((node) =>
      node.widgets.map((widget) => [fieldOfWidget(node, widget), widget.value]),
    );
  };

  it('B460 are those that a primitive sets, and those inside of a subgraph, however deep', () => {
    const input = (name: string, link: number | null) => ({ name, type: 'INT', link, widget: { name } });
    const within = (id: string, inner: object) => ({
      ...{ id, name: id, outputs: [], inputs: [{ name: 'count', type: 'INT' }] },
      nodes: [inner],
      links: [{ id: 1, origin_id: -10, origin_slot: 0, target_id: 9, target_slot: 0, type: 'INT' }],
    });
    const nested = {
      nodes: [
        {
          id: 1,
          type: 'PrimitiveNode',
          ...place,
          outputs: [{ name: 'INT', type: 'INT' }],
          widgets_values: [7, 'fixed'],
        },
        { id: 2, type: 'Sampler', ...place, inputs: [input('steps', 1)], widgets_values: [1, 'fixed', 2, 't'] },
        { id: 3, type: 'outer', ...place, inputs: [input('count', null)], outputs: [], widgets_values: [8] },
        { id: 4, type: 'inner', ...place, properties: { proxyWidgets: [['9', 'seed']] } },
      ],
      links: [[1, 1, 0, 2, 0, 'INT']],
      definitions: {
        subgraphs: [
          within('outer', { id: 9, type: 'inner', inputs: [input('count', 1)], widgets_values: [8] }),
          within('inner', {
            id: 9,
            type: 'Sampler',
            inputs: [input('steps', 1)],
            widgets_values: [1, 'fixed', 8, 't'],
          }),
        ],
      },
    };
    const fields = Object.fromEntries(valuesOf(nested));
    expect(fields).toMatchObject({ '2/steps': '7', '2/seed': '1', '2/text': 't', '3:9:9/steps': '8', '4:9/seed': '1' });
  });

  it('B460 have the value that is drawn, in every published workflow', () => {
    const known = readCatalog(JSON.parse(goldenObjectInfo()));
    let drawn = 0;
    for (const { ui } of goldenPairs()) {
      const read = readEditorWorkflow(JSON.parse(ui));
      if (!read.ok) continue;
      const form = formOf(convertWorkflow(read.workflow, known).prompt, known, read.workflow);
      const byKey = new Map(form.map((field) => [field.key, shortValue(field.value)]));
      for (const [field = '', value] of valuesOf(JSON.parse(ui), known)) {
        if (!byKey.has(field)) continue;
        drawn += 1;
        expect(value, field).toBe(byKey.get(field));
      }
    }
    expect(drawn).toBeGreaterThan(4000);
  });
});

describe('group nodes in the graph', () => {
  const classes = readCatalog({
    Blend: { input: { required: { image: ['IMAGE'], seed: ['INT', {}], strength: ['FLOAT', {}] } }, output: ['IMAGE'] },
  });
  const inner = { type: 'Blend', inputs: [{ name: 'image', type: 'IMAGE' }] };
  const read = readEditorWorkflow({
    nodes: [{ id: 2, type: 'workflow/Two', widgets_values: [7, 'fixed', 0.5, 8, 'fixed', 0.6] }],
    extra: {
      groupNodes: {
        Two: {
          nodes: [inner, { ...inner, title: 'Second' }],
          links: [[0, 0, 1, 0, 1, 'IMAGE']],
          config: { 0: { input: { strength: { visible: false } } } },
        },
      },
    },
  });
  if (!read.ok) throw new Error(read.message);

  it('B451: are one node each, with the values on their face that nobody hid, by the fields that these are', () => {
    const { nodes: drawn } = graphOfEditor(read.workflow, classes);
    expect(drawn).toHaveLength(1);
    expect(drawn[0]).toMatchObject({
      ...{ id: '2', kind: 'subgraph', title: 'Two' },
      inputs: [{ name: 'image', type: 'IMAGE', linked: false }],
      outputs: [{ name: 'IMAGE', type: 'IMAGE', linked: false }],
      widgets: [
        { name: 'seed', value: '7', field: '2:0/seed' },
        { name: 'Second seed', value: '8', field: '2:1/seed' },
        { name: 'Second strength', value: '0.6', field: '2:1/strength' },
      ],
    });
  });

  it('B451: are shown as holding others without a catalog too', () => {
    expect(graphOfEditor(read.workflow).nodes[0]).toMatchObject({ id: '2', kind: 'subgraph', title: 'Two' });
  });
});
