import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { openTestDesk, type TestDesk } from '../support/open-test-desk.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { startRedis, type RedisProcess } from '../support/redis-process.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Redis comes back as it was at an earlier moment, as a promoted replica or a restored backup does. */
describe('a Redis that has lost its last moments', () => {
  let redis: RedisProcess;
  let pods: Record<string, DemoPod>;
  let test: TestDesk;
  beforeEach(async () => {
    redis = await startRedis();
    pods = { one: await createDemoPod({ stepMs: 10 }), two: await createDemoPod({ stepMs: 10 }) };
    test = await open();
  });
  afterEach(async () => {
    await test.close();
    for (const pod of Object.values(pods)) await pod.close();
    await redis.stop();
  });

  const open = (): Promise<TestDesk> => {
    const urls = Object.fromEntries(Object.entries(pods).map(([id, { url }]) => [id, url]));
    return openTestDesk(urls, { redisUrl: redis.url, podSlots: 1, leaseMs: 500 });
  };
  const runsOf = (jobId: string) =>
    Object.values(pods).flatMap(({ control }) => control.runs.filter((run) => run.jobId === jobId));
  const up = (desk: TestDesk) => Promise.all(Object.keys(pods).map((id) => desk.podState(id, 'up')));

  it('B225 B226 and all that wrote to it gets them back from the pods, and nothing runs twice', async () => {
    await up(test);
    const before = await Promise.all([test.submit(stepsPrompt(40, 20)), test.submit(stepsPrompt(40, 20))]);
    for (const { id } of before) await test.reaches(id, 'running');
    const waits = await test.submit(stepsPrompt(60, 20));
    const files = redis.copyFiles();
    for (const { id } of before) await test.reaches(id, 'succeeded');
    await test.reaches(waits.id, 'running');
    const late = await test.submit(stepsPrompt(60, 20));
    await test.reaches(late.id, 'running');
    await test.restart({}, () => files.rollBack());
    for (const { id } of [...before, waits, late]) {
      expect((await test.reaches(id, 'succeeded')).outputs).toHaveLength(1);
      expect(runsOf(id).map(({ outcome }) => outcome)).toEqual(['success']);
    }
    expect((await test.job(late.id)).metadata).toEqual({ adopted: true });
    expect((await test.job(waits.id)).attempts).toHaveLength(1);
  }, 60_000);

  it('B225 B226 and an instance that died with them: another takes its pods over and what they have', async () => {
    const other = await open();
    try {
      const driven = () => other.desk.runner.driven().map(({ id }) => id);
      const [theirs] = await waitUntil(() => driven().length === 1 && driven(), 'each instance drives one pod');
      await up(test);
      const files = redis.copyFiles();
      const lost = await other.submit(stepsPrompt(80, 20), { pod: theirs ?? '' });
      await other.reaches(lost.id, 'running');
      // Without its connection it is as good as dead: it neither renews a lease nor writes anything again.
      await other.desk.store.close();
      await files.rollBack();
      const found = async () => (await test.desk.service.get(lost.id).catch(() => undefined)) !== undefined;
      await waitUntil(found, 'the job is known again', 20_000);
      expect((await test.reaches(lost.id, 'succeeded')).metadata).toEqual({ adopted: true });
      expect(runsOf(lost.id).map(({ outcome }) => outcome)).toEqual(['success']);
    } finally {
      await other.close();
    }
  }, 60_000);

  it('B225 and an instance that lives: nothing is lost and nothing runs twice', async () => {
    await up(test);
    const files = redis.copyFiles();
    const jobs = await Promise.all([1, 2, 3, 4].map((nth) => test.submit(stepsPrompt(20 * nth, 20))));
    const [first] = jobs;
    if (first) await test.reaches(first.id, 'succeeded');
    await files.rollBack();
    for (const { id } of jobs) {
      await waitUntil(async () => (await test.desk.service.get(id).catch(() => undefined))?.state === 'succeeded', id);
      expect(runsOf(id).map(({ outcome }) => outcome)).toEqual(['success']);
    }
  }, 60_000);
});
