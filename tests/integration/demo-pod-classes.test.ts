import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { normalise } from '../conformance/normalise.ts';
import { readRecording, readTape } from '../conformance/tape.ts';

const classes = z.record(
  z.string(),
  z.looseObject({ input: z.looseObject({ required: z.record(z.string(), z.unknown()) }) }),
);

describe.each(['0.8.0', '0.3.64'] as const)('what the demo pod says of itself as %s', (version) => {
  let pod: DemoPod;
  afterEach(() => pod.close());
  const read = async (path: string): Promise<unknown> => {
    pod = await createDemoPod({ version });
    return (await fetch(pod.url + path)).json();
  };

  it('B102 describes every class it offers as the real pod did, but for the files it has', async () => {
    const offered = classes.parse(await read('/object_info'));
    const recorded = classes.parse(readRecording(version, 'object_info.json'));
    const names = Object.keys(offered);
    expect(names).toEqual(expect.arrayContaining(['KSampler', 'LoadImage', 'SaveImage', 'ImageScale', 'ProbeLazy']));
    for (const name of names) {
      const wanted = recorded[name];
      if (name === 'CheckpointLoaderSimple' && wanted)
        wanted.input.required.ckpt_name = offered[name]?.input.required.ckpt_name;
      expect(offered[name], name).toEqual(wanted);
    }
  });

  it('B102 answers /object_info/{class} with that class alone, and with nothing for another', async () => {
    expect(Object.keys((await read('/object_info/EmptyImage')) as object)).toEqual(['EmptyImage']);
    const response = await fetch(`${pod.url}/object_info/NoSuchNode`);
    expect([response.status, await response.json()]).toEqual([200, {}]);
  });

  it.each([
    ['/features', 'features.json'],
    ['/embeddings', 'embeddings.json'],
    ['/models', 'models.json'],
  ])('B102 answers %s as recorded', async (path, file) => {
    expect(await read(path)).toEqual(readRecording(version, file));
  });

  it('B102 names a version and one device in /system_stats, in the recorded shape', async () => {
    const stats = await read('/system_stats');
    const shape = (value: unknown): unknown => normalise(JSON.stringify(value));
    expect(shape(stats)).toEqual(shape(readRecording(version, 'system_stats.json')));
    expect(stats).toMatchObject({ system: { comfyui_version: version } });
  });

  const refusals = readTape(version, 'rejected').filter((row) => row.kind === 'http');
  it.each(refusals.map((row, at) => [at + 1, row] as const))(
    'B103 refuses the recorded bad prompt %i with the same body, node by node',
    async (_, row) => {
      pod = await createDemoPod({ version });
      const body = row.requestBody === undefined ? 'this is not json' : JSON.stringify(row.requestBody);
      const response = await fetch(`${pod.url}/prompt`, { method: 'POST', body });
      expect(response.status).toBe(row.status);
      expect(normalise(await response.text())).toEqual(normalise(row.body));
      expect(pod.control.runs).toEqual([]);
    },
  );
});
