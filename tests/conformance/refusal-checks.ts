import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import type { ConformancePod } from './conformance-pod.ts';
import { quickPrompt } from './core-prompts.ts';

const refusal = z.object({
  error: z.object({ type: z.string(), message: z.string(), details: z.string() }),
  node_errors: z
    .union([
      z.record(
        z.string(),
        z.object({
          class_type: z.string(),
          dependent_outputs: z.array(z.string()),
          errors: z.array(z.looseObject({ type: z.string(), message: z.string(), details: z.string() })),
        }),
      ),
      z.array(z.unknown()).max(0),
    ])
    .transform((errors) => (Array.isArray(errors) ? {} : errors)),
});

function changed(node: string, inputs: Record<string, unknown>, classType?: string): Prompt {
  const prompt = quickPrompt();
  const old = prompt[node];
  if (!old) throw new Error(`no node ${node}`);
  prompt[node] = { class_type: classType ?? old.class_type, inputs: { ...old.inputs, ...inputs } };
  return prompt;
}

const without = (node: string, input: string): Prompt => {
  const prompt = quickPrompt();
  delete prompt[node]?.inputs[input];
  return prompt;
};

/** `nodes`: which node is blamed with which error; undefined where ComfyUI blames none. */
const REFUSALS: { what: string; prompt: Prompt; type: RegExp; nodes?: Record<string, string> }[] = [
  {
    what: 'a value out of range',
    prompt: changed('1', { width: 999_999 }),
    type: /^prompt_outputs_failed_validation$/,
    nodes: { '1': 'value_bigger_than_max' },
  },
  {
    what: 'a value of the wrong type',
    prompt: changed('1', { width: 'wide' }),
    type: /^prompt_outputs_failed_validation$/,
    nodes: { '1': 'invalid_input_type' },
  },
  {
    what: 'a choice that is none',
    prompt: changed('2', { upscale_method: 'magic' }),
    type: /^prompt_outputs_failed_validation$/,
    nodes: { '2': 'value_not_in_list' },
  },
  {
    what: 'a missing input',
    prompt: without('1', 'width'),
    type: /^prompt_outputs_failed_validation$/,
    nodes: { '1': 'required_input_missing' },
  },
  {
    what: 'a file that is not there',
    prompt: {
      '1': { class_type: 'LoadImage', inputs: { image: 'no-such.png' } },
      '9': changed('9', {})['9'] as Prompt[string],
    },
    type: /^prompt_outputs_failed_validation$/,
  },
  { what: 'an unknown class', prompt: changed('2', {}, 'NoSuchNode'), type: /^(invalid_prompt|missing_node_type)$/ },
  { what: 'no output node', prompt: { '1': quickPrompt()['1'] as Prompt[string] }, type: /^prompt_no_outputs$/ },
  { what: 'an empty prompt', prompt: {}, type: /^prompt_no_outputs$/ },
];

/** What a pod takes and what it refuses. */
export function checkRefusals(pod: ConformancePod): void {
  const { caller } = pod;

  it.each(REFUSALS)('B115 refuses $what with 400, its type and the node', async ({ prompt, type, nodes }) => {
    const id = randomUUID();
    const answer = await caller.post(prompt, { prompt_id: id });
    expect(answer.status).toBe(400);
    const body = refusal.parse(answer.json);
    expect(body.error.type).toMatch(type);
    for (const [node, error] of Object.entries(nodes ?? {})) {
      expect(body.node_errors[node]?.errors.map((one) => one.type)).toContain(error);
      expect(body.node_errors[node]?.dependent_outputs).toEqual(['9']);
    }
    const { running, pending } = await caller.queue();
    expect([...running, ...pending]).not.toContain(id);
  });

  it('B115 refuses a body without a prompt, and fails on one that is not JSON', async () => {
    const answer = await caller.call('POST', '/prompt', { client_id: 'x' });
    expect([answer.status, refusal.parse(answer.json).error.type]).toEqual([400, 'no_prompt']);
    expect((await caller.call('POST', '/prompt', 'this is not json')).status).toBe(500);
  });

  it('B115 takes a prompt with one bad output, names it and runs the rest', async () => {
    const bad: Prompt = {
      '5': { class_type: 'LoadImage', inputs: { image: 'no-such.png' } },
      '6': { class_type: 'SaveImage', inputs: { images: ['5', 0], filename_prefix: 'podium-conformance' } },
    };
    const id = randomUUID();
    const answer = await caller.post({ ...quickPrompt(), ...bad }, { prompt_id: id });
    expect(answer.status).toBe(200);
    const { node_errors } = z.object({ node_errors: z.record(z.string(), z.unknown()) }).parse(answer.json);
    expect(Object.keys(node_errors)).toContain('5');
    const { status, outputs } = await caller.ended(id);
    expect([status.status_str, Object.keys(outputs)]).toEqual(['success', ['9']]);
  });
}
