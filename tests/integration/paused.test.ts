import { afterEach, describe, expect, it } from 'vitest';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { openTestDesk, type TestDesk } from '../support/open-test-desk.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('a paused desk', () => {
  let pod: DemoPod | undefined;
  let test: TestDesk | undefined;
  afterEach(async () => {
    await test?.close();
    await pod?.close();
  });

  it('B265 follows what is on pods and gives out nothing new until it is resumed', async () => {
    pod = await createDemoPod({ stepMs: 30 });
    test = await openTestDesk({ pod: pod.url });
    const running = await test.submit(stepsPrompt(40, 30));
    await test.reaches(running.id, 'running');
    await test.restart({ startPaused: true });
    const { dispatch } = await test.desk.system.system();
    expect(dispatch).toMatchObject({ paused: true, reason: 'START_PAUSED=1' });
    const waiting = await test.submit(stepsPrompt(2, 1));
    await test.podState('pod', 'up');
    await test.reaches(running.id, 'succeeded');
    expect((await test.job(waiting.id)).state).toBe('queued');
    expect(pod.control.posts).toHaveLength(1);
    await test.desk.system.resume();
    await test.reaches(waiting.id, 'succeeded');
    expect(pod.control.posts).toHaveLength(2);
  });

  it('B265 stays paused over a restart when a person paused it', async () => {
    pod = await createDemoPod({ stepMs: 5 });
    test = await openTestDesk({ pod: pod.url });
    await test.desk.system.pause();
    const waiting = await test.submit(stepsPrompt(2, 1));
    await test.restart();
    await test.podState('pod', 'up');
    await waitUntil(async () => (await test?.desk.system.system())?.dispatch.paused === true, 'it is still paused');
    expect((await test.job(waiting.id)).state).toBe('queued');
    await test.desk.system.resume();
    await test.reaches(waiting.id, 'succeeded');
  });
});
