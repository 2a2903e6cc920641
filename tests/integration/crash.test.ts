import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDemoPod, type DemoPod } from '../../server/demo-pod/create-demo-pod.ts';
import { CrashProcess } from '../support/crash-process.ts';
import { stepsPrompt } from '../support/prompts.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Where the first process dies, and whether its progress must be seen to go on in the second. */
const DEATHS = [
  { dieAt: 'queued', where: 'after the job is accepted' },
  { dieAt: 'submitting', where: 'when the intent has just been written' },
  { dieAt: 'after-intent', where: 'after the intent, before the first byte of the POST' },
  { dieAt: 'before-answer-recorded', where: 'after the pod’s answer, before it is recorded' },
  { dieAt: 'after-accepted', where: 'after the answer is recorded' },
  { dieAt: 'progress-saved', where: 'after progress was written' },
  { dieAt: 'before-download', where: 'after the pod is done, before the download' },
  { dieAt: 'after-download', where: 'after the download, before the final write' },
  { dieAt: 'after-end', where: 'after the final write' },
] as const;

describe('kill -9 of the whole process', () => {
  let pod: DemoPod;
  let dataDir: string;
  const processes: CrashProcess[] = [];

  beforeEach(async () => {
    pod = await createDemoPod({ stepMs: 20 });
    dataDir = mkdtempSync(join(tmpdir(), 'podium-crash-'));
  });
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((process) => process.kill()));
    await pod.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const start = (dieAt = 'none') => {
    const process = new CrashProcess(dataDir, pod.url, dieAt);
    processes.push(process);
    return process;
  };

  it.each(DEATHS)(
    'B40 loses nothing and runs nothing twice $where',
    async ({ dieAt }) => {
      const first = start(dieAt);
      await first.ready();
      first.submit(stepsPrompt(20, 100));
      expect(await first.exited).toBe('SIGKILL');

      const second = start();
      await second.ready();
      if (dieAt !== 'after-end') {
        const end = await second.saw(
          (event) => ['succeeded', 'failed', 'cancelled'].includes(event.state ?? ''),
          'the job ends',
          40_000,
        );
        expect(end.state).toBe('succeeded');
      }
      const finished = pod.control.runs.filter((run) => run.outcome === 'success');
      expect(finished).toHaveLength(1);
      expect(pod.control.runs).toHaveLength(1);
    },
    60_000,
  );

  it.each([
    {
      what: 'the pod took the prompt and its answer is under way',
      fault: { kind: 'late', ms: 60_000 } as const,
      posts: 1,
    },
    {
      what: 'the prompt did not reach the pod',
      fault: { kind: 'status', status: 502, accept: false } as const,
      posts: 2,
    },
  ])(
    'B40 loses nothing and runs nothing twice in the middle of the POST, when $what',
    async ({ fault, posts }) => {
      pod.control.failNextPost(fault);
      const first = start();
      await first.ready();
      first.submit(stepsPrompt(20, 100));
      await waitUntil(() => pod.control.posts.length === 1, 'the prompt is being posted');
      await first.kill();

      const second = start();
      await second.ready();
      await second.saw((event) => event.state === 'succeeded', 'the job succeeds', 40_000);
      expect(pod.control.posts).toHaveLength(posts);
      expect(new Set(pod.control.posts.map((post) => post.promptId)).size).toBe(1);
      expect(pod.control.runs).toHaveLength(1);
    },
    60_000,
  );

  it('B40 loses nothing in the middle of a download', async () => {
    const undo = pod.control.fault({ path: /view/ }, { kind: 'hang' });
    const first = start();
    await first.ready();
    first.submit(stepsPrompt(5, 20));
    await waitUntil(() => pod.control.requests.some(({ path }) => path.includes('/view')), 'the file is being copied');
    await first.kill();
    undo();

    const second = start();
    await second.ready();
    await second.saw((event) => event.state === 'succeeded', 'the job succeeds');
    expect(pod.control.runs).toHaveLength(1);
  }, 60_000);

  it('B41 goes on with live progress where the bar was', async () => {
    // The pod waits in the middle of its work for as long as the second process takes to come up.
    pod.control.worker.stepsLeft = 12;
    const first = start();
    await first.ready();
    first.submit(stepsPrompt(40, 100));
    const before = await first.saw((event) => (event.percent ?? 0) > 20, 'the bar passes 20 %');
    await first.kill();

    const second = start();
    await second.ready();
    pod.control.worker.stepsLeft = Number.POSITIVE_INFINITY;
    const next = await second.saw((event) => event.event === 'progress', 'progress goes on');
    expect(next.percent).toBeGreaterThanOrEqual((before.percent ?? 0) - 10);
    await second.saw((event) => event.state === 'succeeded', 'the job succeeds');
    expect(pod.control.runs).toHaveLength(1);
  }, 60_000);
});
