import { describe, expect, it } from 'vitest';
import type { Intake } from './intake.ts';
import { readWorkflowText, readWorkflowValue } from './read-workflow-value.ts';

const PROMPT = {
  '1': { class_type: 'EmptyImage', inputs: { width: 8 }, _meta: { title: 'Paper' } },
  '2:7': { class_type: 'SaveImage', inputs: { images: ['1', 0] } },
};
const INNER = 'b0b7ef5d-7a3a-4a0c-9f0e-7c1f9c1f0001';
const EDITOR = {
  version: 0.4,
  nodes: [
    { id: 1, type: 'EmptyImage', pos: [0, 0], size: [1, 1], mode: 0 },
    { id: 2, type: INNER, pos: [0, 0], size: [1, 1], mode: 0 },
  ],
  links: [],
  definitions: { subgraphs: [{ id: INNER, name: 'Save', nodes: [{ id: 7, type: 'SaveImage' }], links: [] }] },
};
const ENTRY = [3, 'abc', PROMPT, { extra_pnginfo: { workflow: EDITOR }, client_id: 'x' }, ['2:7']];

/** What was found, in short. */
function summary(intake: Intake): unknown {
  if (!intake.ok) return intake.message;
  const { editor, prompt, notes } = intake.found;
  return { editor: editor?.nodes.length ?? 0, prompt: Object.keys(prompt ?? {}).length, notes };
}
const refusal = (intake: Intake) => (intake.ok ? 'taken' : intake.message);

describe('a workflow in JSON', () => {
  it.each<[string, unknown, number, number]>([
    ['as the editor saves it', EDITOR, 2, 0],
    ['as the editor saves it in format 1.0', { ...EDITOR, version: 1 }, 2, 0],
    ['the API form', PROMPT, 0, 2],
    ['the body of a submission', { prompt: PROMPT, extra_data: { extra_pnginfo: { workflow: EDITOR } } }, 2, 2],
    ['a body without the editor’s form', { prompt: PROMPT, client_id: 'x', extra_data: {} }, 0, 2],
    ['both side by side', { prompt: PROMPT, workflow: EDITOR }, 2, 2],
    ['both as texts', { prompt: JSON.stringify(PROMPT), workflow: JSON.stringify(EDITOR) }, 2, 2],
    ['a body of Podium', { workflow: PROMPT, name: 'x' }, 0, 2],
    ['what the editor’s export function gives', { output: PROMPT, workflow: EDITOR }, 2, 2],
    ['an entry of a queue', ENTRY, 2, 2],
    ['a queue', { queue_running: [ENTRY], queue_pending: [] }, 2, 2],
    ['an entry of a history', { prompt: ENTRY, outputs: {}, status: {} }, 2, 2],
    ['a history of one prompt', { abc: { prompt: ENTRY, outputs: {} } }, 2, 2],
  ])('B350 is found: %s', (_name, value, editor, prompt) => {
    expect(summary(readWorkflowText(JSON.stringify(value)))).toEqual({ editor, prompt, notes: [] });
    expect(summary(readWorkflowValue(value))).toEqual({ editor, prompt, notes: [] });
  });

  it('B350 is found where Python wrote numbers that JSON lacks, and behind a mark of the byte order', () => {
    const text = '\uFEFF{"1": {"class_type": "A", "inputs": {"x": NaN, "y": [-Infinity]}}}';
    const intake = readWorkflowText(text);
    expect(intake.ok && intake.found.prompt).toEqual({ '1': { class_type: 'A', inputs: { x: null, y: [null] } } });
  });

  it('B350 keeps ids, titles, links and unknown inputs as they are, and the editor’s raw form', () => {
    const both = readWorkflowValue({ prompt: PROMPT, workflow: EDITOR });
    expect(both.ok && both.found.prompt).toEqual(PROMPT);
    expect(both.ok && both.found.editor?.raw).toEqual(EDITOR);
    expect(both.ok && both.found.source).toBe('json');
  });

  it('B350 of several prompts in a queue or history says which one was taken', () => {
    const other = { '9': { class_type: 'Other', inputs: {} } };
    const newest = readWorkflowValue({
      a: { prompt: [0, 'a', other, {}, []] },
      b: { prompt: [1, 'b', PROMPT, {}, []] },
    });
    expect(summary(newest)).toEqual({
      editor: 0,
      prompt: 2,
      notes: ['This is a pod’s history: its newest prompt was taken, the other one was not.'],
    });
    const first = readWorkflowValue({ queue_running: [], queue_pending: [ENTRY, [4, 'b', other, {}, []]] });
    expect(summary(first)).toMatchObject({ prompt: 2, notes: [expect.stringContaining('its first prompt was taken')] });
  });

  it('B350 leaves out what is no node, with a note, and takes a node without inputs', () => {
    const intake = readWorkflowValue({ ...PROMPT, '3': { class_type: 'Bare' }, _comment: 'mine', extra: { a: 1 } });
    expect(summary(intake)).toEqual({
      editor: 0,
      prompt: 3,
      notes: ['Left out of the prompt, as they are no nodes: “_comment”, “extra”.'],
    });
    expect(intake.ok && intake.found.prompt?.['3']).toEqual({ class_type: 'Bare', inputs: {} });
  });
});

