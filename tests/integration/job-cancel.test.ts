import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { openTestDesk, type TestDesk } from '../support/open-test-desk.ts';
import { hangingPrompt, stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('cancelling', () => {
  let pod: DemoPod;
  let test: TestDesk;
  beforeEach(async () => {
    pod = await createDemoPod({ stepMs: 10 });
    test = await openTestDesk({ one: pod.url });
  });
  afterEach(async () => {
    await test.close();
    await pod.close();
  });

  it('B52 ends a queued job at once, without any pod', async () => {
    await pod.control.refuseConnections(true);
    await waitUntil(() => test.desk.runner.pod('one')?.state !== 'up', 'the pod is seen down');
    const { id } = await test.submit(stepsPrompt(1, 10));
    expect(await test.desk.service.cancel(id)).toMatchObject({ state: 'cancelled' });
    await pod.control.refuseConnections(false);
    await test.podState('one', 'up', 30_000);
    expect(pod.control.posts).toHaveLength(0);
  }, 45_000);

  it('B52 stops a running job and leaves a stranger’s prompt alone', async () => {
    const { id } = await test.submit(stepsPrompt(200, 20));
    await waitUntil(() => pod.control.runs.length === 1, 'the pod runs it');
    const foreign = { prompt: stepsPrompt(2, 20), prompt_id: 'c0ffee00-0000-4000-8000-000000000001' };
    await fetch(`${pod.url}/prompt`, { method: 'POST', body: JSON.stringify(foreign) });
    await test.desk.service.cancel(id);
    await test.reaches(id, 'cancelled');
    await pod.control.idle();
    expect(pod.control.runs.map((run) => run.outcome)).toEqual(['interrupted', 'success']);
  });

  it('B52 takes a pending prompt out of the pod’s queue', async () => {
    const running = await test.submit(stepsPrompt(100, 20));
    await waitUntil(() => pod.control.runs.length === 1, 'the pod runs the first');
    const pending = await test.submit(stepsPrompt(5, 20));
    await test.reaches(pending.id, 'running');
    await test.desk.service.cancel(pending.id);
    await test.reaches(pending.id, 'cancelled');
    expect(await test.job(running.id)).toMatchObject({ state: 'running' });
    await test.desk.service.cancel(running.id);
    await test.reaches(running.id, 'cancelled');
    expect(pod.control.runs).toHaveLength(1);
  });

  it('B52 asks again when an interrupt was lost', async () => {
    pod.control.worker.interruptsLost = 1;
    const { id } = await test.submit(stepsPrompt(400, 20));
    await waitUntil(() => pod.control.runs.length === 1, 'the pod runs it');
    await test.desk.service.cancel(id);
    await test.reaches(id, 'cancelled');
    expect(pod.control.runs[0]?.outcome).toBe('interrupted');
  });

  it('B52 stops nothing of others on a pod whose interrupt is not targeted', async () => {
    pod.control.targetedInterrupt = false;
    const foreign = { prompt: stepsPrompt(30, 20), prompt_id: 'c0ffee00-0000-4000-8000-000000000002' };
    await fetch(`${pod.url}/prompt`, { method: 'POST', body: JSON.stringify(foreign) });
    await waitUntil(() => pod.control.runs.length === 1, 'the stranger’s prompt runs');
    const { id } = await test.submit(stepsPrompt(200, 20));
    await test.reaches(id, 'running');
    await test.desk.service.cancel(id);
    await test.reaches(id, 'cancelled');
    await pod.control.idle();
    expect(pod.control.runs[0]?.outcome).toBe('success');
  });

  it('B53 keeps the wish over a restart while a node does not listen', async () => {
    const { id } = await test.submit(hangingPrompt(4));
    await waitUntil(() => pod.control.runs.length === 1, 'the pod runs it');
    await test.reaches(id, 'running');
    const stopping = await test.desk.service.cancel(id);
    expect(stopping).toMatchObject({ state: 'running', cancelRequested: true });
    await test.restart();
    expect(await test.job(id)).toMatchObject({ cancelRequested: true });
    await test.reaches(id, 'cancelled', 20_000);
    expect(pod.control.runs).toMatchObject([{ outcome: 'interrupted' }]);
  }, 40_000);

  it('B52 ends a job that is just being submitted, whatever the pod did with the prompt', async () => {
    pod.control.failNextPost({ kind: 'late', ms: 400 });
    const { id } = await test.submit(stepsPrompt(200, 20));
    await waitUntil(() => pod.control.posts.length === 1, 'the POST is under way');
    await test.desk.service.cancel(id);
    await test.reaches(id, 'cancelled');
    await pod.control.idle();
    expect(pod.control.runs.every((run) => run.outcome !== 'success')).toBe(true);
  });
});
