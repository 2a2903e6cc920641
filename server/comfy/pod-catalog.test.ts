import { describe, expect, it } from 'vitest';
import type { MissingThing } from '../../lib/jobs/job-error.ts';
import { PodCallError } from '../jobs/pod-client.ts';
import { PodCatalog } from './pod-catalog.ts';
import type { PodCall } from './pod-http.ts';

const INFO: Record<string, unknown> = {
  CheckpointLoaderSimple: { input: { required: { ckpt_name: [['a.safetensors', 'sub/b.ckpt'], { tooltip: 'x' }] } } },
  UpscaleModelLoader: { input: { required: { model_name: ['COMBO', { multiselect: false, options: ['4x.pth'] }] } } },
  LoadImage: { input: { required: { image: [['here.png'], { image_upload: true }] } } },
  Remote: { input: { optional: { model: ['COMBO', { remote: { route: '/x' } }] } } },
  Odd: { input: 'none' },
  'Slash/Node': { input: { required: {}, optional: null } },
};

/** A catalog over `INFO`, its clock, and the paths that were asked for. */
function catalogOver(info: Record<string, unknown> = INFO) {
  const asked: string[] = [];
  const time = { now: 0 };
  let failing = false;
  const http = {
    json: (schema: { parse: (value: unknown) => unknown }, call: PodCall) => {
      asked.push(call.path);
      if (failing) return Promise.reject(new PodCallError('unreachable', 'gone'));
      const name = decodeURIComponent(call.path.replace('/object_info/', ''));
      return Promise.resolve(schema.parse(Object.hasOwn(info, name) ? { [name]: info[name] } : {}));
    },
  };
  const catalog = new PodCatalog(http as ConstructorParameters<typeof PodCatalog>[0], () => time.now);
  return { catalog, asked, time, failNow: (on: boolean) => (failing = on) };
}

const model = (name: string, classType = 'CheckpointLoaderSimple', input = 'ckpt_name'): MissingThing => ({
  kind: 'model',
  name,
  classType,
  input,
});

describe('what a pod lacks', () => {
  it('B274 is judged by the list of the input, in both forms, and by the class', async () => {
    const absent: MissingThing[] = [
      model('c.safetensors'),
      model('2x.pth', 'UpscaleModelLoader', 'model_name'),
      { kind: 'file', name: 'gone.png', classType: 'LoadImage', input: 'image' },
      { kind: 'node_type', name: 'NoSuchNode' },
      model('a.safetensors', 'NoSuchLoader'),
    ];
    const present: MissingThing[] = [
      model('sub/b.ckpt'),
      model('4x.pth', 'UpscaleModelLoader', 'model_name'),
      { kind: 'file', name: 'here.png', classType: 'LoadImage', input: 'image' },
      { kind: 'node_type', name: 'Slash/Node' },
    ];
    expect(await catalogOver().catalog.lacks([...present, ...absent])).toEqual(absent);
  });

  it('B274 is not said of what cannot be judged', async () => {
    const unjudged: MissingThing[] = [
      model('x', 'Remote', 'model'),
      model('x', 'Odd', 'model'),
      model('x', 'CheckpointLoaderSimple', 'other'),
      { kind: 'model', name: 'x' },
      { kind: 'model', name: 'x', classType: 'CheckpointLoaderSimple' },
      { kind: 'file', name: 'sub/x.png', classType: 'LoadImage', input: 'image' },
      { kind: 'file', name: 'x.png [output]', classType: 'LoadImage', input: 'image' },
    ];
    expect(await catalogOver().catalog.lacks(unjudged)).toEqual([]);
    const inherited: MissingThing = { kind: 'node_type', name: 'constructor' };
    expect(await catalogOver().catalog.lacks([inherited])).toEqual([inherited]);
  });

  it('B274 is remembered for half a minute, asked once for many, and forgotten when the pod was away', async () => {
    const { catalog, asked, time } = catalogOver();
    await Promise.all([catalog.lacks([model('a'), model('b')]), catalog.lacks([model('c')])]);
    time.now = 29_999;
    await catalog.lacks([model('a')]);
    expect(asked).toEqual(['/object_info/CheckpointLoaderSimple']);
    time.now = 30_000;
    await catalog.lacks([model('a')]);
    expect(asked).toHaveLength(2);
    catalog.forget();
    await catalog.lacks([model('a')]);
    expect(asked).toHaveLength(3);
  });

  it('B274 is asked again after a failure', async () => {
    const { catalog, failNow } = catalogOver();
    failNow(true);
    await expect(catalog.lacks([model('c')])).rejects.toThrow('gone');
    failNow(false);
    expect(await catalog.lacks([model('c')])).toEqual([model('c')]);
  });

  it('B274 remembers no more than two hundred classes', async () => {
    const { catalog, asked } = catalogOver();
    for (let at = 0; at <= 200; at += 1) await catalog.lacks([{ kind: 'node_type', name: `N${at}` }]);
    await catalog.lacks([{ kind: 'node_type', name: 'N200' }]);
    expect(asked).toHaveLength(201);
    await catalog.lacks([{ kind: 'node_type', name: 'N0' }]);
    expect(asked).toHaveLength(202);
  });
});
