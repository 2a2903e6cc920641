import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { ConformancePod } from './conformance-pod.ts';
import { previewPrompt, quickPrompt } from './core-prompts.ts';
import { pngTexts } from './png-texts.ts';

const classShape = z.object({
  input: z.object({ required: z.record(z.string(), z.array(z.unknown()).min(1)).optional() }),
  input_order: z.record(z.string(), z.array(z.string())),
  output: z.array(z.unknown()),
  output_name: z.array(z.string()),
  name: z.string(),
  display_name: z.string(),
  category: z.string(),
  output_node: z.boolean(),
});
const statsShape = z.object({
  system: z.object({ comfyui_version: z.string().regex(/^v?\d+\.\d+/), ram_total: z.number(), ram_free: z.number() }),
  devices: z.array(z.object({ name: z.string(), type: z.string(), vram_total: z.number(), vram_free: z.number() })),
});

/** What a pod says of itself, its files and uploads. */
export function checkHttp(pod: ConformancePod): void {
  const { caller } = pod;

  it('B114 names its version and devices', async () => {
    const stats = statsShape.parse((await caller.call('GET', '/system_stats')).json);
    expect(stats.devices.length).toBeGreaterThan(0);
  });

  it('B114 describes its classes, all at once and one by one', async () => {
    for (const name of ['EmptyImage', 'ImageScale', 'LoadImage', 'SaveImage', 'PreviewImage']) {
      const whole = classShape.parse(pod.classes[name]);
      const { json } = await caller.call('GET', `/object_info/${name}`);
      expect(classShape.parse(z.record(z.string(), z.unknown()).parse(json)[name])).toEqual(whole);
    }
    expect((await caller.call('GET', '/object_info/NoSuchNode')).json).toEqual({});
  });

  it('B114 lists model folders and their files, under /api too', async () => {
    const folders = z.array(z.string()).parse((await caller.call('GET', '/models')).json);
    expect(folders).toEqual(expect.arrayContaining(['checkpoints', 'loras', 'vae']));
    z.array(z.string()).parse((await caller.call('GET', '/api/models/checkpoints')).json);
    expect((await caller.call('GET', '/models/no-such-folder')).status).toBe(404);
  });

  it('B114 serves a saved picture with its prompt inside, and 404 for another name', async () => {
    const prompt = quickPrompt();
    const { id } = await pod.submit(prompt);
    const [file] = (await caller.ended(id)).outputs['9']?.images ?? [];
    if (!file) throw new Error('nothing was saved');
    expect(file).toMatchObject({ subfolder: '', type: 'output' });
    const { response, bytes } = await caller.view(file);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([48, 32]);
    expect(JSON.parse(pngTexts(bytes).prompt ?? '')).toEqual(prompt);
    expect((await caller.view({ ...file, filename: `no-${file.filename}` })).response.status).toBe(404);
  });

  it('B114 keeps previews under temp', async () => {
    const { id } = await pod.submit(previewPrompt());
    const [file] = (await caller.ended(id)).outputs['9']?.images ?? [];
    if (!file) throw new Error('nothing was saved');
    expect(file.type).toBe('temp');
    expect((await caller.view(file)).response.status).toBe(200);
  });

  it('B114 keeps the name of an upload with the same bytes, renames other bytes, overwrites when told', async () => {
    const name = `${randomUUID()}.png`;
    const [, stem] = /^(.*)\.png$/.exec(name) ?? [];
    const subfolder = 'podium-conformance';
    const upload = async (bytes: string, fields: Record<string, string> = {}): Promise<unknown> =>
      (await caller.upload(name, Buffer.from(bytes), { subfolder, ...fields })).json;
    const first = { name, subfolder, type: 'input' };
    expect(await upload('one')).toEqual(first);
    expect(await upload('one')).toEqual(first);
    expect(await upload('two')).toEqual({ ...first, name: `${stem} (1).png` });
    expect(await upload('three', { overwrite: 'true' })).toEqual(first);
    const { bytes } = await caller.view({ filename: name, subfolder, type: 'input' });
    expect(bytes.toString()).toBe('three');
  });

  it('B114 refuses an upload outside of its folder or without a file', async () => {
    const outside = await caller.upload('x.png', Buffer.from('x'), { subfolder: '../../outside' });
    expect([outside.status, (await caller.upload('', Buffer.alloc(0))).status]).toEqual([400, 400]);
  });

  it('B114 frees memory when asked with a body, and fails without one', async () => {
    expect((await caller.call('POST', '/free', { unload_models: true, free_memory: true })).status).toBe(200);
    expect((await caller.call('POST', '/free')).status).toBe(500);
  });

  it('B114 answers a foreign Origin with 403 where it is asked by a loopback name', async () => {
    const foreign = { origin: 'http://evil.example' };
    const response = await fetch(`${pod.url}/queue`, { headers: foreign });
    expect(response.status).toBe(pod.isLoopback ? 403 : 200);
    const opened = await pod.socket('foreign', foreign).then(
      (log) => log.close().then(() => 'open'),
      (cause: Error) => cause.message,
    );
    expect(opened).toMatch(pod.isLoopback ? /403/ : /^open$/);
  });
}
