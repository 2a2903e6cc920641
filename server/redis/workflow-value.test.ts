import { describe, expect, it } from 'vitest';
import { splitWorkflow, workflowValue } from './workflow-value.ts';

const node = (text: string) => ({ class_type: 'CLIPTextEncode', inputs: { text } });
const large = Object.fromEntries(
  Array.from({ length: 200 }, (_, index) => [String(index), node(`ein Fuchs 🦊 im Wald, Blatt ${index}`)]),
);

describe('a workflow in Redis', () => {
  it.each([
    ['small', { prompt: { '1': node('fox\n"quoted"') } }],
    ['small with its saved form', { prompt: { '1': node('fox') }, workflow: { nodes: [1, null, 'ü\n'] } }],
    ['large', { prompt: large }],
    ['large with its saved form', { prompt: large, workflow: { nodes: Object.values(large), extra: null } }],
  ])('B200 comes back as it was: %s', async (_, workflow) => {
    const claim = { key: 'key "1"\n', bodyHash: 'h' };
    expect(splitWorkflow(await workflowValue(workflow, undefined))).toEqual({ workflow });
    expect(splitWorkflow(await workflowValue(workflow, claim))).toEqual({ workflow, key: claim.key });
  });

  it('B213 takes a fraction of its text where it is large', async () => {
    const value = await workflowValue({ prompt: large }, undefined);
    expect(value.length).toBeLessThan(JSON.stringify(large).length / 4);
  });

  it.each(['', '\n', '\nzAAAA', '\nz!', 'x', '\n{"half', '\n[1]'])('B200 is none where it is damaged: %j', (value) => {
    expect(splitWorkflow(value)).toBeUndefined();
  });
});
