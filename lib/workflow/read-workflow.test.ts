import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWorkflow } from './read-workflow.ts';

const prompt = { '1': { class_type: 'EmptyImage', inputs: { width: 64 } } };
const told = (value: unknown) => {
  const read = readWorkflow(typeof value === 'string' ? value : JSON.stringify(value));
  return read.ok ? 'a prompt' : read.message;
};

describe('a pasted workflow', () => {
  it('in API form is a prompt, also inside {prompt}', () => {
    expect(readWorkflow(JSON.stringify(prompt))).toEqual({ ok: true, prompt });
    expect(readWorkflow(JSON.stringify({ prompt, client_id: 'x' }))).toEqual({ ok: true, prompt });
  });

  it.each<[string, unknown, RegExp]>([
    ['no JSON', 'hello', /not JSON/],
    ['half a file', '{"1": {', /not JSON/],
    ['a list', [prompt], /JSON object of nodes/],
    ['nothing', {}, /no nodes/],
    ['the graph of the editor', { nodes: [], links: [] }, /Export \(API\)/],
    ['a node without a class', { '7': { inputs: {} } }, /Node “7”/],
    ['a node without inputs', { ...prompt, '8': { class_type: 'X' } }, /Node “8”/],
  ])('that is %s is told so', (_title, value, message) => {
    expect(told(value)).toMatch(message);
  });

  it('no text breaks the reader', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.object().map((value) => JSON.stringify({ prompt: value })),
        ),
        (text) => {
          const read = readWorkflow(text);
          expect(read.ok ? Object.keys(read.prompt).length > 0 : read.message.endsWith('.')).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});
