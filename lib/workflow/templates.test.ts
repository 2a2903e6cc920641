import { describe, expect, it } from 'vitest';
import { isLink, nodeName, promptSchema, type Prompt } from './prompt.ts';
import { readWorkflow } from './read-workflow.ts';
import { templates } from './templates.ts';

describe('the ready workflows', () => {
  it.each(templates(1).map((template) => [template.id, template] as const))(
    '%s is a whole prompt that saves something',
    (_id, { prompt }) => {
      expect(promptSchema.parse(prompt)).toEqual(prompt);
      expect(readWorkflow(JSON.stringify(prompt)).ok).toBe(true);
      const links = Object.values(prompt).flatMap((node) => Object.values(node.inputs).filter(isLink));
      for (const [id] of links) expect(prompt).toHaveProperty([id]);
      expect(Object.values(prompt).some((node) => node.class_type === 'SaveImage')).toBe(true);
    },
  );

  it('another seed makes another prompt, which the pod does not answer from its cache', () => {
    const first = templates(1);
    for (const [at, { prompt }] of templates(2).entries()) expect(prompt).not.toEqual(first[at]?.prompt);
    expect(templates(1)).toEqual(first);
  });

  it('each goes by a name of its own', () => {
    const ids = templates(1).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { name, description } of templates(1)) expect(`${name} ${description}`).toMatch(/\S \S/);
  });
});

describe('a node', () => {
  it('is known by its title, else its class, else its id', () => {
    const prompt: Prompt = {
      '1': { class_type: 'KSampler', inputs: {}, _meta: { title: 'Draw' } },
      '2': { class_type: 'KSampler', inputs: {} },
    };
    expect(['1', '2', '3'].map((id) => nodeName(prompt, id))).toEqual(['Draw', 'KSampler', '3']);
  });

  it.each<[unknown, boolean]>([
    [['4', 0], true],
    [['4', 0, 1], false],
    [[4, 0], false],
    [['4', '0'], false],
    ['4', false],
    [null, false],
  ])('%j is a link: %s', (value, link) => {
    expect(isLink(value)).toBe(link);
  });
});
