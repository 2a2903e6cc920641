import { describe, expect, it } from 'vitest';
import { readCatalog } from '../catalog/node-catalog.ts';
import { readEditorWorkflow } from '../editor/editor-workflow.ts';
import { modelsOf } from './models.ts';
import { packsOf, packsOnPods } from './packs.ts';

describe('node packs', () => {
  it('B371 are those that the workflow names, in subgraphs too, without what comes with ComfyUI', () => {
    const node = (type: string, properties: unknown) => ({ id: 1, type, properties });
    const read = readEditorWorkflow({
      nodes: [
        node('Detail', { cnr_id: 'comfyui-impact-pack', ver: '8.8.1' }),
        node('Load', { cnr_id: 'comfy-core' }),
        node('Note', {}),
        node('Odd', { cnr_id: 7 }),
      ],
      links: [],
      definitions: { subgraphs: [{ id: 'a', nodes: [node('Inner', { aux_id: 'someone/some-nodes' })], links: [] }] },
    });
    expect(read.ok && Object.fromEntries(packsOf(read.workflow))).toEqual({
      Detail: 'comfyui-impact-pack',
      Inner: 'someone/some-nodes',
    });
  });

  it('B371 are also those that other pods loaded a class from', () => {
    const pods = [
      { Load: { python_module: 'nodes' } },
      { Detail: { python_module: 'custom_nodes.ComfyUI-Impact-Pack' }, Other: { python_module: 'custom_nodes.other' } },
      { Detail: { python_module: 'custom_nodes.a-copy' } },
    ].map(readCatalog);
    const prompt = { 1: { class_type: 'Detail', inputs: {} }, 2: { class_type: 'Load', inputs: {} } };
    expect([...packsOnPods(prompt, pods)]).toEqual([['Detail', 'ComfyUI-Impact-Pack']]);
  });
});

describe('the models of a prompt', () => {
  const load = (inputs: Record<string, unknown>) => ({ class_type: 'Load', inputs });

  it('B378 are its model files, each once, in order', () => {
    const prompt = {
      1: load({ ckpt_name: 'b.safetensors', image: 'cat.png', steps: 4, link: ['2', 0] }),
      2: load({ lora_name: 'sub\\a.safetensors', vae_name: 'b.safetensors', unet_name: 'c.gguf' }),
    };
    expect(modelsOf(prompt)).toEqual(['b.safetensors', 'sub\\a.safetensors', 'c.gguf']);
  });

  it('B378 are not names in texts, where the inputs are known', () => {
    const catalog = readCatalog({ Load: { input: { required: { ckpt_name: [['x.ckpt']], text: ['STRING'] } } } });
    expect(modelsOf({ 1: load({ ckpt_name: 'y.ckpt', text: 'draw z.ckpt' }) }, catalog)).toEqual(['y.ckpt']);
    expect(modelsOf({ 1: load({ text: 'a b.ckpt' }) })).toEqual(['a b.ckpt']);
  });

  it('B378 are twenty at most, of names that a record holds', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [at, load({ lora_name: `${at}.pt` })]));
    expect(modelsOf(many)).toHaveLength(20);
    expect(modelsOf({ 1: load({ lora_name: `${'x'.repeat(500)}.pt` }) })).toEqual([]);
  });
});
