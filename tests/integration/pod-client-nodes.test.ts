import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ComfyUIPodClient } from '../../server/comfy/pod-client.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('what a pod says of its nodes', () => {
  let pod: DemoPod;
  let client: ComfyUIPodClient;
  beforeEach(async () => {
    pod = await createDemoPod();
    client = new ComfyUIPodClient({ baseUrl: pod.url });
  });
  afterEach(async () => {
    await client.stop();
    await pod.close();
  });
  const says = (body: Buffer | string, headers: Record<string, string> = {}) =>
    pod.control.fault(
      { path: '/object_info' },
      { kind: 'raw', body: Buffer.from(body), headers: { ...JSON_TYPE, ...headers } },
    );

  it('B382 is read by a client that was not started, and has one digest as long as it is the same', async () => {
    const [one, two] = [await client.nodeInfo(), await client.nodeInfo()];
    expect([one.digest, one.bytes]).toEqual([two.digest, two.bytes]);
    expect(one.parse()).toHaveProperty('CheckpointLoaderSimple.input.required.ckpt_name');
    pod.control.checkpoints = ['another.safetensors'];
    expect((await client.nodeInfo()).digest).not.toBe(one.digest);
  });

  it('B382 is read compressed, and with the numbers that Python writes', async () => {
    says(gzipSync('{"A":{"input":{"required":{"x":["FLOAT",{"max":Infinity,"default":NaN}]}}}}'), {
      'content-encoding': 'gzip',
    });
    expect((await client.nodeInfo()).parse()).toEqual({
      A: { input: { required: { x: ['FLOAT', { max: null, default: null }] } } },
    });
  });

  it.each(['[]', '"no"', 'null', '{'])('B386 an answer that is no list of classes is not taken: %s', async (body) => {
    says(body);
    const info = await client.nodeInfo();
    expect(() => info.parse()).toThrow(expect.objectContaining({ kind: 'bad_answer' }));
  });

  it('B386 an answer without end is cut off', async () => {
    pod.control.fault(
      { path: '/object_info' },
      { kind: 'raw', body: Buffer.alloc(1_000_000, ' '), headers: JSON_TYPE, endless: true },
    );
    await expect(client.nodeInfo()).rejects.toMatchObject({ kind: 'too_large' });
  });
});
