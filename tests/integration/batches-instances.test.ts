import { afterEach, beforeEach, expect, it } from 'vitest';
import { createApiClient } from '../../lib/api-client.ts';
import type { SubmitBatchBody } from '../../lib/protocol/batches.ts';
import type { PodiumServer } from '../../server/create-server.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { openInstances, type Instances } from '../support/open-instances.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

let pod: DemoPod;
let instances: Instances;
/** Drives the pod. */
let owner: PodiumServer;
/** Drives none. */
let other: PodiumServer;
beforeEach(async () => {
  pod = await createDemoPod({ stepMs: 1 });
  instances = await openInstances({ one: pod });
  owner = await instances.open();
  other = await instances.open();
  await instances.drives(owner, 'one');
  await instances.podsUp(owner);
  await instances.podsUp(other);
});
afterEach(async () => {
  await instances.close();
  await pod.close();
});
const apiOf = ({ url }: PodiumServer) => createApiClient({ baseUrl: url });
const plan = (count: number): SubmitBatchBody['plan'] => ({ count, seeds: 'fixed' });
const posted = () => pod.control.posts.map(({ jobId }) => jobId);

it('B416 a page at one instance shows a batch that was made at another, and how it goes on', async () => {
  const told = await Promise.all(
    [owner, other].map(async ({ url }) => {
      const socket = instances.browse(url);
      const ids: string[] = [];
      socket.on('batch:changed', ({ batchId }) => ids.push(batchId));
      await socket.emitWithAck('jobs:watch', { filter: { batch: 'none' } });
      return ids;
    }),
  );
  await owner.desk.system.pause();
  const batch = await apiOf(other).submitBatch({ workflow: stepsPrompt(1, 1), plan: plan(5) }, 'key');
  await waitUntil(() => told.every((ids) => ids.length === 1), 'both pages are told');
  expect(told).toEqual([[batch.id], [batch.id]]);
  expect(await apiOf(owner).batch(batch.id)).toEqual(await apiOf(other).batch(batch.id));

  await other.desk.system.resume();
  await waitUntil(async () => (await apiOf(other).batch(batch.id)).counts.succeeded === 5, 'it has ended');
  await waitUntil(() => told.every((ids) => ids.length > 1), 'both pages are told that it went on');
  expect(new Set(told.flat())).toEqual(new Set([batch.id]));
  expect(await apiOf(owner).batch(batch.id)).toEqual(await apiOf(other).batch(batch.id));
}, 60_000);

it('B415 what is left of a batch that is cancelled at an instance without its pod is never posted', async () => {
  // The pod waits in the midst of the first job, with the second one in its queue.
  pod.control.worker.stepsLeft = 2;
  const api = apiOf(other);
  const batch = await api.submitBatch({ workflow: stepsPrompt(10, 5), plan: plan(40) }, 'key');
  await waitUntil(() => posted().length === 2 && pod.control.worker.stepsLeft === 0, 'two jobs are on the pod');
  const { changed } = await api.changeBatch(batch.id, 'cancel');
  expect(changed).toBe(40);
  pod.control.worker.stepsLeft = Number.POSITIVE_INFINITY;
  const ended = await waitUntil(async () => {
    const now = await api.batch(batch.id);
    return now.ended && now;
  }, 'the batch has ended');
  expect(ended.counts).toMatchObject({ cancelled: 40 });

  const { id } = (await other.desk.service.submit({ workflow: stepsPrompt(1, 1) })).job;
  await instances.job(other, id, ({ state }) => state === 'succeeded', 'succeeds');
  expect(posted()).toHaveLength(3);
  expect(pod.control.runs.map(({ outcome }) => outcome)).toEqual(['interrupted', 'success']);
  expect(await apiOf(owner).batch(batch.id)).toEqual(ended);
}, 60_000);

it('B415 a job that was cancelled before it was given to the pod is never posted, however busily the others are', async () => {
  const api = apiOf(other);
  const cancelled: string[] = [];
  other.desk.events.addOwn({ jobChanged: ({ id, state }) => state === 'cancelled' && cancelled.push(id) });
  for (let round = 0; round < 10; round += 1) {
    const before = posted().length;
    const batch = await api.submitBatch({ workflow: stepsPrompt(1, 1), plan: plan(20) }, `key ${round}`);
    await waitUntil(() => posted().length > before, 'the pod is busy with it');
    await api.changeBatch(batch.id, 'cancel');
    await waitUntil(async () => (await api.batch(batch.id)).ended, 'the batch has ended');
  }
  expect(cancelled.length).toBeGreaterThan(20);
  expect(posted().filter((id) => id === undefined || cancelled.includes(id))).toEqual([]);
  expect(new Set(posted()).size).toBe(posted().length);
}, 60_000);

it('B360 a template that was made at one instance is at once in the list of another, and gone when it is deleted there', async () => {
  const [here, there] = [apiOf(owner), apiOf(other)];
  const { id } = await here.createTemplate({ name: 'Steps', description: '', prompt: stepsPrompt(1, 1) });
  expect((await there.templates()).map((template) => template.id)).toEqual([id]);
  expect(await there.template(id)).toEqual(await here.template(id));
  await there.removeTemplate(id);
  expect(await here.templates()).toEqual([]);
}, 60_000);
