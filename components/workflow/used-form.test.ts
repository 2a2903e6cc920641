import { describe, expect, it } from 'vitest';
import { readWorkflowValue } from '../../lib/workflow/intake/read-workflow-value.ts';
import { askedBody, firstForm } from './used-form.ts';
import type { Loaded } from './use-intake.ts';

const editor = { nodes: [{ id: 1, type: 'SaveImage', inputs: [], outputs: [] }], links: [], version: 0.4 };
const prompt = (classType: string) => ({ '1': { class_type: classType, inputs: {} } });
function loaded(value: unknown, kept?: true): Loaded {
  const intake = readWorkflowValue(value);
  if (!intake.ok) throw new Error(intake.message);
  return { id: 1, from: 'a file', remembers: false, found: intake.found, ...(kept && { kept }) };
}

describe('a workflow of two forms', () => {
  it('B429 runs as its prompt says where both are of one moment or Podium kept them, else as the editor has it', () => {
    expect(firstForm(loaded({ prompt: prompt('SaveImage'), workflow: editor }))).toBe('both');
    expect(firstForm(loaded({ prompt: prompt('EmptyImage'), workflow: editor }))).toBe('editor');
    expect(firstForm(loaded({ prompt: prompt('EmptyImage'), workflow: editor }, true))).toBe('both');
    expect(firstForm(loaded(editor))).toBe('editor');
    expect(firstForm(loaded(prompt('EmptyImage')))).toBe('prompt');
  });

  it('B429 is asked about as it was brought, and once edited as it is now, its saved form beside it', () => {
    const { found } = loaded({ prompt: prompt('EmptyImage'), workflow: editor });
    expect(askedBody(undefined, 'editor', found)).toEqual({ workflow: editor });
    expect(askedBody(undefined, 'prompt', found)).toEqual({ prompt: prompt('EmptyImage') });
    expect(askedBody(undefined, 'both', found)).toEqual({ prompt: prompt('EmptyImage'), workflow: editor });
    const edited = prompt('Other');
    expect(askedBody(edited, 'editor', found)).toEqual({ prompt: edited, workflow: editor });
    expect(askedBody(edited, 'prompt', found)).toEqual({ prompt: edited });
    const large = Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [String(at), edited['1']]));
    expect(askedBody(large, 'both', found)).toEqual({ prompt: large });
  });
});
