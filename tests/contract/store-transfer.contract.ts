import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JOB_STATES } from '../../lib/jobs/job.ts';
import type { DeskBook } from '../../server/jobs/desk-book.ts';
import type { JobStore } from '../../server/jobs/job-store.ts';
import type { JobBundle, StoreTransfer } from '../../server/jobs/records/store-transfer.ts';
import { sampleBundles } from '../support/sample-desk.ts';
import { batchOf } from '../support/sample-batches.ts';
import { after, cancel, queuedAt, second, workflowOf } from '../support/sample-jobs.ts';

type Store = JobStore & DeskBook & StoreTransfer;
/** An empty store that can be closed and opened again over what it keeps. */
export interface TransferHarness {
  store: Store;
  reopen: () => Promise<Store>;
  dispose: () => Promise<void>;
}

/** Everything a store gives away, in its order. */
export async function allBundles(store: StoreTransfer): Promise<JobBundle[]> {
  const bundles: JobBundle[] = [];
  for await (const bundle of store.bundles()) bundles.push(bundle);
  return bundles;
}

/** What every `StoreTransfer` must do, whatever it is made of. */
export function storeTransferContract(name: string, open: () => Promise<TransferHarness>): void {
  describe(`${name} as a StoreTransfer`, () => {
    let harness: TransferHarness;
    let store: Store;
    beforeEach(async () => {
      harness = await open();
      store = harness.store;
    });
    afterEach(() => harness.dispose());

    it('B251 is empty at first', async () => {
      expect(await store.size()).toBe(0);
      expect(await allBundles(store)).toEqual([]);
      expect(await store.podMemories()).toEqual([]);
      expect(await store.podConditions()).toEqual([]);
    });

    it('B251 gives back what it took in, oldest first, over a restart and by every other way to ask', async () => {
      const bundles = sampleBundles(250);
      for (let at = 0; at < bundles.length; at += 60) await store.takeIn(bundles.slice(at, at + 60).toReversed());
      store = await harness.reopen();
      expect(await store.size()).toBe(bundles.length);
      expect(await allBundles(store)).toEqual(bundles);
      const states = bundles.map(({ job }) => job.state);
      expect(await store.counts()).toEqual(
        Object.fromEntries(JOB_STATES.map((state) => [state, states.filter((one) => one === state).length])),
      );
      const waiting = bundles.map(({ job }) => job).filter((job) => job.state === 'queued');
      const claimable = await store.claimable('pod-a', second(0), 1000);
      expect(claimable.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))).toEqual(waiting);
      const running = bundles.find(({ job }) => job.state === 'running');
      expect(await store.jobOfPrompt(running?.job.attempts.at(-1)?.promptId ?? '')).toBe(running?.job.id);
      const found = await store.list({ q: 'FÜCHSE 249', limit: 10 });
      expect(found.jobs.map(({ job }) => job.id)).toEqual([bundles.at(-1)?.job.id]);
      const ended = bundles.filter(({ job }) => 'endedAt' in job).map(({ job }) => job.id);
      expect((await store.prune(second(900_000))).toSorted()).toEqual(ended.toSorted());
    });

    it('B251 gives away what was made and changed in the ordinary way', async () => {
      const job = queuedAt(1);
      const claim = { key: 'key-1', bodyHash: 'hash-1' };
      await store.create(job, workflowOf('x'), claim);
      await store.create(queuedAt(2), workflowOf('y'));
      const ended = after(job, cancel);
      await store.replace(ended);
      const [first, ...rest] = await allBundles(store);
      expect(first).toEqual({ job: ended, workflow: workflowOf('x'), claim });
      expect(rest).toHaveLength(1);
      expect(await store.size()).toBe(2);
      await store.remove(job.id);
      expect(await store.size()).toBe(1);
    });

    it('B251 takes keys in: the same one gives its job again, another body is refused', async () => {
      const bundle: JobBundle = {
        job: queuedAt(1),
        workflow: workflowOf('x'),
        claim: { key: 'key-1', bodyHash: 'hash-1' },
      };
      await store.takeIn([bundle]);
      const claim = { key: 'key-1', bodyHash: 'hash-1' };
      expect(await store.create(queuedAt(2), workflowOf('x'), claim)).toEqual({ kind: 'replayed', job: bundle.job });
      const other = await store.create(queuedAt(2), workflowOf('x'), { ...claim, bodyHash: 'hash-2' });
      expect(other).toEqual({ kind: 'conflict' });
    });

    it('B251 refuses a job that is there, and leaves that one as it is', async () => {
      const job = queuedAt(1);
      await store.create(job, workflowOf('mine'));
      await expect(store.takeIn([{ job: after(job, cancel), workflow: workflowOf('other') }])).rejects.toThrow(job.id);
      expect(await allBundles(store)).toEqual([{ job, workflow: workflowOf('mine') }]);
    });

    it('B412 gives batches away with their workflow once, and takes them in with jobs that keep their prompts', async () => {
      const batch = batchOf(3);
      const claim = { key: 'key-1', bodyHash: 'hash-1' };
      await store.createBatch(batch, claim);
      await store.createBatch(batchOf(2, 5));
      const jobs = await allBundles(store);
      expect(jobs).toHaveLength(5);
      expect(jobs.slice(0, 3)).toEqual(batch.members.map(({ job, values }) => ({ job, workflow: { values } })));
      const batches = [];
      for await (const bundle of store.batchBundles()) batches.push(bundle);
      expect(batches).toHaveLength(2);
      expect(batches[0]).toEqual({ record: batch.record, workflow: batch.workflow, claim });
      const other = await open();
      await other.store.takeInBatches(batches);
      await other.store.takeInBatches(batches.slice(1));
      await other.store.takeIn(jobs);
      const target = await other.reopen();
      expect((await target.batch(batch.record.id))?.counts).toMatchObject({ queued: 3 });
      expect(await target.workflow(batch.members[2]?.job.id ?? '')).toEqual({
        ...batch.workflow,
        ...workflowOf('value 2'),
      });
      expect(await target.createBatch(batchOf(3), claim)).toEqual({ kind: 'replayed', record: batch.record });
      await other.dispose();
    });

    it('B251 tells what it remembers of pods, and takes over a desk’s id', async () => {
      const memories = [
        { podId: 'pod-a', memory: { clientId: 'client-a', highestNumber: 7, witnessPromptId: randomUUID() } },
        { podId: 'pod-b', memory: { clientId: 'client-b' } },
      ];
      for (const { podId, memory } of memories) await store.savePodMemory(podId, memory);
      expect((await store.podMemories()).toSorted((a, b) => (a.podId < b.podId ? -1 : 1))).toEqual(memories);
      await store.deskId();
      const id = randomUUID();
      await store.setDeskId(id);
      store = await harness.reopen();
      expect(await store.deskId()).toBe(id);
    });
  });
}
