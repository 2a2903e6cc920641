import { describe, expect, it } from 'vitest';
import { readCatalog } from '../catalog/node-catalog.ts';
import type { Prompt } from '../prompt.ts';
import { graphOfPrompt } from './graph-of-prompt.ts';

const prompt: Prompt = {
  '1': { class_type: 'Load', inputs: { image: 'a.png' } },
  '12:34': {
    class_type: 'Blend',
    inputs: { amount: 0.5, mask: ['1', 1], image: ['1', 0], list: { __value__: [1, 2] }, lost: ['9', 0] },
    _meta: { title: 'Mix' },
  },
};

describe('graph of a prompt', () => {
  it('B349: has a node for each of the prompt’s under its own id, without places', () => {
    const { nodes, links, groups } = graphOfPrompt(prompt);
    expect(groups).toEqual([]);
    expect(nodes).toEqual([
      {
        ...{ id: '1', title: 'Load', classType: 'Load', mode: 'normal', collapsed: false, kind: 'node', inputs: [] },
        outputs: [
          { name: '', type: '*', linked: true },
          { name: '', type: '*', linked: true },
        ],
        widgets: [{ name: 'image', value: 'a.png' }],
      },
      {
        ...{
          id: '12:34',
          title: 'Mix',
          classType: 'Blend',
          mode: 'normal',
          collapsed: false,
          kind: 'node',
          outputs: [],
        },
        inputs: [
          { name: 'mask', type: '*', linked: true },
          { name: 'image', type: '*', linked: true },
          { name: 'lost', type: '*', linked: false },
        ],
        widgets: [
          { name: 'amount', value: '0.5' },
          { name: 'list', value: '[1,2]' },
        ],
      },
    ]);
    expect(links.map(({ id, fromSlot, toSlot }) => [id, fromSlot, toSlot])).toEqual([
      ['12:34/mask', 1, 0],
      ['12:34/image', 0, 1],
    ]);
  });

  it('B349: has names, types and order of slots from the node classes of a pod', () => {
    const catalog = readCatalog({
      Load: {
        input: { required: { image: [['a.png'], {}] } },
        output: ['IMAGE', 'MASK'],
        output_name: ['Picture', 'Mask'],
      },
      Blend: {
        input: { required: { image: ['IMAGE'], amount: ['FLOAT'] }, optional: { mask: ['MASK'], more: ['IMAGE'] } },
      },
    });
    const { nodes, links } = graphOfPrompt(prompt, catalog);
    expect(nodes[0]?.outputs.map(({ name, type }) => [name, type])).toEqual([
      ['Picture', 'IMAGE'],
      ['Mask', 'MASK'],
    ]);
    expect(nodes[1]?.inputs.map(({ name, linked }) => [name, linked])).toEqual([
      ['image', true],
      ['mask', true],
      ['more', false],
      ['lost', false],
    ]);
    expect(links.map(({ type, toSlot }) => [type, toSlot])).toEqual([
      ['IMAGE', 0],
      ['MASK', 1],
    ]);
  });

  it('B349: is bounded where a link names an output that no node has', () => {
    const { nodes, links } = graphOfPrompt({
      '1': { class_type: 'A', inputs: {} },
      '2': { class_type: 'B', inputs: { a: ['1', 1e9], b: ['1', -1], c: ['1', 0.5] } },
    });
    expect(nodes[0]?.outputs).toEqual([]);
    expect(links).toEqual([]);
  });
});
