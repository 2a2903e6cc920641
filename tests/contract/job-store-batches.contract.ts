import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../lib/jobs/job.ts';
import type { JobStore, NewBatch } from '../../server/jobs/job-store.ts';
import { batchOf } from '../support/sample-batches.ts';
import { after, cancel, claim, queuedAt, second, steps, workflowOf } from '../support/sample-jobs.ts';
import type { OpenHarness, StoreHarness } from './job-store.contract.ts';

/** What every `JobStore` must do with batches. */
export function jobStoreBatchesContract(name: string, open: OpenHarness): void {
  describe(`${name} and batches`, () => {
    let harness: StoreHarness;
    let store: JobStore;
    beforeEach(async () => {
      harness = await open();
      store = harness.store;
    });
    afterEach(() => harness.dispose());
    const jobOf = (batch: NewBatch, at: number): Job => {
      const job = batch.members[at]?.job;
      if (!job) throw new Error(`There is no job ${at}`);
      return job;
    };
    const write = async (...versions: Job[]) => {
      for (const version of versions) expect(await store.replace(version)).toBe(true);
    };

    it('B408 takes a thousand jobs in as one, in their order, and gives each its own prompt, over a restart', async () => {
      const batch = batchOf(1000);
      expect(await store.createBatch(batch)).toEqual({ kind: 'created' });
      store = await harness.reopen();
      expect(await store.batch(batch.record.id)).toEqual({
        record: batch.record,
        counts: expect.objectContaining({ queued: 1000, succeeded: 0 }),
      });
      expect((await store.counts()).queued).toBe(1000);
      const claimable = await store.claimable('pod-a', second(9), 30);
      expect(claimable).toEqual(batch.members.slice(0, 30).map(({ job }) => job));
      for (const at of [0, 7, 999])
        expect(await store.workflow(jobOf(batch, at).id)).toEqual({
          ...workflowOf(`value ${at}`),
          workflow: { nodes: ['ü'] },
        });
      const pages = [];
      for (let cursor: string | undefined; ;) {
        const page = await store.batchJobs(batch.record.id, { limit: 300, ...(cursor !== undefined && { cursor }) });
        pages.push(page.jobs.map(({ job }) => job));
        cursor = page.nextCursor;
        if (cursor === undefined) break;
      }
      expect(pages.map((page) => page.length)).toEqual([300, 300, 300, 100]);
      expect(pages.flat()).toEqual(batch.members.map(({ job }) => job));
    }, 30_000);

    it('B408 takes nothing in where one of the jobs cannot be', async () => {
      const batch = batchOf(5);
      await store.create(jobOf(batch, 3), workflowOf('there'));
      await expect(store.createBatch(batch)).rejects.toThrow('There already is');
      const broken = batchOf(3, 2);
      const members = [...broken.members.slice(0, 2), { job: { ...jobOf(broken, 2), id: 'no uuid' }, values: [] }];
      await expect(store.createBatch({ ...broken, members })).rejects.toThrow('UUID');
      expect(await store.batches({ limit: 10 })).toEqual({ batches: [] });
      expect((await store.counts()).queued).toBe(1);
      expect(await store.get(jobOf(batch, 0).id)).toBeUndefined();
    });

    it('B409 counts a batch’s jobs as they go on, one apart from another', async () => {
      const [one, two] = [batchOf(4), batchOf(2, 2)];
      await store.createBatch(one);
      await store.createBatch(two);
      await write(...steps(jobOf(one, 0), claim(), { type: 'accept' }, { type: 'succeed', outputs: [] }));
      await write(after(jobOf(one, 1), cancel), after(jobOf(one, 2), claim()));
      const counts = async (id: string) => (await store.batch(id))?.counts;
      expect(await counts(one.record.id)).toMatchObject({ queued: 1, submitting: 1, succeeded: 1, cancelled: 1 });
      expect(await counts(two.record.id)).toMatchObject({ queued: 2, submitting: 0, succeeded: 0 });
      expect(await store.batch(randomUUID())).toBeUndefined();
    });

    it('B409 lists batches newest first, in pages', async () => {
      const made = [1, 2, 3, 4, 5].map((seconds) => batchOf(1, seconds, `batch ${seconds}`));
      for (const batch of made) await store.createBatch(batch);
      const first = await store.batches({ limit: 2 });
      const rest = await store.batches({ limit: 9, cursor: first.nextCursor ?? '' });
      const names = [...first.batches, ...rest.batches].map(({ record }) => record.name);
      expect(names).toEqual(['batch 5', 'batch 4', 'batch 3', 'batch 2', 'batch 1']);
      expect(rest.nextCursor).toBeUndefined();
    });

    it('B409 lists only a batch’s jobs, or only those of none', async () => {
      const batch = batchOf(30, 5);
      await store.create(queuedAt(1), workflowOf('x'));
      await store.createBatch(batch);
      const [late, later] = [queuedAt(9), queuedAt(10)];
      await store.create(late, workflowOf('x'));
      await store.create(later, workflowOf('x'));
      await write(after(jobOf(batch, 0), claim('pod-b')));
      const namesOf = async (query: { batch: string; q?: string; podId?: string; limit?: number; cursor?: string }) => {
        const page = await store.list({ limit: 50, ...query });
        return { names: page.jobs.map(({ job }) => job.name), counts: page.counts, next: page.nextCursor };
      };
      const alone = await namesOf({ batch: 'none', limit: 2 });
      expect(alone.names).toEqual(['job 10', 'job 9']);
      expect((await namesOf({ batch: 'none', cursor: alone.next ?? '' })).names).toEqual(['job 1']);
      expect(alone.counts).toMatchObject({ queued: 32, submitting: 1 });
      const members = await namesOf({ batch: batch.record.id });
      expect(members.names).toHaveLength(30);
      expect(members.counts).toMatchObject({ queued: 29, submitting: 1 });
      expect((await namesOf({ batch: batch.record.id, q: 'SWEEP 7' })).names).toEqual(['sweep 7']);
      expect((await namesOf({ batch: 'none', q: 'JOB 1' })).names).toEqual(['job 10', 'job 1']);
      const onPod = await namesOf({ batch: batch.record.id, podId: 'pod-b' });
      expect(onPod.names).toEqual(['sweep 0']);
      expect(onPod.counts).toMatchObject({ queued: 0, submitting: 1 });
      expect((await namesOf({ batch: 'none', podId: 'pod-b' })).names).toEqual([]);
      expect((await namesOf({ batch: randomUUID() })).names).toEqual([]);
    });

    it('B410 gives the same batch for the same key and body, over a restart, and refuses another body', async () => {
      const key = { key: 'key-1', bodyHash: 'hash-1' };
      const batch = batchOf(3);
      await store.createBatch(batch, key);
      store = await harness.reopen();
      expect(await store.createBatch(batchOf(3, 2), key)).toEqual({ kind: 'replayed', record: batch.record });
      expect(await store.createBatch(batchOf(3, 2), { ...key, bodyHash: 'hash-2' })).toEqual({ kind: 'conflict' });
      const single = await store.create(queuedAt(4), workflowOf('x'), { ...key, bodyHash: 'hash-3' });
      expect(single).toEqual({ kind: 'conflict' });
      await store.create(queuedAt(5), workflowOf('x'), { key: 'key-2', bodyHash: 'hash-4' });
      expect(await store.createBatch(batchOf(1, 6), { key: 'key-2', bodyHash: 'hash-5' })).toEqual({
        kind: 'conflict',
      });
      expect((await store.batches({ limit: 10 })).batches).toHaveLength(1);
    });

    it('B411 forgets a batch with the last of its jobs, its key with it', async () => {
      const key = { key: 'key-1', bodyHash: 'hash-1' };
      const batch = batchOf(3);
      await store.createBatch(batch, key);
      const ended = [0, 1, 2].map((at) => after(jobOf(batch, at), cancel));
      await write(...ended);
      expect(await store.remove(ended[0]?.id ?? '')).toBe(true);
      expect((await store.batch(batch.record.id))?.counts).toMatchObject({ cancelled: 2 });
      expect(await store.workflow(ended[0]?.id ?? '')).toBeUndefined();
      expect(await store.workflow(ended[1]?.id ?? '')).toMatchObject(workflowOf('value 1'));
      expect(await store.prune(second(900))).toHaveLength(2);
      expect(await store.batch(batch.record.id)).toBeUndefined();
      expect(await store.batches({ limit: 10 })).toEqual({ batches: [] });
      expect(await store.createBatch(batchOf(1), { ...key, bodyHash: 'hash-2' })).toEqual({ kind: 'created' });
    });
  });
}
