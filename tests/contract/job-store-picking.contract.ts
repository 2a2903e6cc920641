import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../lib/jobs/job.ts';
import type { JobStore } from '../../server/jobs/job-store.ts';
import {
  accept,
  after,
  askAgain,
  cancel,
  claim,
  fail,
  failUntil,
  queuedAt,
  second,
  steps,
  workflowOf,
} from '../support/sample-jobs.ts';

/** What pods' drivers and recovery ask for. */
export function jobStorePickingContract(storeOf: () => JobStore, reopen: () => Promise<JobStore>): void {
  describe('picking', () => {
    const put = async (...jobs: Job[]) => {
      for (const job of jobs) await storeOf().create(job, workflowOf('x'));
    };
    const write = async (...versions: Job[]) => {
      for (const version of versions) expect(await storeOf().replace(version)).toBe(true);
    };
    const order = async (podId: string, now: string, limit = 100) =>
      (await storeOf().claimable(podId, now, limit)).map((job) => job.name);

    it('B14 gives the highest priority first, then the oldest', async () => {
      await put(
        queuedAt(3, { name: 'c' }),
        queuedAt(1, { name: 'a' }),
        queuedAt(9, { name: 'urgent', priority: 5 }),
        queuedAt(2, { name: 'b' }),
        queuedAt(0, { name: 'later', priority: -1 }),
      );
      expect(await order('pod-a', second(100))).toEqual(['urgent', 'a', 'b', 'c', 'later']);
      expect(await order('pod-a', second(100), 2)).toEqual(['urgent', 'a']);
    });

    it('B14 gives a job that wants a pod to that pod alone', async () => {
      await put(queuedAt(1, { name: 'any' }), queuedAt(2, { name: 'for b', wantedPodId: 'pod-b', priority: 1 }));
      expect(await order('pod-a', second(100))).toEqual(['any']);
      expect(await order('pod-b', second(100))).toEqual(['for b', 'any']);
    });

    it('B14 gives a retry when it is due and not before', async () => {
      const [waits, queued] = [queuedAt(1, { name: 'waits' }), queuedAt(2, { name: 'queued' })];
      await put(waits, queued);
      await write(...steps(waits, claim(), failUntil(second(60))));
      expect(await order('pod-a', second(59))).toEqual(['queued']);
      expect(await order('pod-a', second(60))).toEqual(['waits', 'queued']);
    });

    it('B14 gives nothing that a pod has or that has ended', async () => {
      const jobs = [queuedAt(1), queuedAt(2), queuedAt(3)] as const;
      await put(...jobs);
      await write(after(jobs[0], claim()), ...steps(jobs[1], claim(), accept), after(jobs[2], cancel));
      expect(await order('pod-a', second(100))).toEqual([]);
    });

    it('B14 names the earliest retry', async () => {
      expect(await storeOf().nextRetryAt()).toBeUndefined();
      const [late, soon] = [queuedAt(1), queuedAt(2)];
      await put(late, soon);
      await write(...steps(late, claim(), failUntil(second(500))), ...steps(soon, claim(), failUntil(second(60))));
      expect(await storeOf().nextRetryAt()).toBe(second(60));
      const waiting = (await storeOf().get(soon.id))?.job;
      if (waiting) await write(after(waiting, cancel));
      expect(await storeOf().nextRetryAt()).toBe(second(500));
    });

    it('B14 tells what is on which pod, with its progress', async () => {
      const [a1, a2, b, queued] = [queuedAt(2), queuedAt(1), queuedAt(3), queuedAt(4)];
      await put(a1, a2, b, queued);
      const unsure = steps(a2, claim('pod-a'), { type: 'lose_sight', reason: 'cut' });
      await write(after(a1, claim('pod-a')), ...unsure, ...steps(b, claim('pod-b'), accept));
      await storeOf().saveProgress(b.id, { promptId: 'p', percent: 7, phase: 'loading' });
      expect((await storeOf().onPod('pod-a')).map(({ job }) => job.id)).toEqual([a2.id, a1.id]);
      expect(await storeOf().onPod('pod-b')).toMatchObject([{ job: { id: b.id }, progress: { percent: 7 } }]);
      expect((await storeOf().podsWithJobs()).toSorted()).toEqual(['pod-a', 'pod-b']);
      expect((await storeOf().active()).map(({ job }) => job.id)).toEqual([a2.id, a1.id, b.id, queued.id]);
      const version = (await storeOf().get(b.id))?.job;
      if (version) await write(after(version, fail));
      expect(await storeOf().podsWithJobs()).toEqual(['pod-a']);
      expect(await storeOf().onPod('pod-b')).toEqual([]);
    });

    it('B14 takes a job in that is claimed already', async () => {
      const promptId = randomUUID();
      const job = after(queuedAt(1), claim('pod-a', promptId));
      await put(job);
      expect(await storeOf().onPod('pod-a')).toEqual([{ job }]);
      expect(await storeOf().jobOfPrompt(promptId)).toBe(job.id);
      expect(await order('pod-a', second(100))).toEqual([]);
      expect((await storeOf().counts()).submitting).toBe(1);
    });

    it('B14 finds a job by its newest prompt, active or ended', async () => {
      const job = queuedAt(1);
      const [first, newest] = [randomUUID(), randomUUID()];
      await put(job);
      const versions = steps(job, claim('pod-a', first), accept, fail, askAgain, claim('pod-a', newest), accept, fail);
      await write(...versions.slice(0, 4));
      expect(await storeOf().jobOfPrompt(first)).toBe(job.id);
      await write(...versions.slice(4, 6));
      expect(await storeOf().jobOfPrompt(newest)).toBe(job.id);
      expect(await storeOf().jobOfPrompt(first)).toBeUndefined();
      await write(...versions.slice(6));
      expect(await storeOf().jobOfPrompt(newest)).toBe(job.id);
      expect(await storeOf().jobOfPrompt(randomUUID())).toBeUndefined();
    });

    it('B14 remembers each pod over a restart', async () => {
      expect(await storeOf().podMemory('pod-a')).toBeUndefined();
      const memory = { clientId: 'c1', highestNumber: 12.5, witnessPromptId: 'w' };
      await storeOf().savePodMemory('pod-a', memory);
      await storeOf().savePodMemory('pod-b', { clientId: 'c2', highestNumber: 1 });
      await storeOf().savePodMemory('pod-b', { clientId: 'c3' });
      const again = await reopen();
      expect(await again.podMemory('pod-a')).toEqual(memory);
      expect(await again.podMemory('pod-b')).toEqual({ clientId: 'c3' });
    });
  });
}
