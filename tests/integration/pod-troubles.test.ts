import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { countRequests } from '../support/counted-requests.ts';
import { openTestDesk, type TestDesk } from '../support/open-test-desk.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { beginVirtualTime, endVirtualTime, passVirtually } from '../support/virtual-time.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Works for so long, then its GPU breaks down. */
function breakingPrompt(ms: number): Prompt {
  const { '3': _save, ...steps } = stepsPrompt(1, ms);
  return {
    ...steps,
    '3': { class_type: 'ProbeFail', inputs: { image: ['2', 0], kind: 'cuda', seed: 1 } },
    '4': { class_type: 'PreviewImage', inputs: { images: ['3', 0] } },
  };
}

describe('pods that are not well', () => {
  let a: DemoPod;
  let b: DemoPod;
  let test: TestDesk;
  beforeEach(async () => {
    [a, b] = await Promise.all([createDemoPod({ stepMs: 10 }), createDemoPod({ stepMs: 10 })]);
    test = await openTestDesk({ a: a.url, b: b.url }, { podSlots: 3 });
    await Promise.all([test.podState('a', 'up'), test.podState('b', 'up')]);
  });
  afterEach(async () => {
    await test.close();
    await Promise.all([a.close(), b.close()]);
  });

  it('B292 B293 B298 a broken GPU burns one job: what waits there moves, what runs stays, until the pod has restarted', async () => {
    const { runner, service } = test.desk;
    await runner.order('b', 'drain');
    a.control.worker.stuck = true;
    const broken = await test.submit(breakingPrompt(10), { pod: 'a' });
    const running = await test.submit(stepsPrompt(100, 200));
    const waiting = await test.submit(stepsPrompt(1, 10));
    await waitUntil(() => a.control.posts.length === 3, 'all three are on the pod');
    await runner.order('b', 'reopen');
    a.control.worker.stuck = false;

    await test.podState('a', 'quarantined');
    expect(await test.reaches(waiting.id, 'succeeded')).toMatchObject({ podId: 'b', attempts: [{ ran: false }, {}] });
    expect(await test.job(running.id)).toMatchObject({ state: 'running', podId: 'a' });
    expect([...a.control.runs, ...b.control.runs].filter(({ jobId }) => jobId === waiting.id)).toHaveLength(1);
    expect(runner.pod('a')?.lastErrors[0]).toMatchObject({ code: 'gpu_broken', jobId: broken.id });
    expect(await test.job(broken.id)).toMatchObject({ state: 'retry_wait' });
    await Promise.all([service.cancel(broken.id), service.cancel(running.id)]);
    await test.reaches(running.id, 'cancelled');

    await test.restart();
    await waitUntil(() => test.desk.runner.pod('a')?.version !== null, 'the pod was probed');
    expect(test.desk.runner.pod('a')).toMatchObject({ state: 'quarantined', troubleSince: expect.any(String) });
    await a.control.restart();
    await test.podState('a', 'up');
  });

  it('B295 a person drains a pod, has its memory freed once and reopens it', async () => {
    await expect(test.desk.runner.order('c', 'drain')).rejects.toMatchObject({ code: 'pod_not_found' });
    const busy = await test.submit(stepsPrompt(1, 600), { pod: 'a' });
    await test.reaches(busy.id, 'running');
    expect(await test.desk.runner.order('a', 'drain')).toMatchObject({ drained: true, state: 'draining' });
    await test.desk.runner.order('a', 'free-memory');
    const frees = () => a.control.requests.filter(({ path }) => path === '/free').length;
    const kept = await test.submit(stepsPrompt(1, 10), { pod: 'a' });
    expect(frees()).toBe(0);
    expect(await test.reaches(busy.id, 'succeeded')).toMatchObject({ podId: 'a' });
    await waitUntil(() => frees() === 1, 'the memory was freed');
    await waitUntil(async () => (await test.desk.store.podCondition('a'))?.ordersDoneAt, 'the order is done');

    await test.restart();
    await test.podState('a', 'draining');
    expect(await test.job(kept.id)).toMatchObject({ state: 'queued' });
    await test.desk.runner.order('a', 'reopen');
    await test.reaches(kept.id, 'succeeded');
    expect(frees()).toBe(1);
  });
});

describe('a pod that begins to refuse the credentials', () => {
  const counted = countRequests();
  let pod: DemoPod;
  let test: TestDesk;
  beforeEach(async () => {
    pod = await createDemoPod({ stepMs: 1 });
    test = await openTestDesk({ one: pod.url }, { podSlots: 6 });
    await test.podState('one', 'up');
    beginVirtualTime();
  });
  afterEach(async () => {
    let closed = false;
    const closing = test.close().then(() => pod.close());
    void closing.then(() => (closed = true));
    await passVirtually(20_000, 100, () => closed);
    endVirtualTime();
    await closing;
    counted.stop();
  });

  it('B294 is asked six times in ten seconds at most, whatever runs there or is to be cancelled, then slowly', async () => {
    const submitted = Promise.all(Array.from({ length: 9 }, () => test.submit(stepsPrompt(100, 10_000))));
    await passVirtually(10_000, 100, () => pod.control.posts.length === 6);
    const jobs = await submitted;
    await passVirtually(5000, 100);
    const from = counted.made.length;
    pod.control.requireHeaders = { authorization: 'Bearer new' };
    pod.control.dropSockets();
    await passVirtually(1000, 100);
    // Each of these is to be cancelled until the pod confirms it.
    const cancelled = Promise.all(jobs.map(({ id }) => test.desk.service.cancel(id)));
    await passVirtually(9000, 100);
    await cancelled;
    expect(counted.made.length - from).toBeLessThanOrEqual(6);
    expect(test.desk.runner.pod('one')).toMatchObject({ state: 'unauthorized', nextProbeAt: expect.any(String) });
    await passVirtually(300_000, 200);
    const probes = counted.made.slice(from).filter(({ path }) => path === '/system_stats');
    expect(probes.length).toBeGreaterThanOrEqual(5);
    expect(counted.made.length - from).toBeLessThanOrEqual(6 + 5 + 12);
    pod.control.requireHeaders = undefined;
    expect(await passVirtually(70_000, 100, () => test.desk.runner.pod('one')?.state === 'up')).toBe(true);
  });
});
