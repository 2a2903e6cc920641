import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { readHistoryEntry } from './prompt-end.ts';

const prompt: Prompt = {
  '3': { class_type: 'SaveImage', inputs: {} },
  '5': { class_type: 'PreviewImage', inputs: {}, _meta: { title: 'Look' } },
};
const outputs = { '3': { images: [{ filename: 'a.png', subfolder: '', type: 'output' }] } };
const made = [{ nodeId: '3', kind: 'file', filename: 'a.png', subfolder: '', type: 'output' }];
const status = (status_str: string, ...messages: unknown[]) => ({
  status_str,
  completed: status_str === 'success',
  messages: [['execution_start', { prompt_id: 'p' }], ...messages],
});
const failure = [
  'execution_error',
  { node_id: '3', node_type: 'SaveImage', exception_type: 'ValueError', exception_message: 'too wide' },
];

describe('how a prompt ended', () => {
  it('B23 success', () => {
    expect(readHistoryEntry({ outputs, status: status('success') })).toEqual({
      kind: 'succeeded',
      outputs: made,
      warnings: [],
    });
  });

  it('B23 an error whose last word is an interrupt is a cancel', () => {
    const interrupted = ['execution_interrupted', { node_id: '3' }];
    expect(readHistoryEntry({ outputs, status: status('error', interrupted) })).toEqual({ kind: 'interrupted' });
    expect(readHistoryEntry({ outputs: {}, status: status('error', failure, interrupted) })?.kind).toBe('interrupted');
  });

  it('B24 a failure keeps what was made before', () => {
    expect(readHistoryEntry({ outputs, status: status('error', failure) }, prompt)).toMatchObject({
      kind: 'failed',
      outputs: made,
      error: { code: 'node_failed', message: '“SaveImage” (node 3) failed: too wide.' },
    });
  });

  it('B23 an error without a word is a failure still', () => {
    expect(readHistoryEntry({ status: { status_str: 'error' } })).toMatchObject({
      kind: 'failed',
      error: { code: 'unknown_failure' },
    });
  });

  it('B23 a pod that writes no status is judged by its outputs', () => {
    expect(readHistoryEntry({ outputs, status: null })).toEqual({ kind: 'succeeded', outputs: made, warnings: [] });
    expect(readHistoryEntry({ outputs: {}, status: null })).toBeUndefined();
    expect(readHistoryEntry({ outputs, status: { status_str: null, completed: true } })?.kind).toBe('succeeded');
  });

  it('B26 a node held back is a warning of a success', () => {
    const blocked = [
      'execution_error',
      { node_id: '5', exception_type: 'ExecutionBlocked', exception_message: 'Execution Blocked: not now' },
    ];
    expect(readHistoryEntry({ outputs, status: status('success', blocked) }, prompt)).toEqual({
      kind: 'succeeded',
      outputs: made,
      warnings: ['“Look” (node 5) was held back by the workflow: not now.'],
    });
  });

  it('B26 an output node that was to run and made nothing is a warning, one left out at acceptance is not again', () => {
    const entry = (toRun: string[]) => ({ prompt: [1, 'p', {}, {}, toRun], outputs, status: status('success') });
    expect(readHistoryEntry(entry(['3', '5']), prompt)).toMatchObject({
      warnings: ['“Look” (node 5) made no output.'],
    });
    expect(readHistoryEntry(entry(['3']), prompt)).toMatchObject({ warnings: [] });
  });

  it('B23 what is no history entry says nothing, and no value breaks the reader', () => {
    for (const value of [undefined, null, 'x', [], { outputs: 3 }, { status: 'success' }])
      expect(readHistoryEntry(value)).toBeUndefined();
    const entry = fc.record({
      prompt: fc.jsonValue(),
      outputs: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue()),
      status: fc.record({
        status_str: fc.constantFrom('success', 'error', 'x', null),
        messages: fc.array(fc.oneof(fc.jsonValue(), fc.tuple(fc.constant('execution_error'), fc.jsonValue()))),
      }),
    });
    fc.assert(
      fc.property(entry, (value) => {
        const end = readHistoryEntry(value, prompt);
        expect([undefined, 'succeeded', 'failed', 'interrupted']).toContain(end?.kind);
      }),
      { numRuns: 500 },
    );
  });
});
