import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newJob, transition } from '../../lib/jobs/transition.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { openTestDesk, type TestDesk } from '../support/open-test-desk.ts';
import { accepted, startClient } from '../support/pod-clients.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('prompts that the store does not know', () => {
  let pod: DemoPod;
  let test: TestDesk;
  beforeEach(async () => {
    pod = await createDemoPod({ stepMs: 10 });
    test = await openTestDesk({ one: pod.url }, { podSlots: 2 });
  });
  afterEach(async () => {
    await test.close();
    await pod.close();
  });

  const submitted = async (steps: number, name: string) => {
    const { job } = await test.desk.service.submit({ workflow: stepsPrompt(steps, 20), name });
    await test.reaches(job.id, ['running', 'succeeded']);
    return job.id;
  };
  const runsOf = (jobId: string) => pod.control.runs.filter((run) => run.jobId === jobId);
  const lastRecord = () =>
    waitUntil(async () => {
      const record = (await test.desk.store.recoveries(1))[0];
      return record?.endedAt !== undefined && record;
    }, 'the recovery has ended');

  it('B225 become jobs again, marked so: one that runs, and one that waits behind it', async () => {
    const ids = [await submitted(60, 'runs'), await submitted(2, 'waits')];
    for (const id of ids) await test.desk.store.remove(id);
    await test.restart();
    expect(await lastRecord()).toMatchObject({ found: 2, jobs: [{ action: 'orphan' }, { action: 'orphan' }] });
    for (const [nth, id] of ids.entries()) {
      const job = await test.reaches(id, 'succeeded');
      expect(job).toMatchObject({ name: ['runs', 'waits'][nth], metadata: { adopted: true } });
      expect(job.timeline).toContainEqual(expect.objectContaining({ kind: 'adopted', podId: 'one' }));
      expect(job.outputs).toHaveLength(1);
      expect(runsOf(id)).toHaveLength(1);
    }
    expect(await test.desk.service.workflow(ids[0] ?? '')).toMatchObject({
      prompt: { '2': { class_type: 'ProbeSteps' } },
    });
  });

  it('B225 become jobs again where they ended a short while before', async () => {
    const id = await submitted(5, 'ended');
    await test.reaches(id, 'succeeded');
    await test.desk.store.remove(id);
    await test.restart();
    expect(await lastRecord()).toMatchObject({ jobs: [{ jobId: id, action: 'orphan' }] });
    expect((await test.reaches(id, 'succeeded')).outputs).toHaveLength(1);
    expect(runsOf(id)).toHaveLength(1);
  });

  it('B225 do not come back where they ended long ago, or nothing was lost', async () => {
    const id = await submitted(1, 'pruned');
    await test.reaches(id, 'succeeded');
    await test.desk.store.remove(id);
    await test.restart({ jobStaleAfterMs: 1 });
    await test.podState('one', 'up');
    await pod.control.refuseConnections(true);
    await waitUntil(() => test.desk.runner.pod('one')?.state !== 'up', 'the pod is seen away');
    await pod.control.refuseConnections(false);
    await test.podState('one', 'up', 30_000);
    const next = await submitted(1, 'next');
    await test.reaches(next, 'succeeded');
    expect(await test.desk.service.get(id)).toBeUndefined();
  }, 45_000);

  it('B225 all become jobs again when the store has lost its last writes', async () => {
    const id = await submitted(1, 'lost');
    await test.reaches(id, 'succeeded');
    await test.restart({ jobStaleAfterMs: 1 });
    await test.podState('one', 'up');
    await test.desk.store.remove(id);
    await test.desk.lookAgain();
    expect(await lastRecord()).toMatchObject({ reason: 'store_return', jobs: [{ jobId: id, action: 'orphan' }] });
    await test.reaches(id, 'succeeded');
    expect(runsOf(id)).toHaveLength(1);
  });

  it('B225 are followed by the run that has them already', async () => {
    const id = await submitted(60, 'runs');
    await test.desk.store.remove(id);
    await test.desk.lookAgain();
    const job = await test.reaches(id, 'succeeded');
    expect(job.outputs).toHaveLength(1);
    expect(job.attempts).toHaveLength(1);
    expect(runsOf(id)).toHaveLength(1);
    expect(pod.control.posts).toHaveLength(1);
  });

  it.each([
    { what: 'still runs', steps: 60, action: 'reattached' },
    { what: 'has ended', steps: 3, action: 'adopted' },
  ])('B226 of a job that the store has as waiting are not posted again: the pod $what', async ({ steps, action }) => {
    await test.restart({ podSlots: 1 });
    await test.podState('one', 'up');
    const id = await submitted(steps, 'a job');
    const workflow = await test.desk.store.workflow(id);
    await test.restart({ podSlots: 1 }, () => (action === 'adopted' ? pod.control.idle() : Promise.resolve()));
    await test.desk.store.remove(id);
    const queued = newJob({ id, name: 'a job', at: new Date().toISOString() });
    await test.desk.runner.stop();
    await test.desk.store.create(queued, workflow ?? { prompt: {} });
    await test.restart({ podSlots: 1 });
    expect((await lastRecord()).jobs).toMatchObject([{ jobId: id, action }]);
    const job = await test.reaches(id, 'succeeded');
    expect(job.attempts).toHaveLength(1);
    expect(job.outputs).toHaveLength(1);
    expect(pod.control.posts).toHaveLength(1);
    expect(runsOf(id)).toHaveLength(1);
  });

  it('B227 of another desk, or of nobody’s that is known, are left alone', async () => {
    const theirs = await submitted(40, 'theirs');
    const { client } = startClient(pod, { socket: false });
    await accepted(client, stepsPrompt(2, 20));
    const other = await openTestDesk({ shared: pod.url });
    try {
      await other.podState('shared', 'up');
      const own = await other.submit(stepsPrompt(1, 1));
      await other.reaches(own.id, 'succeeded');
      const { jobs } = await other.desk.service.list({ filter: {}, limit: 10 });
      expect(jobs.map(({ id }) => id)).toEqual([own.id]);
      await test.reaches(theirs, 'succeeded');
      expect(pod.control.runs.map(({ outcome }) => outcome)).toEqual(['success', 'success', 'success']);
    } finally {
      await client.stop();
      await other.close();
    }
  });

  it('B227 whose job has ended are stopped', async () => {
    const id = await submitted(200, 'cancelled');
    const stored = await test.desk.store.get(id);
    if (!stored) throw new Error('The job is gone');
    await test.restart({}, async () => undefined);
    const now = await waitUntil(async () => {
      const found = await test.desk.store.get(id);
      return found?.job.timeline.some(({ kind }) => kind === 'reattached') && found.job;
    }, 'it is followed again');
    await test.desk.store.replace(transition(now, { type: 'cancelled', at: new Date().toISOString() }));
    await test.restart();
    await waitUntil(() => runsOf(id)[0]?.outcome === 'interrupted', 'the pod stops');
    expect(await test.job(id)).toMatchObject({ state: 'cancelled', attempts: [{}] });
  });

  it('B225 whose work cannot be read are left alone', async () => {
    const id = randomUUID();
    const deskId = await test.desk.store.deskId();
    const row = [0, randomUUID(), 'no prompt', { podium: { jobId: id, attempt: 1, desk: deskId } }, []];
    const body = JSON.stringify({ queue_running: [row], queue_pending: [] });
    const fault = pod.control.fault({ path: '/queue' }, { kind: 'raw', body: Buffer.from(body), headers: {} });
    await test.restart();
    fault();
    await test.podState('one', 'up');
    expect(await test.desk.service.get(id)).toBeUndefined();
    const next = await submitted(1, 'next');
    await test.reaches(next, 'succeeded');
  });
});
