import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../lib/jobs/job.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { StoreUnavailableError } from '../../server/jobs/job-store.ts';
import { openTestDesk, type TestDesk } from '../support/open-test-desk.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('a claim whose answer is lost', () => {
  let pod: DemoPod;
  let test: TestDesk;
  beforeEach(async () => {
    pod = await createDemoPod({ stepMs: 5 });
    test = await openTestDesk({ pod: pod.url });
    await test.podState('pod', 'up');
    await test.desk.system.pause();
  });
  afterEach(async () => {
    await test.close();
    await pod.close();
  });
  const driver = () => {
    const [one] = test.desk.runner.driven();
    if (!one) throw new Error('the pod is driven');
    return one;
  };
  /** Called with the first claim, once it is written. */
  const afterClaim = (then: (job: Job) => Promise<void>) => {
    const { store } = test.desk;
    const replace = store.replace.bind(store);
    let first = true;
    store.replace = async (next, fence) => {
      const done = await replace(next, fence);
      if (next.state === 'submitting' && first) {
        first = false;
        await then(next);
      }
      return done;
    };
  };

  it('B267 is taken up later, and its prompt is posted once', async () => {
    let lost = false;
    afterClaim(async () => {
      lost = true;
      throw new StoreUnavailableError('The answer was lost.');
    });
    const { id } = await test.submit(stepsPrompt(2, 1));
    await test.desk.system.resume();
    await waitUntil(() => lost, 'the claim is written');
    expect((await test.job(id)).state).toBe('submitting');
    await waitUntil(async () => {
      await driver().takeUpLeft();
      return (await test.job(id)).state !== 'submitting';
    }, 'somebody looks after it');
    await test.reaches(id, 'succeeded');
    expect(pod.control.posts).toHaveLength(1);
  }, 30_000);

  it('B267 is nobody else’s while it is being written', async () => {
    afterClaim(async () => driver().takeUpLeft());
    const { id } = await test.submit(stepsPrompt(2, 1));
    await test.desk.system.resume();
    const { timeline } = await test.reaches(id, 'succeeded');
    expect(timeline.map(({ kind }) => kind)).not.toContain('uncertain');
    expect(pod.control.posts).toHaveLength(1);
  });
});
