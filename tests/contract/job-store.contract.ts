import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../lib/jobs/job.ts';
import type { JobStore } from '../../server/jobs/job-store.ts';
import {
  accept,
  after,
  askAgain,
  cancel,
  claim,
  fail,
  queuedAt,
  second,
  steps,
  succeed,
  workflowOf,
} from '../support/sample-jobs.ts';
import { jobStoreBatchesContract } from './job-store-batches.contract.ts';
import { jobStoreListingContract } from './job-store-listing.contract.ts';
import { jobStoreModelContract } from './job-store-model.contract.ts';
import { jobStorePickingContract } from './job-store-picking.contract.ts';
import { jobStoreRetriesContract } from './job-store-retries.contract.ts';

/** An empty store that can be closed and opened again over what it keeps. */
export interface StoreHarness {
  store: JobStore;
  reopen: () => Promise<JobStore>;
  dispose: () => Promise<void>;
}
export type OpenHarness = () => Promise<StoreHarness>;

/** What every `JobStore` must do, whatever it is made of. */
export function jobStoreContract(name: string, open: OpenHarness): void {
  describe(`${name} as a JobStore`, () => {
    let harness: StoreHarness;
    let store: JobStore;
    beforeEach(async () => {
      harness = await open();
      store = harness.store;
    });
    afterEach(() => harness.dispose());

    const put = async (...jobs: Job[]) => {
      for (const job of jobs) await store.create(job, workflowOf(job.name));
    };
    const write = async (...versions: Job[]) => {
      for (const version of versions) expect(await store.replace(version)).toBe(true);
    };

    describe('accepting', () => {
      it('B10 gives back what was put in, after a restart too', async () => {
        const job = queuedAt(1, { name: 'Füchse 🦊', priority: 3, wantedPodId: 'pod-b' });
        const workflow = { ...workflowOf('x'), workflow: { nodes: [1, null, 'ü'] } };
        expect(await store.create(job, workflow)).toEqual({ kind: 'created' });
        expect(await store.get(job.id)).toEqual({ job });
        store = await harness.reopen();
        expect(await store.get(job.id)).toEqual({ job });
        expect(await store.workflow(job.id)).toEqual(workflow);
      });

      it('B10 knows nothing of a job that was never put in', async () => {
        const id = randomUUID();
        expect(await store.get(id)).toBeUndefined();
        expect(await store.workflow(id)).toBeUndefined();
        expect(await store.remove(id)).toBe(false);
        expect(await store.replace(after(queuedAt(1), claim()))).toBe(false);
      });

      it('B10 refuses a second job of the same id and one that could not be read back', async () => {
        const job = queuedAt(1);
        await put(job);
        await expect(store.create({ ...job, name: 'other' }, workflowOf('other'))).rejects.toThrow(job.id);
        await expect(store.create({ ...queuedAt(2), id: 'no uuid' }, workflowOf('x'))).rejects.toThrow('UUID');
        expect(await store.get(job.id)).toEqual({ job });
        expect((await store.counts()).queued).toBe(1);
      });
    });

    describe('idempotency', () => {
      const key = { key: 'key-1', bodyHash: 'hash-1' };

      it('B12 replays the job of a key, as it is by now and after a restart', async () => {
        const job = queuedAt(1);
        await store.create(job, workflowOf('x'), key);
        const claimed = after(job, claim());
        await write(claimed);
        store = await harness.reopen();
        expect(await store.create(queuedAt(2), workflowOf('x'), key)).toEqual({ kind: 'replayed', job: claimed });
        expect((await store.list({ limit: 10 })).jobs).toHaveLength(1);
      });

      it('B388 says what a key was used with, over a restart, for as long as its job is kept', async () => {
        const job = queuedAt(1);
        expect(await store.keyUse('key-1')).toBeUndefined();
        await store.create(job, workflowOf('x'), key);
        store = await harness.reopen();
        expect(await store.keyUse('key-1')).toEqual({ bodyHash: 'hash-1', id: job.id });
        expect(await store.keyUse('key-2')).toBeUndefined();
        await store.remove(job.id);
        expect(await store.keyUse('key-1')).toBeUndefined();
      });

      it('B12 refuses a key with another body and makes nothing', async () => {
        await store.create(queuedAt(1), workflowOf('x'), key);
        const other = queuedAt(2);
        expect(await store.create(other, workflowOf('y'), { ...key, bodyHash: 'hash-2' })).toEqual({
          kind: 'conflict',
        });
        expect(await store.get(other.id)).toBeUndefined();
        expect(await store.workflow(other.id)).toBeUndefined();
      });

      it('B12 makes one job of a key that is sent twenty times at once', async () => {
        const outcomes = await Promise.all(
          Array.from({ length: 20 }, (_, index) => store.create(queuedAt(index), workflowOf('x'), key)),
        );
        expect(outcomes.filter((outcome) => outcome.kind === 'created')).toHaveLength(1);
        const ids = new Set(outcomes.map((outcome) => (outcome.kind === 'replayed' ? outcome.job.id : 'made')));
        expect(ids.size).toBe(2);
        expect((await store.counts()).queued).toBe(1);
      });

      it('B12 does not spend a key on a job that was refused', async () => {
        const job = queuedAt(1);
        await put(job);
        await expect(store.create(job, workflowOf('x'), key)).rejects.toThrow(job.id);
        expect((await store.create(queuedAt(2), workflowOf('x'), key)).kind).toBe('created');
      });

      it('B12 keeps a key while its job is history and forgets it with the job', async () => {
        const job = queuedAt(1);
        await store.create(job, workflowOf('x'), key);
        await write(after(job, cancel));
        expect((await store.create(queuedAt(2), workflowOf('x'), key)).kind).toBe('replayed');
        await store.remove(job.id);
        expect((await store.create(queuedAt(3), workflowOf('x'), key)).kind).toBe('created');
      });
    });

    describe('changing', () => {
      it('B11 takes a change only from the revision it was made from', async () => {
        const job = queuedAt(1);
        await put(job);
        const [first, second_] = steps(job, claim(), accept);
        if (!first || !second_) throw new Error('two steps were asked for');
        expect(await store.replace(second_)).toBe(false);
        expect(await store.replace(first)).toBe(true);
        expect(await store.replace(first)).toBe(false);
        expect(await store.get(job.id)).toEqual({ job: first });
        expect(await store.replace(second_)).toBe(true);
      });

      it('B11 lets exactly one of many simultaneous changes win', async () => {
        const job = queuedAt(1);
        await put(job);
        const rivals = Array.from({ length: 10 }, (_, index) => after(job, claim(`pod-${index}`)));
        const won = await Promise.all(rivals.map((rival) => store.replace(rival)));
        expect(won.filter(Boolean)).toHaveLength(1);
        expect((await store.get(job.id))?.job).toEqual(rivals[won.indexOf(true)]);
      });
    });

    describe('ending', () => {
      const progress = { promptId: 'p', percent: 40, phase: 'sampling' as const };

      it('B13 moves an ended job out of the active ones and drops its progress', async () => {
        const job = queuedAt(1);
        await put(job);
        const [claimed, running, ended] = steps(job, claim(), accept, succeed);
        if (!claimed || !running || !ended) throw new Error('three steps were asked for');
        await write(claimed, running);
        await store.saveProgress(job.id, progress);
        expect(await store.get(job.id)).toMatchObject({ job: running, progress, progressAt: expect.any(String) });
        await write(ended);
        expect(await store.active()).toEqual([]);
        expect(await store.get(job.id)).toEqual({ job: ended });
        await store.saveProgress(job.id, progress);
        expect(await store.get(job.id)).toEqual({ job: ended });
      });

      it('B13 keeps the newest progress over a restart and across changes of the job', async () => {
        const job = queuedAt(1);
        await put(job);
        await store.saveProgress(job.id, progress);
        await store.saveProgress(job.id, { ...progress, percent: 55 });
        await write(after(job, claim()));
        store = await harness.reopen();
        expect((await store.get(job.id))?.progress?.percent).toBe(55);
        await store.saveProgress(randomUUID(), progress);
        expect((await store.list({ limit: 10 })).jobs[0]?.progress?.percent).toBe(55);
      });

      it('B13 brings a job back when a person asks for a retry, without old progress', async () => {
        const job = queuedAt(1);
        await put(job);
        await store.saveProgress(job.id, progress);
        const versions = steps(job, claim(), accept, fail, askAgain);
        await write(...versions);
        expect(await store.active()).toEqual([{ job: versions.at(-1) }]);
        expect(await store.claimable('pod-a', second(100), 10)).toEqual([versions.at(-1)]);
        expect(await store.counts()).toMatchObject({ queued: 1, failed: 0, running: 0, submitting: 0 });
        expect(await store.workflow(job.id)).toEqual(workflowOf(job.name));
      });

      it('B13 deletes history that ended before a moment, whole, and nothing else', async () => {
        const old = Array.from({ length: 250 }, (_, index) => queuedAt(index));
        const young = queuedAt(10_000);
        const working = queuedAt(0);
        await Promise.all([...old, young, working].map((job) => put(job)));
        await Promise.all([...old, young].map((job) => write(after(job, cancel))));
        const ids = await store.prune(second(5000));
        expect(ids.toSorted()).toEqual(old.map((job) => job.id).toSorted());
        expect(await store.prune(second(5000))).toEqual([]);
        expect(await store.get(old[0]?.id ?? '')).toBeUndefined();
        expect(await store.workflow(old[0]?.id ?? '')).toBeUndefined();
        expect(await store.counts()).toMatchObject({ cancelled: 1, queued: 1 });
      });

      it('B13 removes one job with all that belongs to it, active or ended', async () => {
        const [active, ended] = [queuedAt(1), queuedAt(2)];
        await put(active, ended);
        await store.saveProgress(active.id, progress);
        await write(after(ended, cancel));
        for (const job of [active, ended]) {
          expect(await store.remove(job.id)).toBe(true);
          expect(await store.remove(job.id)).toBe(false);
          expect(await store.get(job.id)).toBeUndefined();
          expect(await store.workflow(job.id)).toBeUndefined();
        }
        expect(await store.list({ limit: 10 })).toMatchObject({ jobs: [], counts: { queued: 0, cancelled: 0 } });
      });
    });

    describe('being there', () => {
      it('B17 says that it can be written to, and after closing that it cannot', async () => {
        await expect(store.check()).resolves.toBeUndefined();
        await store.close();
        await store.close();
        await expect(store.check()).rejects.toMatchObject({ code: 'store_unavailable' });
        await expect(store.get(randomUUID())).rejects.toMatchObject({ code: 'store_unavailable' });
        await expect(store.create(queuedAt(1), workflowOf('x'))).rejects.toMatchObject({ code: 'store_unavailable' });
      });

      it('B10 writes what was asked for before it closes', async () => {
        const job = queuedAt(1);
        const asked = store.create(job, workflowOf('x'));
        await store.close();
        await asked;
        store = await harness.reopen();
        expect(await store.get(job.id)).toEqual({ job });
      });
    });

    jobStoreListingContract(() => store);
    jobStorePickingContract(
      () => store,
      () => harness.reopen(),
    );
    jobStoreRetriesContract(
      () => store,
      () => harness.reopen(),
    );
    jobStoreModelContract(open);
  });
  jobStoreBatchesContract(name, open);
}
