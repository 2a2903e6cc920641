import { describe, expect, it } from 'vitest';
import { readCatalog } from '../catalog/node-catalog.ts';
import type { Prompt } from '../prompt.ts';
import { preflight, type PreflightOptions } from './preflight.ts';

const info = {
  Picture: { input: { required: { width: ['INT', { min: 1, max: 100 }] } }, output: ['IMAGE'] },
  Turn: { input: { required: { image: ['IMAGE'] } }, output: ['IMAGE'] },
  Mix: { input: { required: { a: ['IMAGE'], b: ['IMAGE,MASK'] } }, output: ['IMAGE', 'MASK'] },
  Any: { input: { required: { it: ['*'] } }, output: ['*'] },
  Show: { input: { required: { images: ['IMAGE'] } }, output: [], output_node: true },
  Garbled: 7,
};
const catalog = readCatalog(info);
const node = (class_type: string, inputs: Record<string, unknown> = {}): Prompt[string] => ({ class_type, inputs });
const picture = (width: unknown = 16) => node('Picture', { width });
const turn = (from: string) => node('Turn', { image: [from, 0] });
const show = (from: string, slot: unknown = 0) => node('Show', { images: [from, slot] });

function judged(prompt: Prompt, options?: PreflightOptions) {
  const { runs, partly, problems } = preflight(prompt, catalog, options);
  const wrong = problems.map(({ code, nodeId, input }) => [nodeId, code, input].filter(Boolean).join(' '));
  return { verdict: runs ? 'runs' : partly ? 'partly' : 'cannot', wrong };
}

describe('a prompt as a whole', () => {
  it.each<[string, Prompt, string, string[]]>([
    ['a sound one', { 1: picture(), 2: turn('1'), 3: show('2') }, 'runs', []],
    ['no node at all', {}, 'cannot', ['prompt_no_outputs']],
    ['no output', { 1: picture() }, 'cannot', ['prompt_no_outputs']],
    ['a broken node that no output needs', { 1: picture(), 2: picture('x'), 3: show('1') }, 'runs', []],
    ['a broken output', { 1: picture('x'), 2: show('1') }, 'cannot', ['1 invalid_input_type width']],
    [
      'one broken output of two',
      { 1: picture(), 2: show('1'), 3: picture(0), 4: show('3') },
      'partly',
      ['3 value_smaller_than_min width'],
    ],
    [
      'two outputs broken by one node',
      { 1: picture(101), 2: show('1'), 3: show('1') },
      'cannot',
      ['1 value_bigger_than_max width'],
    ],
    [
      'nothing looked at behind a link of the wrong type',
      { 1: picture('x'), 2: node('Mix', { a: ['1', 0], b: ['1', 0] }), 3: show('2', 1) },
      'cannot',
      ['3 return_type_mismatch images'],
    ],
    ['a class that it describes in no way we read', { 1: node('Garbled', { a: 1 }) }, 'runs', []],
    ['a link to such a class', { 1: node('Garbled'), 2: show('1', 5) }, 'runs', []],
  ])('B370 with %s', (_title, prompt, verdict, wrong) => {
    expect(judged(prompt)).toEqual({ verdict, wrong });
  });

  it('B371 with a class that the pod lacks is refused, and the rest of it is judged too', () => {
    const prompt = { 1: picture('x'), 2: node('Absent', { image: ['1', 0] }), 3: picture(), 4: show('3') };
    expect(judged(prompt)).toEqual({
      verdict: 'cannot',
      wrong: ['2 missing_node_type', '1 invalid_input_type width'],
    });
    expect(judged({ 1: picture(), 2: node('constructor'), 3: show('1') }).wrong).toEqual(['2 missing_node_type']);
    expect(judged({ 1: node('Absent') }).wrong).toEqual(['1 missing_node_type']);
  });

  it('B371 names the pack of a class that the pod lacks where it is known', () => {
    const prompt = { 1: { ...node('Absent'), _meta: { title: 'My node' } } };
    const [named] = preflight(prompt, catalog, { packs: new Map([['Absent', 'comfyui-absent']]) }).problems;
    expect(named).toEqual({
      code: 'missing_node_type',
      message:
        'This pod does not have the node class “Absent” of “My node” (node 1); install the node pack “comfyui-absent”.',
      nodeId: '1',
      classType: 'Absent',
      pack: 'comfyui-absent',
      missing: { kind: 'node_type', name: 'Absent', nodeId: '1', classType: 'Absent', folder: 'custom_nodes' },
    });
    const [unnamed] = preflight({ 1: node('Absent') }, catalog).problems;
    expect(unnamed?.message).toBe(
      'This pod does not have the node class “Absent” (node 1); install the node pack that it comes from.',
    );
  });
});

