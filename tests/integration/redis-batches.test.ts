import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redisDesk } from '../support/redis-desk.ts';
import { startRedis } from '../support/redis-process.ts';
import { batchOf } from '../support/sample-batches.ts';
import { after, claim, queuedAt, second, workflowOf } from '../support/sample-jobs.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('batches in a Redis with troubles', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let desk: ReturnType<typeof redisDesk>;
  beforeEach(async () => {
    redis = await startRedis();
    desk = redisDesk(redis);
  });
  afterEach(async () => {
    redis.thaw();
    await desk.close();
    await redis.stop();
  });
  const key = { key: 'k', bodyHash: 'h' };

  it('B408 a batch of which it was said that it is not accepted is taken back whole, although Redis had it', async () => {
    const store = await desk.open('a', { commandTimeoutMs: 200 });
    const watcher = await desk.open('b');
    redis.freeze();
    const batch = batchOf(100);
    await expect(store.createBatch(batch, key)).rejects.toMatchObject({ code: 'store_unavailable' });
    redis.thaw();
    const ids = batch.members.map(({ job }) => job.id);
    const gone = async () => !(await watcher.batch(batch.record.id)) && !(await watcher.get(ids[0] ?? ''));
    await waitUntil(gone, 'it was taken back');
    await waitUntil(
      () =>
        store.check().then(
          () => true,
          () => false,
        ),
      'Redis answers again',
    );
    expect(await watcher.batches({ limit: 9 })).toEqual({ batches: [] });
    expect((await watcher.counts()).queued).toBe(0);
    expect(await watcher.claimable('pod-a', second(9), 10)).toEqual([]);
    expect(await watcher.createBatch(batchOf(2, 2), key)).toEqual({ kind: 'created' });
    await expect(watcher.createBatch(batch)).rejects.toThrow('was taken back');
  });

  it('B408 a batch that Redis lost is written again whole by the instance that took it in', async () => {
    const store = await desk.open('a');
    const batch = batchOf(100);
    await store.createBatch(batch, key);
    const first = batch.members[0]?.job ?? queuedAt(1);
    const claimed = after(first, claim());
    await store.replace(claimed);
    const told = new Promise<boolean>((resolve) => store.onReturn(async (lost) => resolve(lost)));
    await redis.command('FLUSHALL');
    await waitUntil(
      () =>
        store.check().then(
          () => true,
          () => false,
        ),
      'the store is back',
    );
    expect(await told).toBe(true);
    const back = await waitUntil(() => store.batch(batch.record.id), 'the batch is back');
    expect(back.record).toEqual(batch.record);
    expect(back.counts).toMatchObject({ submitting: 1, queued: 99 });
    expect(await store.workflow(batch.members[42]?.job.id ?? '')).toMatchObject(workflowOf('value 42'));
    expect(await store.createBatch(batchOf(1), key)).toEqual({ kind: 'replayed', record: batch.record });
  });
});
