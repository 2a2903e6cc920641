import { afterEach, beforeEach, expect, it } from 'vitest';
import { baseImagesPrompt, baseImagesSchema } from '../../lib/workflow/base-images.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { openTestDesk, type TestDesk } from '../support/open-test-desk.ts';
import { failingPrompt } from '../support/prompts.ts';

const MODEL = 'nowhere.safetensors';
const needsModel = () => baseImagesPrompt(baseImagesSchema.parse({ prompt: 'a fox' }), MODEL, 7);

let pods: DemoPod[];
let test: TestDesk;
beforeEach(async () => {
  pods = [await createDemoPod({ stepMs: 5 }), await createDemoPod({ stepMs: 5 })];
  const [a, b] = pods;
  test = await openTestDesk({ a: a?.url ?? '', b: b?.url ?? '' });
});
afterEach(async () => {
  await test.close();
  for (const pod of pods) await pod.close();
});

it('B314 B315 real failures of one cause are one group, and its retry gives each of its jobs a further attempt', async () => {
  const { service } = test.desk;
  const ids = await Promise.all([1, 2, 3].map(async () => (await test.submit(needsModel())).id));
  const other = (await test.submit(failingPrompt('error'))).id;
  for (const id of [...ids, other]) await test.reaches(id, 'failed');
  const { groups, looked } = await service.failures();
  expect([looked, groups.map(({ code, count }) => [code, count])]).toMatchObject([
    4,
    [
      ['model_missing', 3],
      [expect.any(String), 1],
    ],
  ]);
  const [group] = groups;
  expect(group?.sentence).toContain(MODEL);
  const tries = async () => Promise.all(ids.map(async (id) => (await test.job(id)).attemptCount));
  const before = await tries();

  await test.desk.system.pause();
  await service.retry(ids[0] ?? '');
  await service.cancel(ids[0] ?? '');
  expect(await service.retryGroup(group?.key ?? '')).toBe(2);
  await expect(service.retryGroup(group?.key ?? '')).rejects.toMatchObject({ code: 'not_found' });
  await test.desk.system.resume();
  for (const id of ids.slice(1)) await test.reaches(id, 'failed');
  expect((await test.job(ids[0] ?? '')).state).toBe('cancelled');
  const after = await tries();
  expect(after.map((count, index) => count > (before[index] ?? 0))).toEqual([false, true, true]);
  expect((await test.job(other)).attemptCount).toBe(1);
});

it('B316 the outlook asks the pods what they have, and names the one that has gained it', async () => {
  const { service } = test.desk;
  const body = JSON.stringify({
    CheckpointLoaderSimple: {
      input: { required: { ckpt_name: [[MODEL]] } },
      output: [],
      name: 'CheckpointLoaderSimple',
    },
  });
  pods[1]?.control.fault(
    { path: /object_info\/CheckpointLoaderSimple/ },
    { kind: 'status', status: 200, contentType: 'application/json', body },
  );
  await test.desk.system.pause();
  const { id } = await test.submit(needsModel());
  await expect(service.outlook(id)).rejects.toMatchObject({ code: 'state_conflict' });
  await test.desk.system.resume();
  await test.reaches(id, 'failed');
  const outlook = await service.outlook(id);
  expect(outlook).toMatchObject({ works: 'yes', sentence: 'Pod b has it now: a retry will work.' });
  expect(outlook.pods).toMatchObject([
    { podId: 'a', lacks: [{ name: MODEL }] },
    { podId: 'b', lacks: [] },
  ]);
  const pinned = await service.retry(id, { pod: 'a' });
  expect(pinned.wantedPodId).toBe('a');
  await test.reaches(id, 'failed');
  expect(await service.outlook(id)).toMatchObject({ works: 'no', pods: [{ podId: 'a' }] });
  await expect(service.outlook('nope')).rejects.toMatchObject({ code: 'job_not_found' });
});
