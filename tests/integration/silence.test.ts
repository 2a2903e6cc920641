import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { openTestDesk, type TestDesk } from '../support/open-test-desk.ts';
import { hangingPrompt, stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('a prompt without a sign of life', () => {
  let pod: DemoPod;
  let test: TestDesk | undefined;
  beforeEach(async () => {
    pod = await createDemoPod({ stepMs: 10 });
  });
  afterEach(async () => {
    await test?.close();
    await pod.close();
  });

  it('B303 is shown as silent until it gives one again; one that waits behind it is not', async () => {
    test = await openTestDesk({ one: pod.url }, { hungAfterMs: 300 });
    const desk = test;
    const { id } = await desk.submit(hangingPrompt(2));
    const { id: behind } = await desk.submit(stepsPrompt(1, 10));
    const silent = await waitUntil(async () => {
      const job = await desk.job(id);
      return job.live?.silentSince !== undefined && job;
    }, 'it is silent');
    expect(silent.state).toBe('running');
    expect(Date.parse(silent.live?.silentSince ?? '')).toBeLessThanOrEqual(Date.now() - 300);
    expect((await desk.job(behind)).live).not.toHaveProperty('silentSince');
    const job = await desk.reaches(id, 'succeeded');
    expect(job.timeline.filter(({ kind }) => kind === 'silent')).toHaveLength(1);
    const next = await desk.reaches(behind, 'succeeded');
    expect(next.timeline.map(({ kind }) => kind)).not.toContain('silent');
  });

  it('B304 is stopped by the pod where the operator wants it, and has failed only when the pod says so', async () => {
    test = await openTestDesk({ one: pod.url }, { hungAfterMs: 300, hungAction: 'cancel' });
    const desk = test;
    const { id } = await desk.submit(hangingPrompt(2));
    const asked = () =>
      pod.control.requests.some(({ method, path }) => method === 'POST' && /interrupt|cancel/.test(path));
    await waitUntil(asked, 'the pod is asked to stop it');
    expect((await desk.job(id)).state).toBe('running');
    const job = await desk.reaches(id, 'failed');
    expect(job.error).toMatchObject({ code: 'hung', message: expect.stringContaining('no sign of life') });
    expect(job.attempts).toHaveLength(1);
    await pod.control.idle();
    expect(pod.control.runs).toHaveLength(1);
  });
});