describe('both forms of a workflow', () => {
  it('B352 are said not to belong together where the prompt has a node that the workflow has not', () => {
    const other = {
      ...PROMPT,
      '2:8': { class_type: 'SaveImage', inputs: {} },
      '1': { class_type: 'LoadImage', inputs: {} },
    };
    expect(summary(readWorkflowValue({ prompt: other, workflow: EDITOR }))).toMatchObject({
      editor: 2,
      prompt: 3,
      notes: [expect.stringMatching(/has 2 nodes that the workflow does not have \(“1 LoadImage”, “2:8 SaveImage”\)/)],
    });
  });

  it('B352 agree where the editor’s has more, or one of the group nodes of old', () => {
    const old = { nodes: [...EDITOR.nodes, { id: 5, type: 'workflow/Mine' }, { id: 6, type: 'Note' }], links: [] };
    const prompt = { '1': PROMPT['1'], '5:0': { class_type: 'KSampler', inputs: {} } };
    expect(summary(readWorkflowValue({ prompt, workflow: old }))).toMatchObject({ notes: [] });
  });

  it('B352 one that cannot be read is a note where the other can', () => {
    const badEditor = { nodes: [{ id: 1 }], links: [] };
    expect(summary(readWorkflowValue({ prompt: PROMPT, workflow: badEditor }))).toEqual({
      editor: 0,
      prompt: 2,
      notes: [expect.stringContaining('“nodes.0.type” cannot be read')],
    });
    const badPrompt = { '1': { class_type: 3, inputs: {} } };
    expect(summary(readWorkflowValue({ prompt: badPrompt, workflow: EDITOR }))).toEqual({
      editor: 2,
      prompt: 0,
      notes: [
        expect.stringMatching(/^Node “1” of the prompt has no class_type: the ComfyUI that exported it did not know/),
      ],
    });
  });
});

