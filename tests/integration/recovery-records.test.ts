import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Recovery } from '../../lib/jobs/recovery.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { openTestDesk, type TestDesk } from '../support/open-test-desk.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('the record of a recovery', () => {
  let pod: DemoPod;
  let test: TestDesk;
  beforeEach(async () => {
    pod = await createDemoPod({ stepMs: 10 });
    test = await openTestDesk({ one: pod.url }, { progressIntervalMs: 50, podSlots: 4 });
  });
  afterEach(async () => {
    await test.close();
    await pod.close();
  });

  const records = () => test.desk.store.recoveries(10);
  const ended = (reason: Recovery['reason']) =>
    waitUntil(async () => {
      const found = (await records()).find((record) => record.reason === reason);
      return found?.endedAt !== undefined && found;
    }, `a recovery after ${reason} has ended`);
  const runsOf = (jobId: string) => pod.control.runs.filter((run) => run.jobId === jobId);
  const running = async (steps = 100) => {
    const { id } = await test.submit(stepsPrompt(steps, 30));
    await waitUntil(async () => ((await test.desk.store.get(id))?.progress?.percent ?? 0) > 5, 'its bar is stored');
    return id;
  };

  it('B228 says of a job that runs on at which percent it is followed again', async () => {
    const id = await running();
    await test.restart();
    const record = await ended('start');
    const before = (await test.desk.store.get(id))?.progress?.percent ?? 0;
    expect(record).toMatchObject({
      podIds: ['one'],
      found: 1,
      unanswered: [],
      jobs: [{ jobId: id, podId: 'one', action: 'reattached', percent: expect.any(Number) }],
    });
    expect(record.jobs[0]?.percent).toBeGreaterThan(0);
    expect(record.jobs[0]?.percent).toBeLessThanOrEqual(before + 10);
    expect((await test.job(id)).state).toBe('running');
    expect(pod.control.posts).toHaveLength(1);
  });

  it('B434 tells after a restart which nodes were done before it, and keeps them to the end', async () => {
    const id = await running(60);
    expect((await test.desk.store.get(id))?.progress?.nodes).toBe('dr-');
    await test.restart();
    const live = await waitUntil(async () => (await test.job(id)).live, 'it is followed again');
    expect(live.nodes).toBe('dr-');
    expect((await test.reaches(id, 'succeeded')).attempts).toMatchObject([{ nodes: 'ddd' }]);
  });

  it('B228 says of a job that ended meanwhile that its result was adopted', async () => {
    const id = await running(20);
    await test.restart({}, () => pod.control.idle());
    expect((await ended('start')).jobs).toMatchObject([{ jobId: id, action: 'adopted' }]);
    const job = await test.reaches(id, 'succeeded');
    expect(job.outputs).toHaveLength(1);
    expect(job.timeline.map(({ kind }) => kind)).toContain('adopted');
    expect(job.timeline.map(({ kind }) => kind)).not.toContain('reattached');
    expect(runsOf(id)).toHaveLength(1);
  });

  it('B228 says of a job whose pod died that it runs again', async () => {
    const done = await test.submit(stepsPrompt(1, 1));
    await test.reaches(done.id, 'succeeded');
    const id = await running();
    await test.restart({}, () => pod.control.restart());
    expect((await ended('start')).jobs).toMatchObject([{ jobId: id, action: 'rework' }]);
    await waitUntil(() => runsOf(id).length === 2, 'it runs again');
  });

  it('B228 says of a job that nobody heard of for too long that it is stale, and stops it on its pod', async () => {
    const id = await running();
    await test.restart({ jobStaleAfterMs: 1 });
    expect((await ended('start')).jobs).toMatchObject([{ jobId: id, action: 'stale' }]);
    expect((await test.job(id)).error).toMatchObject({ code: 'stale' });
    await waitUntil(() => runsOf(id)[0]?.outcome === 'interrupted', 'the pod stops');
  });

  it('B228 takes the result of a stale job that its pod still has', async () => {
    const id = await running(20);
    await test.restart({ jobStaleAfterMs: 1 }, () => pod.control.idle());
    expect((await ended('start')).jobs).toMatchObject([{ jobId: id, action: 'adopted' }]);
    await test.reaches(id, 'succeeded');
  });

  it('B228 says what was sent because it was certainly not on the pod', async () => {
    pod.control.failNextPost({ kind: 'status', status: 502, accept: false });
    const { id } = await test.submit(stepsPrompt(20, 10));
    await test.reaches(id, 'uncertain');
    await test.restart();
    const looking = await waitUntil(async () => {
      const record = (await records())[0];
      return record?.jobs[0]?.action === 'looking' && record;
    }, 'the record of what goes on is there');
    expect(looking).not.toHaveProperty('endedAt');
    expect((await ended('start')).jobs).toMatchObject([{ jobId: id, action: 'resubmitted' }]);
    await test.reaches(id, 'succeeded');
    expect(runsOf(id)).toHaveLength(1);
  });

  it('B229 names a pod that does not answer, and tells of its jobs when it does', async () => {
    const id = await running(300);
    await test.restart({}, () => pod.control.refuseConnections(true));
    const start = await ended('start');
    expect(start).toMatchObject({ unanswered: ['one'], jobs: [{ jobId: id, action: 'looking' }] });
    await pod.control.refuseConnections(false);
    const back = await ended('reconnect');
    expect(back).toMatchObject({ podIds: ['one'], unanswered: [], jobs: [{ jobId: id, action: 'reattached' }] });
    expect(pod.control.posts).toHaveLength(1);
  });

  it('B229 tells of a pod that was away while it had work, once it is back', async () => {
    const id = await running(30);
    await pod.control.refuseConnections(true);
    pod.control.dropSockets();
    await waitUntil(() => test.desk.runner.pod('one')?.state !== 'up', 'the pod is seen away');
    await pod.control.idle();
    await pod.control.refuseConnections(false);
    expect((await ended('reconnect')).jobs).toMatchObject([{ jobId: id, action: expect.stringMatching(/adopted|re/) }]);
    await test.reaches(id, 'succeeded');
    expect(await records()).toHaveLength(1);
  });

  it('B229 keeps no record where nothing was in flight and every pod answered', async () => {
    const { id } = await test.submit(stepsPrompt(1, 1));
    await test.reaches(id, 'succeeded');
    await test.restart();
    await test.podState('one', 'up');
    const next = await test.submit(stepsPrompt(1, 1));
    await test.reaches(next.id, 'succeeded');
    expect(await records()).toEqual([]);
  });

  it('B229 closes the record that a dead process left open', async () => {
    const open: Recovery = {
      schemaVersion: 1,
      id: randomUUID(),
      reason: 'start',
      instance: 'gone:1',
      podIds: ['one'],
      startedAt: '2026-01-01T00:00:00.000Z',
      found: 1,
      jobs: [],
      unanswered: [],
    };
    await test.desk.store.saveRecovery(open);
    await test.restart();
    expect(await records()).toMatchObject([{ id: open.id, endedAt: expect.any(String) }]);
  });

  it('B228 hears a wish to cancel that comes while its pod is still being asked', async () => {
    const id = await running(300);
    const slow = pod.control.fault({ path: '/queue' }, { kind: 'delay', ms: 1500 });
    const restarted = test.restart();
    await waitUntil(() => pod.control.requests.some(({ path }) => path.startsWith('/queue')), 'the pod is asked');
    await restarted;
    await test.desk.service.cancel(id);
    slow();
    await test.reaches(id, 'cancelled');
    expect(runsOf(id)).toMatchObject([{ outcome: 'interrupted' }]);
  });
});

