import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Job } from '../../lib/jobs/job.ts';
import { openRedisInstanceLink } from '../../server/redis/instance-link.ts';
import { redisDesk } from '../support/redis-desk.ts';
import { startRedis, type RedisProcess } from '../support/redis-process.ts';
import { batchOf } from '../support/sample-batches.ts';
import { accept, after, claim, queuedAt, steps, succeed, workflowOf } from '../support/sample-jobs.ts';
import { waitUntil } from '../support/wait-until.ts';

let redis: RedisProcess;
let desk: ReturnType<typeof redisDesk>;
const closers: (() => Promise<void>)[] = [];
beforeEach(async () => {
  redis = await startRedis();
  desk = redisDesk(redis);
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await desk.close();
  await redis.stop();
});

/** One instance with its store, and all that it hears. */
async function openInstance() {
  const instanceId = randomUUID();
  const store = await desk.open(instanceId, { waitMs: 5000 });
  const link = openRedisInstanceLink({ redis: store.connection, keys: store.keys, instanceId });
  closers.push(() => link.close());
  const heard: { told: string[]; percents: number[]; missed: number; dispatch: number } = {
    told: [],
    percents: [],
    missed: 0,
    dispatch: 0,
  };
  await link.start({
    isNews: () => true,
    wants: () => true,
    jobPassed: () => undefined,
    jobChanged: (job, progress) => {
      heard.told.push(line(job));
      if (progress) heard.percents.push(progress.percent);
    },
    jobProgress: () => undefined,
    jobPreview: () => undefined,
    batchMade: (batchId) => void heard.told.push(batchId),
    podChanged: () => undefined,
    dispatchChanged: () => void (heard.dispatch += 1),
    missed: () => void (heard.missed += 1),
  });
  return { store, heard };
}

const line = (job: Job) => `${job.name} ${job.revision} ${job.state}`;

it('B219 whatever the store writes is told to every instance', async () => {
  const [me, other] = [await openInstance(), await openInstance()];
  const promptId = randomUUID();
  const job = queuedAt(1);
  const [claimed, running, warned, ended] = steps(
    job,
    claim('pod-a', promptId),
    accept,
    { type: 'note', kind: 'warning', detail: 'a warning' },
    succeed,
  );
  if (!claimed || !running || !warned || !ended) throw new Error('there are four steps');
  await me.store.create(job, workflowOf('told'), { key: 'key', bodyHash: 'hash' });
  for (const step of [claimed, running]) await me.store.replace(step);
  await me.store.saveProgress(job.id, { promptId, percent: 42, phase: 'sampling' });
  for (const step of [warned, ended]) await me.store.replace(step);
  const failed = await me.store.replace(warned);
  await me.store.remove(job.id);
  await other.store.create(queuedAt(2), workflowOf('next'));
  await waitUntil(() => [me, other].every(({ heard }) => heard.told.length === 6), 'all is heard');
  expect(failed).toBe(false);
  const told = [...[job, claimed, running, warned, ended].map(line), 'job 2 0 queued'];
  for (const { heard } of [me, other]) expect(heard).toMatchObject({ told, percents: [42], missed: 0 });

  const before = [me, other].map(({ heard }) => heard.dispatch);
  await me.store.setDispatch({ paused: true });
  await waitUntil(() => [me, other].every(({ heard }, at) => heard.dispatch > (before[at] ?? 0)), 'the pause is heard');
});

it('B416 a new batch is told to every instance in one word, its jobs when they change', async () => {
  const [me, other] = [await openInstance(), await openInstance()];
  const batch = batchOf(50);
  await me.store.createBatch(batch);
  const [first] = batch.members;
  if (!first) throw new Error('the batch has jobs');
  const claimed = after(first.job, claim());
  await me.store.replace(claimed);
  await waitUntil(() => other.heard.told.length > 1, 'both are heard');
  expect(other.heard).toMatchObject({ told: [batch.record.id, line(claimed)], missed: 0 });
});

it('B219 goes on where Redis died and came back with everything', async () => {
  const [me, other] = [await openInstance(), await openInstance()];
  await me.store.create(queuedAt(1), workflowOf('before'));
  await redis.kill();
  await redis.start();
  await me.store.create(queuedAt(2), workflowOf('after'));
  await waitUntil(() => other.heard.told.length === 2, 'both are heard');
  expect(other.heard).toMatchObject({ told: ['job 1 0 queued', 'job 2 0 queued'], missed: 0 });
});

it('B219 says that something was missed where Redis came back without its last seconds', async () => {
  const me = await openInstance();
  await me.store.create(queuedAt(1), workflowOf('kept'));
  const copy = redis.copyFiles();
  await me.store.create(queuedAt(2), workflowOf('lost'));
  await waitUntil(() => me.heard.told.length === 2, 'both are heard');
  await copy.rollBack();
  await waitUntil(() => me.heard.missed > 0, 'it is known that something was missed');
  await me.store.create(queuedAt(3), workflowOf('next'));
  await waitUntil(() => me.heard.told.includes('job 3 0 queued'), 'the link goes on');
});

it('B219 goes on where Redis stood still for longer than it is waited for', async () => {
  const [me, other] = [await openInstance(), await openInstance()];
  redis.freeze();
  const written = me.store.create(queuedAt(1), workflowOf('slow')).catch(() => undefined);
  // Longer than an answer to a blocking read is waited for.
  await waitUntil(
    () =>
      other.store.check().then(
        () => false,
        () => true,
      ),
    'Redis is given up',
    20_000,
  );
  redis.thaw();
  await written;
  await me.store.create(queuedAt(2), workflowOf('after'));
  await waitUntil(() => other.heard.told.includes('job 2 0 queued'), 'the change is heard');
  expect(other.heard.missed).toBe(0);
});
