import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import type { PodiumServer } from '../../server/create-server.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { freePort } from '../support/free-port.ts';
import { openInstances, type Instances } from '../support/open-instances.ts';
import { send } from '../support/open-test-front.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { openTcpProxy } from '../support/tcp-proxy.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Steps, then two files. */
function twoFiles(steps = 1): Prompt {
  const prompt = stepsPrompt(steps, 5);
  return { ...prompt, '4': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'podium-more' } } };
}

describe('files that stayed on a pod, with several instances', () => {
  let pod: DemoPod;
  let instances: Instances;
  beforeEach(async () => {
    pod = await createDemoPod({ stepMs: 5 });
    instances = await openInstances({ one: pod });
  });
  afterEach(async () => {
    await instances.close();
    await pod.close();
  });

  /** What was fetched of the pod, file by file. */
  const fetched = () =>
    pod.control.requests.flatMap(({ path }) => {
      const url = new URL(path, pod.url);
      return url.pathname.endsWith('/view') ? [String(url.searchParams.get('filename'))] : [];
    });
  const named = async ({ desk }: PodiumServer) => (await desk.store.podCondition('one'))?.jobsWithFiles ?? [];
  const submit = async ({ desk }: PodiumServer, workflow: Prompt) => (await desk.service.submit({ workflow })).job.id;
  const left = (podium: PodiumServer, id: string, files: number) =>
    instances.job(
      podium,
      id,
      ({ state, filesOnPod }) => state === 'succeeded' && filesOnPod === files,
      `has ${files} on the pod`,
    );

  it.each([
    ['is killed', 'SIGKILL'],
    ['stops', 'SIGTERM'],
  ] as const)(
    'B300 are fetched once each by the instance that takes over from one that %s, and nothing runs again',
    async (_how, signal) => {
      const makeRoom = instances.fillDisk();
      const owner = await instances.spawn();
      const heir = await instances.open();
      await instances.podsUp(heir);
      expect(instances.driven(heir)).toEqual([]);
      const ids = await Promise.all([1, 2, 3].map(() => submit(heir, twoFiles())));
      for (const id of ids) await left(heir, id, 2);
      expect([...(await named(heir))].toSorted()).toEqual(ids.toSorted());
      expect(fetched()).toEqual([]);

      owner.signal(signal);
      await owner.exited;
      await instances.drives(heir, 'one');
      makeRoom();
      for (const id of ids) {
        const job = await left(heir, id, 0);
        expect(job).toMatchObject({ attemptCount: 1, warnings: [], outputs: [{ index: 0 }, { index: 1 }] });
        for (const { index } of job.outputs) {
          const file = await send(Number(new URL(heir.url).port), `/api/jobs/${id}/outputs/${index}`);
          expect(file.status).toBe(200);
        }
      }
      expect(fetched()).toHaveLength(6);
      expect(new Set(fetched()).size).toBe(6);
      expect([pod.control.posts.length, pod.control.runs.length]).toEqual([3, 3]);
      await waitUntil(async () => (await named(heir)).length === 0, 'nothing is waited for');
    },
    90_000,
  );

  /** A job that is on the pod, in the midst of its steps. */
  const halfWay = async (podium: PodiumServer) => {
    pod.control.worker.stepsLeft = 5;
    const id = await submit(podium, stepsPrompt(10, 5));
    await waitUntil(() => pod.control.worker.stepsLeft === 0, 'it is half way');
    await instances.job(podium, id, ({ state }) => state === 'running', 'runs');
    return id;
  };
  const goOn = () => void (pod.control.worker.stepsLeft = Number.POSITIVE_INFINITY);
  /** So many writes that the instance does not remember its earlier ones. */
  const writeMuch = async ({ desk }: PodiumServer) => {
    for (let at = 0; at < 6; at += 1)
      await Promise.all(
        Array.from({ length: 1000 }, (_, nth) => desk.store.savePodMemory(`former-${at}-${nth}`, { clientId: 'x' })),
      );
  };

  it('B453 are named to the heir although Redis lost that, longer ago than an instance remembers what it wrote', async () => {
    const makeRoom = instances.fillDisk();
    const owner = await instances.open();
    await instances.podsUp(owner);
    const id = await halfWay(owner);
    const files = instances.redis.copyFiles();
    goOn();
    await left(owner, id, 1);
    await writeMuch(owner);
    await files.rollBack();
    // Its record is of before its end: it ends anew, by what the pod still tells.
    await left(owner, id, 1);
    expect(await waitUntil(async () => (await named(owner)).length > 0 && named(owner), 'it is named')).toEqual([id]);

    const heir = await instances.open();
    await instances.stop(owner);
    await instances.drives(heir, 'one');
    makeRoom();
    expect(await left(heir, id, 0)).toMatchObject({ outputs: [{ index: 0 }], warnings: [] });
    expect(pod.control.runs).toHaveLength(1);
  }, 90_000);

  it('B453 and what proves a restart of the pod is told to a Redis that lost it', async () => {
    const owner = await instances.open();
    await instances.podsUp(owner);
    const files = instances.redis.copyFiles();
    const id = await submit(owner, stepsPrompt(1, 5));
    await left(owner, id, 0);
    const memory = () => owner.desk.store.podMemory('one').catch(() => 'Redis is away');
    const known = await memory();
    expect(known).toMatchObject({ highestNumber: expect.any(Number) });
    await writeMuch(owner);
    await files.rollBack();
    await waitUntil(async () => isDeepStrictEqual(await memory(), known), 'Redis has it again');
    expect(pod.control.runs).toHaveLength(1);
  }, 90_000);

  it('B453 are found where a former driver tells Redis of a job’s end only after its heir has taken the pod', async () => {
    const makeRoom = instances.fillDisk();
    const proxy = await openTcpProxy(instances.redis.port);
    try {
      const owner = await instances.open({ REDIS_URL: `redis://127.0.0.1:${proxy.port}` });
      const heir = await instances.open();
      await instances.drives(owner, 'one');
      await instances.podsUp(owner);
      const id = await halfWay(owner);
      const files = instances.redis.copyFiles();
      goOn();
      await left(heir, id, 1);
      // What every instance does when it is asked whether it is ready.
      await heir.desk.store.check();

      const tellEnds = pod.control.fault({ path: /history/ }, { kind: 'status', status: 502 });
      proxy.switchTo(await freePort());
      proxy.cut();
      await files.rollBack();
      await instances.drives(heir, 'one');
      await instances.job(heir, id, ({ state }) => state === 'running', 'runs, as far as Redis knows');
      proxy.switchTo(instances.redis.port);
      await left(heir, id, 1);
      tellEnds();
      makeRoom();
      expect(await left(heir, id, 0)).toMatchObject({ outputs: [{ index: 0 }], warnings: [] });
      expect(pod.control.runs).toHaveLength(1);
    } finally {
      await proxy.close();
    }
  }, 90_000);
});