describe('loops of links', () => {
  it.each<[string, Prompt, string, string[]]>([
    ['a node linked to itself', { 1: turn('1'), 2: show('1') }, 'cannot', ['1']],
    [
      'three in a ring',
      { 1: turn('3'), 2: turn('1'), 3: turn('2'), 4: turn('2'), 5: show('4') },
      'cannot',
      ['1', '2', '3'],
    ],
    ['one beside a sound output', { 1: turn('1'), 2: show('1'), 3: picture(), 4: show('3') }, 'partly', ['1']],
    ['one that no output needs', { 1: turn('2'), 2: turn('1'), 3: picture(), 4: show('3') }, 'runs', []],
    [
      'one with a sound node before it',
      { 1: picture(), 2: node('Mix', { a: ['1', 0], b: ['3', 0] }), 3: turn('2'), 4: show('3') },
      'cannot',
      ['2', '3'],
    ],
  ])('B376 with %s', (_title, prompt, verdict, inLoop) => {
    expect(judged(prompt)).toEqual({ verdict, wrong: inLoop.map((id) => `${id} dependency_cycle`) });
  });
});

describe('a link', () => {
  const mix = (b: unknown): Prompt => ({
    1: picture(),
    2: node('Mix', { a: ['1', 0], b: ['1', 0] }),
    3: node('Mix', { a: ['2', 0], b }),
    4: show('3'),
  });
  it.each<[string, unknown, string | undefined]>([
    ['to an output of the type', ['1', 0], undefined],
    ['to one of several types', ['2', 1], undefined],
    ['counted from the end', ['2', -2], undefined],
    ['to true', ['2', true], undefined],
    ['too far', ['1', 1], 'bad_linked_input'],
    ['too far from the end', ['1', -2], 'bad_linked_input'],
    ['to half a slot', ['1', 0.5], 'bad_linked_input'],
    ['to a name', ['1', 'IMAGE'], 'bad_linked_input'],
    ['to no node', ['9', 0], 'bad_linked_input'],
    ['to a property of objects', ['toString', 0], 'bad_linked_input'],
    ['by a number', [1, 0], 'bad_linked_input'],
    ['with nothing in it', [], 'bad_linked_input'],
    ['with too much in it', ['1', 0, 0], 'bad_linked_input'],
    ['that is a group', [{}, {}], 'bad_linked_input'],
  ])('B373 %s is found %j: %s', (_title, link, code) => {
    expect(judged(mix(link)).wrong).toEqual(code === undefined ? [] : [`3 ${code} b`]);
  });

  it('B370 of any type goes with any other', () => {
    const prompt = { 1: picture(), 2: node('Any', { it: ['1', 0] }), 3: show('2') };
    expect(judged(prompt)).toEqual({ verdict: 'runs', wrong: [] });
    const [problem] = preflight(
      { 1: picture(), 2: node('Mix', { a: ['1', 0], b: ['1', 0] }), 3: show('2', 1) },
      catalog,
    ).problems;
    expect(problem?.message).toBe(
      'The input images of “Show” (node 3) takes IMAGE, but is linked to MASK of “Mix” (node 2); link it to an output of its own type.',
    );
  });
});
