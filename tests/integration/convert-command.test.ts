import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { convertWorkflow } from '../../server/library/convert-workflow.ts';
import { editorWorkflow } from '../support/editor-workflow.ts';
import { PodiumCommand, runPodium } from '../support/podium-command.ts';

const SAVED = fileURLToPath(new URL('../../../shared/comfyui/files/saved.png', import.meta.url));
const PROMPT = {
  '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 48, batch_size: 1, color: 5 } },
  '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'podium-editor' } },
};

describe('podium convert', () => {
  let pod: DemoPod;
  const dir = mkdtempSync(join(tmpdir(), 'podium-convert-'));
  const file = (name: string, content: unknown) => {
    const path = join(dir, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const convert = (...args: string[]) => runPodium(['convert', ...args], {});
  const objectInfo = async () => (await fetch(`${pod.url}/object_info`)).json();

  beforeAll(async () => {
    pod = await createDemoPod();
  });
  afterAll(async () => {
    await pod.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('B381 prints the prompt by what a pod says of its nodes, or by what a file holds of that', async () => {
    const path = file('editor.json', editorWorkflow(5));
    const byPod = await convert(path, '--pod', pod.url);
    expect([byPod.code, byPod.err]).toEqual([0, '']);
    expect(JSON.parse(byPod.out)).toMatchObject(PROMPT);
    const byFile = await convert(path, '--object-info', file('info.json', await objectInfo()));
    expect(byFile).toEqual(byPod);
  });

  it('B381 reads what a picture carries', async () => {
    const { code, out } = await convert(SAVED);
    expect([code, Object.keys(JSON.parse(out) as object).length > 0]).toEqual([0, true]);
  });

  it('B381 names on standard error what the pod does not have', async () => {
    const workflow = editorWorkflow(5);
    const path = file('unheard.json', JSON.stringify(workflow).replace('EmptyImage', 'Unheard'));
    const { code, out, err } = await convert(path, '--pod', pod.url);
    expect([code, JSON.parse(out)]).toMatchObject([0, { '1': { class_type: 'Unheard' } }]);
    expect(err).toContain('The pod does not have the node “Unheard” (node 1); it is in the prompt.');
  });

  it('B381 says in a sentence what it cannot convert, and prints nothing then', async () => {
    const workflow = file('again.json', editorWorkflow(5));
    const refused = [
      [await convert(join(dir, 'nowhere.json')), /^There is no file .*nowhere\.json\.$/],
      [await convert(dir), /is not a file\.$/],
      [await convert(file('text.json', 'hello')), /Podium takes a workflow/],
      [await convert(workflow, '--object-info', file('no-info.json', 'hello')), /GET \/object_info\.$/],
      [await convert(workflow, '--pod', 'http://127.0.0.1:1'), /127\.0\.0\.1:1/],
    ] as const;
    for (const [{ code, out, err }, reason] of refused) {
      expect([code, out]).toEqual([1, '']);
      expect(err.trimEnd()).toMatch(reason);
      expect(err.trimEnd().split('\n')).toHaveLength(1);
    }
    expect(await convert(workflow, '--pod', 'nonsense')).toMatchObject({ code: 2, out: '' });
  });

  it('B381 is a command of its own', async () => {
    const { code, out } = await new PodiumCommand(['convert', SAVED], {}).ended;
    expect([code, typeof JSON.parse(out)]).toEqual([0, 'object']);
  }, 60_000);

  it('B381 is a function of the library', async () => {
    const { prompt, unknown } = convertWorkflow(editorWorkflow(5), await objectInfo());
    expect([prompt, unknown]).toMatchObject([PROMPT, []]);
    expect(convertWorkflow(editorWorkflow(5)).unknown).toEqual([
      { nodeId: '1', classType: 'EmptyImage' },
      { nodeId: '2', classType: 'SaveImage' },
    ]);
    expect(() => convertWorkflow({ nodes: 'none' })).toThrow(TypeError);
  });
});
