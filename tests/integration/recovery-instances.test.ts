import { afterEach, beforeEach, expect, it } from 'vitest';
import { createApiClient } from '../../lib/api-client.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { redisKeys } from '../../server/redis/keys.ts';
import { openInstances, type Instances } from '../support/open-instances.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

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

it('B454 an heir that wrote nothing itself knows of the loss, and takes in what a dead instance’s pod has done', async () => {
  const owner = await instances.spawn();
  const heir = await instances.open();
  await instances.podsUp(heir);
  const files = instances.redis.copyFiles();
  const api = createApiClient({ baseUrl: await owner.ready() });
  const { id } = await api.submit({ workflow: stepsPrompt(2, 5) }, 'key');
  await waitUntil(async () => (await api.job(id)).state === 'succeeded', 'it succeeds');
  const endedAt = Date.now();
  const beats = () => instances.redis.command('ZCOUNT', redisKeys().members, `(${endedAt}`, '+inf');
  await waitUntil(async () => (await beats()) === 2, 'both instances have renewed their leases since');
  owner.signal('SIGKILL');
  await owner.exited;
  await files.rollBack();

  const job = await instances.job(heir, id, ({ state }) => state === 'succeeded', 'is known again, with its end');
  expect(job).toMatchObject({ attemptCount: 1, outputs: [{ index: 0 }] });
  expect([pod.control.posts.length, pod.control.runs.length]).toEqual([1, 1]);
}, 90_000);
