import { describe, expect, it } from 'vitest';
import type { Job } from '../../lib/jobs/job.ts';
import { MAX_JOBS_WITH_FILES, type PodCondition } from '../../server/jobs/pod-client.ts';
import type { JobStore } from '../../server/jobs/job-store.ts';
import {
  accept,
  after,
  cancel,
  claim,
  failUntil,
  leaveOut,
  queuedAt,
  second,
  steps,
  workflowOf,
} from '../support/sample-jobs.ts';

/** Which pods may take a job next, and what is known of pods. */
export function jobStoreRetriesContract(storeOf: () => JobStore, reopen: () => Promise<JobStore>): void {
  describe('retries', () => {
    const put = async (...jobs: Job[]) => {
      for (const job of jobs) await storeOf().create(job, workflowOf('x'));
    };
    const write = async (...versions: Job[]) => {
      for (const version of versions) expect(await storeOf().replace(version)).toBe(true);
    };
    const order = async (podId: string, limit = 100, now = second(100)) =>
      (await storeOf().claimable(podId, now, limit)).map((job) => job.name);

    it('B308 passes over jobs that leave a pod out, and none of them keeps another waiting', async () => {
      const before = Array.from({ length: 40 }, (_, index) =>
        queuedAt(index, { name: `not on a ${index}`, priority: 5 }),
      );
      await put(...before, queuedAt(50, { name: 'first' }), queuedAt(51, { name: 'second' }));
      for (const [index, job] of before.entries())
        await write(...steps(job, ...(index % 2 ? leaveOut('pod-a') : leaveOut('pod-c', 'pod-a'))));
      expect(await order('pod-a', 1)).toEqual(['first']);
      expect(await order('pod-a')).toEqual(['first', 'second']);
      expect(await order('pod-b', 2)).toEqual(['not on a 0', 'not on a 1']);
      expect(await order('pod-b')).toHaveLength(42);
      expect(await order('pod-c', 2)).toEqual(['not on a 1', 'not on a 3']);
    });

    it('B308 takes pods apart whose ids are like parts of each other', async () => {
      const odd = ['a', 'b', ',', '","', '\\', 'a","b', '"', 'é\n\t'];
      for (const [index, podId] of odd.entries()) {
        const job = queuedAt(index, { name: `not on ${podId}` });
        await put(job);
        await write(...steps(job, ...leaveOut(podId, 'pod-z')));
      }
      for (const podId of odd)
        expect(await order(podId)).toEqual(odd.filter((other) => other !== podId).map((other) => `not on ${other}`));
      expect(await order('pod-z')).toEqual([]);
    });

    it('B308 gives a job that is meant for one pod next to that pod alone, until it is free again', async () => {
      const [pinned, any] = [queuedAt(1, { name: 'pinned', wantedPodId: 'pod-b' }), queuedAt(2, { name: 'any' })];
      await put(pinned, any);
      const waits = steps(
        any,
        claim('pod-a'),
        accept,
        failUntil(second(60), { next: { podId: 'pod-a', freeMemory: true } }),
      );
      await write(...waits);
      expect(await order('pod-a', 9, second(59))).toEqual([]);
      expect(await order('pod-a')).toEqual(['any']);
      expect(await order('pod-b')).toEqual(['pinned']);
      const free = after(waits.at(-1) ?? any, { type: 'unpin', detail: 'The pod is away.' });
      await write(free);
      expect(await order('pod-b')).toEqual(['pinned', 'any']);
      await write(after(free, claim('pod-b')), ...steps(pinned, ...leaveOut('pod-b')));
      for (const podId of ['pod-a', 'pod-b']) expect(await order(podId)).toEqual([]);
    });

    it('B308 gives a job to every pod again once a person asked for a retry', async () => {
      const job = queuedAt(1, { name: 'job' });
      await put(job);
      const versions = steps(job, ...leaveOut('pod-a', 'pod-b'), cancel, { type: 'retry_request' });
      await write(...versions.slice(0, -2));
      expect(await order('pod-a')).toEqual([]);
      await write(...versions.slice(-2));
      expect(await order('pod-a')).toEqual(['job']);
      await storeOf().remove(job.id);
      expect(await order('pod-a')).toEqual([]);
    });

    it('B310 keeps attempts, due time, pods left out and what comes next over a restart', async () => {
      const job = queuedAt(1, { name: 'job' });
      await put(job);
      const versions = steps(
        job,
        claim('pod-a'),
        accept,
        failUntil(second(40), { exclude: [{ podId: 'pod-a', code: 'model_missing' }], charged: false }),
        claim('pod-b'),
        accept,
        failUntil(second(900), { next: { podId: 'pod-b', freeMemory: true } }),
      );
      await write(...versions);
      const waiting = versions.at(-1);
      const again = await reopen();
      expect((await again.get(job.id))?.job).toEqual(waiting);
      expect(waiting).toMatchObject({
        state: 'retry_wait',
        retryAt: second(900),
        retriesUsed: 1,
        next: { podId: 'pod-b', freeMemory: true },
        excludedPods: [{ podId: 'pod-a', code: 'model_missing' }],
        attempts: [{ podId: 'pod-a' }, { podId: 'pod-b' }],
      });
      expect(await again.nextRetryAt()).toBe(second(900));
      expect(await again.claimable('pod-b', second(899), 9)).toEqual([]);
      expect(await again.claimable('pod-b', second(900), 9)).toEqual([waiting]);
      for (const podId of ['pod-a', 'pod-c']) expect(await again.claimable(podId, second(900), 9)).toEqual([]);
    });

    it('B309 keeps what is known of a pod’s condition over a restart, whole and in its newest form', async () => {
      expect(await storeOf().podCondition('pod-a')).toBeUndefined();
      const condition: PodCondition = {
        trouble: { state: 'quarantined', reason: 'Its GPU – „broken“.', since: second(1) },
        breaker: { failures: 4, openedAt: 1_767_225_600_123.5 },
        jobsWithFiles: Array.from({ length: MAX_JOBS_WITH_FILES }, (_, index) => `job-${index}`),
        lastErrors: [{ at: second(1), code: 'gpu_broken', message: 'CUDA', jobId: 'job-1' }],
        ordersDoneAt: second(2),
      };
      await storeOf().savePodCondition('pod-a', condition);
      await storeOf().savePodCondition('pod-b', condition);
      await storeOf().savePodCondition('pod-b', {});
      const again = await reopen();
      expect(await again.podCondition('pod-a')).toEqual(condition);
      expect(await again.podCondition('pod-b')).toEqual({});
    });
  });
}
