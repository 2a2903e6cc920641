import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCatalog } from '../catalog/node-catalog.ts';
import { convertWorkflow } from '../convert/convert-workflow.ts';
import { readEditorWorkflow } from '../editor/editor-workflow.ts';
import { isLink, promptSchema, type Prompt } from '../prompt.ts';
import { templates } from '../templates.ts';
import { applyValues } from './apply-values.ts';
import type { FormField } from './form-field.ts';
import { formOf } from './form-of.ts';
import { liveInputs } from '../catalog/live-inputs.ts';

const COMFYUI = new URL('../../../../shared/comfyui/', import.meta.url);
const GOLDEN = new URL('golden/', COMFYUI);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, COMFYUI), 'utf8'));
const catalog = readCatalog(read('0.8.0/object_info.json'));
const golden = readdirSync(GOLDEN).filter((name) => name.endsWith('.api.json'));

/** A published workflow; what ComfyUI's frontend exports of classes that it does not know is no node. */
function published(name: string): Prompt {
  const given = Object.entries(read(`golden/${name}`) as object);
  return promptSchema.parse(Object.fromEntries(given.filter(([, node]: [string, object]) => 'class_type' in node)));
}
function form(name: string): FormField[] {
  const editor = readEditorWorkflow(read(`golden/${name}.ui.json`));
  return formOf(published(`${name}.api.json`), catalog, editor.ok ? editor.workflow : undefined);
}
const brief = (fields: readonly FormField[]) =>
  fields.filter(({ shown }) => shown).map(({ role, label, key }) => `${role}: ${label} ${key}`);
const link = (id: string, slot = 0) => [id, slot];

