import { describe, expect, it } from 'vitest';
import { readWorkflowText } from './intake/read-workflow-value.ts';
import { isLink, nodeName, promptSchema, type Prompt } from './prompt.ts';
import { templates, type TemplatePod } from './templates.ts';

const DEMO: TemplatePod[] = [{ demo: true, checkpoint: null }];
const BARE: TemplatePod[] = [{ demo: false, checkpoint: null }];
const FULL: TemplatePod[] = [...BARE, { demo: false, checkpoint: 'sdxl.safetensors' }];
const all = (seed: number) => [DEMO, BARE, FULL].flatMap((pods) => templates(seed, pods));

describe('the ready workflows', () => {
  it.each(all(1).map((template) => [template.id, template] as const))(
    '%s is a whole prompt that saves something',
    (_id, { prompt }) => {
      expect(promptSchema.parse(prompt)).toEqual(prompt);
      expect(readWorkflowText(JSON.stringify(prompt)).ok).toBe(true);
      const links = Object.values(prompt).flatMap((node) => Object.values(node.inputs).filter(isLink));
      for (const [id] of links) expect(prompt).toHaveProperty([id]);
      expect(Object.values(prompt).some((node) => node.class_type === 'SaveImage')).toBe(true);
    },
  );

  it('another seed makes another prompt, which the pod does not answer from its cache', () => {
    const first = all(1);
    for (const [at, { prompt }] of all(2).entries()) expect(prompt).not.toEqual(first[at]?.prompt);
    expect(all(1)).toEqual(first);
  });

  it('each goes by a name of its own', () => {
    for (const pods of [DEMO, BARE, FULL]) {
      const ids = templates(1, pods).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
    for (const { name, description } of all(1)) expect(`${name} ${description}`).toMatch(/\S \S/);
  });

  it('B179 asks a pod only for a checkpoint that it has, and needs none where there is none', () => {
    const loads = (pods: TemplatePod[]) =>
      templates(1, pods).flatMap(({ prompt }) => Object.values(prompt).map((node) => node.inputs['ckpt_name']));
    expect(new Set(loads(FULL).filter(Boolean))).toEqual(new Set(['sdxl.safetensors']));
    expect(loads(BARE).filter(Boolean)).toEqual([]);
    expect(templates(1, FULL)[0].id).toBe('text-to-image');
  });

  it('B179 keeps the demo pod’s own nodes for the demo pod', () => {
    const classes = templates(1, FULL).flatMap(({ prompt }) => Object.values(prompt).map((node) => node.class_type));
    expect(classes.filter((name) => name.startsWith('Probe'))).toEqual([]);
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