describe('what is no workflow', () => {
  it.each<[string, string, RegExp]>([
    ['nothing', '  \n', /^There is nothing in it\./],
    ['a word', 'hello', /^This is not JSON\./],
    ['a web page', '<!DOCTYPE html><title>502</title>', /^This is a web page/],
    [
      'parameters of A1111',
      'a cat\nNegative prompt: dog\nSteps: 20, Sampler: Euler a, CFG scale: 7',
      /^These are generation parameters of A1111/,
    ],
    ['half a file', '{"1": {"class_type": "A", "inp', /^The JSON is cut off/],
    ['JSON with a mistake', '{"1": {"class_type": "A",, "inputs": {}}}', /^The JSON has a mistake/],
    ['a number', '7', /^This is a single value/],
    ['null', 'null', /^This is a single value/],
    ['a list', '[1, 2, 3]', /^This is a list/],
    ['an empty object', '{}', /^The workflow has no nodes\./],
    ['an empty graph', '{"nodes": [], "links": []}', /^The workflow has no nodes\./],
    [
      'an object_info',
      '{"KSampler": {"input": {"required": {}}, "output": ["LATENT"]}}',
      /node classes \(object_info\)/,
    ],
    ['an idle queue', '{"queue_running": [], "queue_pending": []}', /^This is a pod’s queue, and it is empty/],
    ['templates of Podium', '{"format": "podium-templates", "version": 1, "templates": []}', /Templates page/],
    ['nodes without a class', '{"1": {"inputs": {"a": 1}}}', /none of them has a class_type/],
    [
      'other JSON',
      '{"name": "x", "version": "1", "scripts": {}, "more": 1}',
      /^This is JSON with “name”, “version”, “scripts”/,
    ],
    [
      'a node whose class is no text',
      '{"4": {"class_type": 5, "inputs": {}}}',
      /Node “4” of the prompt has no class_type/,
    ],
    [
      'inputs that are a list',
      '{"4": {"class_type": "A", "inputs": []}}',
      /Node “4” of the prompt has inputs that are no object/,
    ],
    ['an id without an end', `{"${'9'.repeat(300)}": {"class_type": "A", "inputs": {}}}`, /id of no or more than 200/],
    ['a broken graph', '{"nodes": [{"id": {}, "type": "A"}], "links": []}', /“nodes.0.id” cannot be read/],
  ])('B355 is named: %s', (_name, text, sentence) => {
    expect(refusal(readWorkflowText(text))).toMatch(sentence);
  });

  it('B355 is told together with what is accepted', () => {
    expect(refusal(readWorkflowText('hello'))).toMatch(
      /Podium takes a workflow as ComfyUI’s editor saves it, its API form, or/,
    );
  });
});

describe('the bounds of JSON', () => {
  const deep = (levels: number) =>
    `{"1": {"class_type": "A", "inputs": {"x": ${'['.repeat(levels)}${']'.repeat(levels)}}}}`;

  it('B354 a hundred levels are read, one more is not, whoever parsed it', () => {
    expect(readWorkflowText(deep(97)).ok).toBe(true);
    expect(readWorkflowValue(JSON.parse(deep(97))).ok).toBe(true);
    expect(refusal(readWorkflowText(deep(98)))).toMatch(/more than 100 levels/);
    expect(refusal(readWorkflowValue(JSON.parse(deep(98))))).toMatch(/more than 100 levels/);
    expect(
      readWorkflowText(JSON.stringify({ '1': { class_type: 'A', inputs: { text: '['.repeat(500) + '\\"{' } } })).ok,
    ).toBe(true);
  });

  it('B354 text of more than 20 MB is not parsed', () => {
    expect(refusal(readWorkflowText(`{"1": "${'x'.repeat(20 * 1024 * 1024)}"}`))).toMatch(/more than 20 MB/);
  });

  it('B354 millions of lists are refused before they are made', () => {
    expect(refusal(readWorkflowText(`{"1": [${'[],'.repeat(2_000_001)}0]}`))).toMatch(
      /more than 2,000,000 objects and lists/,
    );
    const many = Array.from({ length: 2_000_001 }, () => []);
    expect(refusal(readWorkflowValue({ '1': many }))).toMatch(/more than 2,000,000 objects and lists/);
  });

  it('B354 more than 50,000 nodes are refused with their number', () => {
    const nodes = Array.from({ length: 50_001 }, (_, id) => [`${id}`, { class_type: 'A', inputs: {} }] as const);
    expect(refusal(readWorkflowValue(Object.fromEntries(nodes)))).toMatch(/has 50001 nodes; at most 50000/);
    const graph = nodes.map(([id]) => ({ id, type: 'A' }));
    expect(refusal(readWorkflowValue({ nodes: graph, links: [] }))).toMatch(/50000|50001/);
  });
});