describe('the form of a workflow', () => {
  it('B419 makes every value of a known class exactly one field, by role and then in order', () => {
    expect(golden.length).toBeGreaterThan(200);
    for (const name of golden) {
      const prompt = published(name);
      const fields = formOf(prompt, catalog);
      const wanted = Object.entries(prompt).flatMap(([id, node]) => {
        const def = catalog.get(node.class_type);
        const plain = Object.entries(node.inputs).filter(([, value]) => !isLink(value) && value !== null);
        const live = def && liveInputs(def, node.inputs);
        return plain
          .filter(([input]) => live?.some((one) => one.name === input) ?? true)
          .map(([input]) => `${id}/${input}`);
      });
      expect(fields.map(({ key }) => key).toSorted(), name).toEqual(wanted.toSorted());
      for (const { nodeId, input, value } of fields) expect(prompt[nodeId]?.inputs[input], name).toBe(value);
    }
  });

  it('B419 finds something to change in every published workflow whose classes are known', () => {
    const empty = golden
      .filter((name) => name.includes('.plain.'))
      .filter((name) => !formOf(published(name), catalog).some(({ role }) => role !== 'other'));
    expect(empty).toEqual([]);
  });

  it('B419 shows what people change of a ready workflow, and keeps the rest', () => {
    const [textToImage] = templates(7, [{ demo: true, checkpoint: null }]);
    const fields = formOf(textToImage.prompt, catalog);
    expect(brief(fields)).toEqual([
      'prompt: Prompt 2/text',
      'negative: Negative prompt 3/text',
      'seed: Seed 5/seed',
      'model: Checkpoint 1/ckpt_name',
      'size: Width 4/width',
      'size: Height 4/height',
      'size: Batch size 4/batch_size',
      'steps: Steps 5/steps',
      'cfg: CFG 5/cfg',
      'sampler: Sampler 5/sampler_name',
      'sampler: Scheduler 5/scheduler',
    ]);
    expect(fields.filter(({ shown }) => !shown).map(({ key }) => key)).toEqual(['5/denoise', '7/filename_prefix']);
  });

  it('B420 tells prompts apart by where they go, through nodes that take and give both', () => {
    const text = (words: string) => ({ class_type: 'CLIPTextEncode', inputs: { text: words, clip: link('9', 1) } });
    const prompt = {
      unwanted: text('blurry'),
      wanted: text('a cat'),
      control: {
        class_type: 'ControlNetApplyAdvanced',
        inputs: { positive: link('wanted'), negative: link('unwanted'), strength: 1, start_percent: 0, end_percent: 1 },
      },
      other: { class_type: 'SomethingElse', inputs: { positive: link('control'), negative: link('control', 1) } },
      sampler: { class_type: 'KSampler', inputs: { positive: link('other'), negative: link('other', 1), seed: 1 } },
    };
    const roles = Object.fromEntries(formOf(prompt, catalog).map(({ nodeId, role }) => [nodeId, role]));
    expect(roles).toMatchObject({ wanted: 'prompt', unwanted: 'negative', sampler: 'seed' });
  });

  it('B420 takes a text that also ends zeroed out as negative for a prompt, and so one that only a guider takes', () => {
    const prompt = {
      '1': { class_type: 'CLIPTextEncode', inputs: { text: 'a cat', clip: link('9') } },
      '2': { class_type: 'ConditioningZeroOut', inputs: { conditioning: link('1') } },
      '3': { class_type: 'KSampler', inputs: { positive: link('1'), negative: link('2') } },
      '4': { class_type: 'PrimitiveStringMultiline', inputs: { value: 'a dog' } },
      '5': { class_type: 'CLIPTextEncode', inputs: { text: link('4'), clip: link('9') } },
      '6': { class_type: 'BasicGuider', inputs: { conditioning: link('5') } },
      '7': { class_type: 'KSampler', inputs: { negative: link('5') } },
    };
    expect(formOf(prompt, catalog).map(({ key, role }) => [key, role])).toEqual([
      ['1/text', 'prompt'],
      ['4/value', 'negative'],
    ]);
    const { '7': _, ...guided } = prompt;
    expect(formOf(guided, catalog).find(({ nodeId }) => nodeId === '5')).toBeUndefined();
  });

  it('B420 ends where links go in a circle, and makes no field of a link', () => {
    const prompt = {
      a: { class_type: 'ConditioningCombine', inputs: { conditioning_1: link('b'), conditioning_2: link('a') } },
      b: { class_type: 'ConditioningCombine', inputs: { conditioning_1: link('a'), conditioning_2: link('gone') } },
      c: { class_type: 'KSampler', inputs: { positive: link('a'), negative: link('b') } },
    };
    expect(formOf(prompt, catalog)).toEqual([]);
  });

  it('B421 asks for a picture, a video or a sound where the class takes one, and lists what pods have', () => {
    const own = readCatalog({
      LoadImage: { input: { required: { image: [['a.png'], { image_upload: true }] } } },
      LoadVideo: { input: { required: { file: ['COMBO', { options: ['a.mp4'], video_upload: true }] } } },
      LoadAudio: { input: { required: { audio: ['COMBO', { options: [], audio_upload: true }] } } },
      LoadOutput: {
        input: { required: { image: ['COMBO', { options: [], image_upload: true, image_folder: 'output' }] } },
      },
    });
    const prompt = {
      '1': { class_type: 'LoadImage', inputs: { image: 'a.png' } },
      '2': { class_type: 'LoadVideo', inputs: { file: 'b.mp4' } },
      '3': { class_type: 'LoadAudio', inputs: { audio: 'c.flac' } },
      '4': { class_type: 'LoadOutput', inputs: { image: 'd.png' } },
    };
    expect(formOf(prompt, own).map(({ control }) => control)).toEqual([
      { kind: 'file', accepts: 'image', choices: ['a.png'] },
      { kind: 'file', accepts: 'video', choices: ['a.mp4'] },
      { kind: 'file', accepts: 'audio', choices: [] },
      { kind: 'choice', choices: [] },
    ]);
  });

  it('B421 gives numbers their range, seeds one that a number can keep, and choices those of the pods', () => {
    const prompt = { '1': { class_type: 'KSampler', inputs: { seed: 5, steps: 20, cfg: 7.5, sampler_name: 'euler' } } };
    const controls = Object.fromEntries(formOf(prompt, catalog).map(({ input, control }) => [input, control]));
    expect(controls['seed']).toEqual({ kind: 'number', integer: true, min: 0 });
    expect(controls['steps']).toEqual({ kind: 'number', integer: true, min: 1, max: 10_000 });
    expect(controls['cfg']).toEqual({ kind: 'number', integer: false, min: 0, max: 100, step: 0.1 });
    expect(controls['sampler_name']).toMatchObject({ kind: 'choice' });
  });

  it('B421 offers of a choice that brings inputs along only those whose inputs are there', () => {
    const inputs = { resize_type: 'scale dimensions', 'resize_type.width': 1280, 'resize_type.height': 720 };
    const node = { class_type: 'ResizeImageMaskNode', inputs: { ...inputs, 'resize_type.crop': 'center' } };
    const fields = formOf({ '1': node }, catalog);
    expect(fields.map(({ input, role }) => [input, role])).toEqual([
      ['resize_type.width', 'size'],
      ['resize_type.height', 'size'],
      ['resize_type', 'other'],
      ['resize_type.crop', 'other'],
    ]);
    const { control } = fields.find(({ input }) => input === 'resize_type') ?? {};
    expect(control).toMatchObject({ kind: 'choice' });
    const choices = control?.kind === 'choice' ? control.choices : [];
    expect(choices).toContain('scale dimensions');
    expect(choices).not.toContain('scale by multiplier');
  });

  it('B421 makes a form of a class that no pod has, by its values', () => {
    const prompt = {
      '1': { class_type: 'Unheard', inputs: { prompt: 'a cat', strength: 0.5, tiled: true, list: [1, 2, 3] } },
    };
    expect(formOf(prompt, catalog).map(({ input, role, control }) => [input, role, control.kind])).toEqual([
      ['prompt', 'prompt', 'text'],
      ['strength', 'other', 'number'],
      ['tiled', 'other', 'switch'],
    ]);
  });

  it('B422 knows fields by the names that the author of a subgraph gave them, and shows those', () => {
    expect(brief(form('02_qwen_Image_edit_subgraphed.plain'))).toEqual([
      'prompt: Prompt 115:111/prompt',
      'negative: Negative prompt 115:110/prompt',
      'image: Image 78/image',
      'seed: Seed 115:3/seed',
      'model: Diffusion model 115:37/unet_name',
      'lora: LoRA 115:89/lora_name',
      'steps: Steps 115:3/steps',
      'cfg: CFG 115:3/cfg',
    ]);
    const audio = form('05_audio_ace_step_1_t2a_song_subgraphed.plain');
    expect(audio.find(({ label }) => label === 'Vocal volume multiplier')).toMatchObject({ shown: true });
    expect(audio.find(({ label }) => label === 'Music tags')).toMatchObject({ role: 'prompt', shown: true });
  });

  it('B451: knows fields by their names on the face of a group node, and does not show what is hidden there', () => {
    const sampler = { type: 'KSampler', inputs: [{ name: 'model', type: 'MODEL' }] };
    const editor = readEditorWorkflow({
      nodes: [
        { id: 2, type: 'workflow>Two', title: 'Both', widgets_values: [1, 'fixed', 20, 8, 'euler', 'normal', 1] },
      ],
      extra: {
        groupNodes: {
          Two: {
            nodes: [sampler],
            config: { 0: { input: { steps: { visible: false }, cfg: { name: 'how strictly' } } } },
          },
        },
      },
    });
    if (!editor.ok) throw new Error(editor.message);
    const fields = formOf(convertWorkflow(editor.workflow, catalog).prompt, catalog, editor.workflow);
    const named = (key: string) => fields.find((field) => field.key === key);
    expect(named('2:0/cfg')).toMatchObject({ label: 'How strictly', nodeLabel: 'Both', shown: true, value: 8 });
    expect(named('2:0/steps')).toMatchObject({ shown: false, value: 20 });
    expect(named('2:0/seed')).toMatchObject({ label: 'Seed', shown: true });
  });

  it('B422 knows a value that stands apart by its title, and its role by where it goes', () => {
    const prompt = {
      '1': { class_type: 'PrimitiveInt', inputs: { value: 832 }, _meta: { title: 'How wide' } },
      '2': { class_type: 'EmptyLatentImage', inputs: { width: link('1'), height: 480, batch_size: 1 } },
      '3': { class_type: 'LoadImage', inputs: { image: 'a.png' }, _meta: { title: 'First frame' } },
    };
    expect(brief(formOf(prompt, catalog))).toEqual([
      'image: First frame 3/image',
      'size: How wide 1/value',
      'size: Height 2/height',
      'size: Batch size 2/batch_size',
    ]);
  });

  it('B419 makes the form of 5,000 nodes in a moment', () => {
    const node = (at: number): Prompt[string] => ({
      class_type: 'KSampler',
      inputs: { seed: at, steps: 20, positive: link(String(at - 1)), negative: link(String(at - 2)) },
    });
    const prompt = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [String(at), node(at)]));
    const began = performance.now();
    expect(formOf(prompt, catalog)).toHaveLength(10_000);
    expect(performance.now() - began).toBeLessThan(3000);
  });
});

describe('values of a form', () => {
  const prompt = {
    'a/b': { class_type: 'KSampler', inputs: { seed: 1, 'x/y': 2, model: link('c') } },
    c: { class_type: 'Loader', inputs: { name: 'm' } },
  };

  it('B423 come into the prompt where they belong, and the prompt given stays as it was', () => {
    const before = structuredClone(prompt);
    const changed = applyValues(prompt, { 'a/b/seed': 5, 'a/b/x/y': 6 });
    expect(changed['a/b']?.inputs).toEqual({ seed: 5, 'x/y': 6, model: link('c') });
    expect(changed['c']).toBe(prompt.c);
    expect(prompt).toEqual(before);
  });

  it('B423 change no link and bring no input that was not there', () => {
    expect(applyValues(prompt, { 'a/b/model': 'x', 'c/other': 1, 'gone/seed': 1, c: 2, '__proto__/x': 1 })).toEqual(
      prompt,
    );
  });
});