describe('a start over many pods', () => {
  it('B230 asks eight at once, each in at most three calls until its jobs are followed', async () => {
    const DELAY_MS = 400;
    const pods = await Promise.all(Array.from({ length: 10 }, () => createDemoPod({ stepMs: 10 })));
    const test = await openTestDesk(Object.fromEntries(pods.map(({ url }, nth) => [`pod-${nth}`, url])));
    try {
      const jobs = await Promise.all(pods.map((_, nth) => test.submit(stepsPrompt(1000, 30), { pod: `pod-${nth}` })));
      for (const { id } of jobs) await test.reaches(id, 'running');
      let before: number[] = [];
      await test.restart({}, async () => {
        before = pods.map(({ control }) => control.requests.length);
        for (const { control } of pods) control.fault({ path: '/queue' }, { kind: 'delay', ms: DELAY_MS });
      });
      const followedAt = await waitUntil(async () => {
        const found = await Promise.all(jobs.map(({ id }) => test.job(id)));
        const times = found.map(({ timeline }) => timeline.find(({ kind }) => kind === 'reattached')?.at);
        return times.every((at) => at !== undefined) && times.map((at) => Date.parse(at));
      }, 'all jobs are followed again');
      const asked = pods.map(({ control }, nth) => control.requests.slice(before[nth]));
      const first = asked
        .map((calls) => calls.find(({ path }) => path === '/queue')?.at ?? 0)
        .toSorted((a, b) => a - b);
      expect((first[8] ?? 0) - (first[0] ?? 0)).toBeGreaterThanOrEqual(DELAY_MS - 50);
      const until = asked.map((calls, nth) => calls.filter(({ at }) => at < (followedAt[nth] ?? 0)).length);
      expect(Math.max(...until)).toBeLessThanOrEqual(3);
      const [record] = await test.desk.store.recoveries(10);
      expect(record).toMatchObject({ reason: 'start', found: 10 });
      expect(record?.podIds.toSorted()).toEqual(pods.map((_, nth) => `pod-${nth}`).toSorted());
    } finally {
      await test.close();
      await Promise.all(pods.map((pod) => pod.close()));
    }
  }, 60_000);

  it('B187 B230 follows what is on the pods that answer, though more than eight do not, and stops at once', async () => {
    const pods = await Promise.all(Array.from({ length: 10 }, () => createDemoPod({ stepMs: 10 })));
    const test = await openTestDesk(Object.fromEntries(pods.map(({ url }, nth) => [`pod-${nth}`, url])));
    try {
      const { id } = await test.submit(stepsPrompt(1000, 30), { pod: 'pod-9' });
      await test.reaches(id, 'running');
      await test.restart({}, async () => {
        for (const { control } of pods.slice(0, 9)) control.fault({}, { kind: 'hang' });
      });
      const again = async () => (await test.job(id)).timeline.some(({ kind }) => kind === 'reattached');
      await waitUntil(again, 'the job is followed again', 5000);
      expect(pods.at(-1)?.control.posts).toHaveLength(1);
      const stopped = performance.now();
      await test.desk.handOver();
      expect(performance.now() - stopped, 'a stop waits for no pod that hangs').toBeLessThan(5000);
    } finally {
      await test.close();
      await Promise.all(pods.map((pod) => pod.close()));
    }
  }, 60_000);
});
