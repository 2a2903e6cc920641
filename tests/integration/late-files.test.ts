import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FILES_ON_POD_WARNING } from '../../lib/jobs/transition.ts';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { openTestDesk, type TestDesk } from '../support/open-test-desk.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('files that Podium’s disk does not take', () => {
  let pod: DemoPod;
  let test: TestDesk;
  /** Jobs that the pod's condition names right before the job's own record does. */
  let namedBefore: string[];
  beforeEach(async () => {
    namedBefore = [];
    pod = await createDemoPod({ stepMs: 10 });
    const onStep = async (step: string) => void (step === 'after-download' && (namedBefore = await named()));
    const copyPace = { diskPausesMs: [20, 20], lateMs: 50 };
    test = await openTestDesk({ one: pod.url }, {}, { copyPace, onStep });
  });
  afterEach(async () => {
    await test.close();
    await pod.close();
  });

  /** Fails every write of a copy, as a full disk does, until the function returned is called. */
  function fillDisk(code = 'ENOSPC'): { tries: () => number; empty: () => void } {
    const { outputs } = test.desk;
    let tries = 0;
    outputs.copy = () => {
      tries += 1;
      return Promise.reject(Object.assign(new Error(`${code}: write`), { code }));
    };
    return { tries: () => tries, empty: () => Reflect.deleteProperty(outputs, 'copy') };
  }
  const named = async () => (await test.desk.store.podCondition('one'))?.jobsWithFiles ?? [];

  it.each(['ENOSPC', 'EROFS'])('B300 stay on the pod (%s), and come as soon as there is room', async (code) => {
    const disk = fillDisk(code);
    const { id } = await test.submit(stepsPrompt(1, 10));
    const job = await test.reaches(id, 'succeeded');
    expect(job).toMatchObject({ outputs: [], filesOnPod: 1, warnings: [FILES_ON_POD_WARNING] });
    expect(job.timeline.find(({ kind }) => kind === 'files_left')?.detail).toContain('Podium');
    expect(disk.tries()).toBeGreaterThanOrEqual(3);
    expect([namedBefore, await named()]).toEqual([[id], [id]]);
    disk.empty();
    const whole = await waitUntil(async () => {
      const now = await test.job(id);
      return now.filesOnPod === 0 && now;
    }, 'the file is here');
    expect(whole).toMatchObject({ state: 'succeeded', endedAt: job.endedAt, warnings: [] });
    expect(whole.outputs).toMatchObject([{ index: 0, kind: 'image', nodeName: expect.any(String) }]);
    expect(whole.timeline.at(-1)).toMatchObject({ kind: 'files_copied', detail: '1 file copied from the pod.' });
    await waitUntil(async () => (await named()).length === 0, 'nothing is waited for');
    expect(pod.control.posts).toHaveLength(1);
  });

  it('B300 come after a restart of Podium too', async () => {
    fillDisk();
    const { id } = await test.submit(stepsPrompt(1, 10));
    await test.reaches(id, 'succeeded');
    await test.restart();
    await waitUntil(async () => (await test.job(id)).outputs.length === 1, 'the file is here');
    expect(pod.control.runs).toHaveLength(1);
  });

  it('B301 are a warning where the pod has lost them meanwhile', async () => {
    const disk = fillDisk();
    const { id } = await test.submit(stepsPrompt(1, 10));
    await test.reaches(id, 'succeeded');
    pod.control.fault({ path: /view/ }, { kind: 'status', status: 404, contentType: 'text/plain', body: '' });
    disk.empty();
    const job = await waitUntil(async () => {
      const now = await test.job(id);
      return now.filesOnPod === 0 && now;
    }, 'it is known that the file is gone');
    expect(job).toMatchObject({ state: 'succeeded', outputs: [] });
    expect(job.warnings).toEqual([expect.stringContaining('The pod does not give')]);
  });
});

describe('files that went with their pod', () => {
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

  it('B302 are made again where the pod proves to have restarted since', async () => {
    const away = pod.control.fault({ path: /view/ }, { kind: 'status', status: 502 });
    const { id } = await test.submit(stepsPrompt(1, 10));
    await waitUntil(
      async () => (await test.job(id)).timeline.some(({ kind }) => kind === 'copy_delayed'),
      'the copy is delayed',
    );
    await pod.control.restart({ keepDisk: false });
    away();
    const job = await test.reaches(id, 'succeeded', 20_000);
    expect(job.outputs).toHaveLength(1);
    expect(job.attempts).toMatchObject([
      { outcome: 'pod_died', ran: false },
      { outcome: 'succeeded', rework: true },
    ]);
    expect(pod.control.runs.filter(({ jobId }) => jobId === id)).toHaveLength(2);
  }, 30_000);

  it('B302 are not made again where they were only deleted', async () => {
    const away = pod.control.fault({ path: /view/ }, { kind: 'status', status: 502 });
    const { id } = await test.submit(stepsPrompt(1, 10));
    await waitUntil(
      async () => (await test.job(id)).timeline.some(({ kind }) => kind === 'copy_delayed'),
      'the copy is delayed',
    );
    pod.control.dropSockets();
    pod.control.fault({ path: /view/ }, { kind: 'status', status: 404, contentType: 'text/plain', body: '' });
    away();
    const job = await test.reaches(id, 'failed');
    expect(job).toMatchObject({ error: { code: 'output_lost' }, attempts: [{ outcome: 'failed' }] });
    expect(pod.control.runs).toHaveLength(1);
  });
});
