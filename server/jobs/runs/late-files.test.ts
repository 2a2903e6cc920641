import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Job, JobOutput, RemoteFile } from '../../../lib/jobs/job.ts';
import { transition } from '../../../lib/jobs/transition.ts';
import { accept, after, claim, queuedAt } from '../../../tests/support/sample-jobs.ts';
import type { JobPage } from '../job-store.ts';
import type { JobEventInput } from '../job-writer.ts';
import { LateFiles } from './late-files.ts';
import { MAX_JOBS_WITH_FILES, PodCallError, type PodCondition } from '../pod-client.ts';
import { PodConditions } from '../pods/pod-conditions.ts';

const silentLog = { debug() {}, info() {}, warn() {}, error() {} };
const LATE_MS = 30_000;
const full = () => Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' });
const remote = (index: number): RemoteFile => ({
  index,
  nodeId: '9',
  filename: `${index}.png`,
  subfolder: '',
  type: 'output',
});

describe('files that are still on a pod', () => {
  const jobs = new Map<string, Job>();
  let condition: PodCondition;
  let tries: string[];
  let failing: (name: string) => Error | undefined;
  let lists: number;
  let stop: AbortController;
  let conditions: PodConditions;
  let late: LateFiles;
  beforeEach(async () => {
    vi.useFakeTimers();
    jobs.clear();
    [condition, tries, failing, stop, lists] = [{}, [], () => undefined, new AbortController(), 0];
    await open();
  });
  afterEach(async () => {
    stop.abort();
    await late.stop();
    vi.useRealTimers();
  });

  /** Another driver of the pod, with what the store has of it. */
  async function open(): Promise<void> {
    const store = {
      podCondition: () => Promise.resolve(condition),
      savePodCondition: (_pod: string, next: PodCondition) => Promise.resolve(void (condition = next)),
    };
    conditions = new PodConditions(store, { podId: 'one', token: 1 });
    await conditions.read();
    late = new LateFiles({
      podId: 'pod-a',
      pod: { openOutput: () => Promise.reject(new Error('nothing is opened here')) },
      outputs: {
        copy: ({ jobId, index }) => {
          const name = `${jobs.get(jobId)?.name} ${index}`;
          tries.push(name);
          const error = failing(name);
          return error ? Promise.reject(error) : Promise.resolve(outputAt(index));
        },
      },
      store: {
        get: (id) => Promise.resolve(jobs.has(id) ? { job: jobs.get(id) as Job } : undefined),
        workflow: () => Promise.resolve({ prompt: {} }),
        list: ({ limit, cursor = '0', podId, states }) => {
          lists += 1;
          const next = Number(cursor) + limit;
          const fit = [...jobs.values()].toReversed().filter((job) => states?.includes(job.state));
          const page = fit.filter((job) => 'podId' in job && job.podId === podId).slice(Number(cursor), next);
          const more = next < fit.length ? { nextCursor: String(next) } : {};
          return Promise.resolve({ jobs: page.map((job) => ({ job })), counts: {} as JobPage['counts'], ...more });
        },
      },
      writer: {
        apply: (id, decide) => {
          const job = jobs.get(id) as Job;
          const event = decide(job);
          if (event) jobs.set(id, transition(job, { ...event, at: new Date().toISOString() }));
          return Promise.resolve(jobs.get(id));
        },
      },
      conditions,
      log: silentLog,
      pace: { lateMs: LATE_MS },
    });
  }
  const outputAt = (index: number) => ({ index, kind: 'image', sha256: 'x' }) as JobOutput;
  /** A job with files on the pod that nobody has named. */
  const unnamed = (name: string, ...indices: number[]) => {
    const succeed: JobEventInput = { type: 'succeed', outputs: [], onPod: indices.map(remote) };
    const job = after(queuedAt(0, { name }), claim(), accept, succeed);
    jobs.set(job.id, job);
    return job.id;
  };
  const left = async (name: string, ...indices: number[]) => {
    const id = unnamed(name, ...indices);
    await late.expect(id, stop.signal);
    return id;
  };
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  it('B300 are copied after half a minute, in their places, oldest job first', async () => {
    late.start(stop.signal);
    const a = await left('a', 2, 0);
    const b = await left('b', 0);
    await pass(LATE_MS - 1);
    expect(tries).toEqual([]);
    await pass(1);
    expect(tries).toEqual(['a 2', 'a 0', 'b 0']);
    expect(jobs.get(a)).toMatchObject({ state: 'succeeded', outputs: [{ index: 0 }, { index: 2 }], warnings: [] });
    expect(jobs.get(a)).not.toHaveProperty('onPod');
    expect(jobs.get(b)?.outputs).toHaveLength(1);
    expect(condition.jobsWithFiles).toEqual([]);
  });

  it('B300 are tried ever more seldom while none comes, and at once by the next driver', async () => {
    failing = full;
    await left('a', 0, 1);
    await left('b', 0);
    late.start(stop.signal);
    await pass(30 * 60_000);
    // One file of one job each time: the disk that refuses it refuses the others.
    expect(new Set(tries)).toEqual(new Set(['a 0']));
    expect(tries.length).toBeGreaterThan(5);
    expect(tries.length).toBeLessThan(10);
    failing = () => undefined;
    stop.abort();
    await late.stop();
    [stop, tries] = [new AbortController(), []];
    await open();
    late.start(stop.signal);
    await pass(0);
    expect(tries).toEqual(['a 0', 'a 1', 'b 0']);
    expect(condition.jobsWithFiles).toEqual([]);
  });

  it('B300 stay with their job one by one', async () => {
    failing = (name) => (name === 'a 1' ? new PodCallError('unreachable', 'It is away.') : undefined);
    const id = await left('a', 0, 1, 2);
    late.start(stop.signal);
    await pass(0);
    expect(jobs.get(id)).toMatchObject({ outputs: [{ index: 0 }], onPod: [remote(1), remote(2)] });
    expect(jobs.get(id)?.timeline.at(-1)?.detail).toBe('1 file copied from the pod, 2 files still there.');
    failing = () => undefined;
    await pass(2 * LATE_MS);
    expect(jobs.get(id)?.outputs).toHaveLength(3);
    expect(jobs.get(id)).not.toHaveProperty('onPod');
  });

  it('B300 are expected of a job that has not said so yet, and of none that ended without', async () => {
    const running = after(queuedAt(0, { name: 'running' }), claim(), accept);
    await late.expect(running.id, stop.signal);
    jobs.set(running.id, running);
    await late.expect('removed meanwhile', stop.signal);
    late.start(stop.signal);
    await pass(0);
    expect(condition.jobsWithFiles).toEqual([running.id]);
    jobs.set(running.id, after(running, { type: 'cancelled' }));
    await pass(LATE_MS);
    expect(condition.jobsWithFiles).toEqual([]);
    expect(tries).toEqual([]);
  });

  it('B453 are looked for for a minute after the store lost writes, and no longer', async () => {
    late.start(stop.signal);
    const a = unnamed('a', 0);
    await pass(10 * LATE_MS);
    expect([tries, lists]).toEqual([[], 0]);
    late.doubt();
    await pass(LATE_MS);
    expect(jobs.get(a)).toMatchObject({ outputs: [{ index: 0 }] });
    unnamed('b', 0);
    await pass(2 * LATE_MS);
    expect(tries).toEqual(['a 0', 'b 0']);
    const looked = lists;
    expect(looked).toBeLessThanOrEqual(4);
    unnamed('c', 0);
    await pass(10 * LATE_MS);
    expect([tries, lists]).toEqual([['a 0', 'b 0'], looked]);
    expect(condition.jobsWithFiles).toEqual([]);
  });

  it('B453 are looked for among the newest 1,000 successes of the pod, and named oldest first', async () => {
    failing = full;
    const ids = Array.from({ length: 1500 }, (_, nth) => unnamed(`job ${nth}`, 0));
    late.doubt();
    late.start(stop.signal);
    await pass(0);
    expect(lists).toBe(10);
    expect(condition.jobsWithFiles).toEqual(ids.slice(500));
    expect(tries).toEqual(['job 500 0']);
  });

  it('B300 wait for at most 1,000 jobs of a pod', async () => {
    expect(MAX_JOBS_WITH_FILES).toBe(1000);
    const ids = Array.from({ length: 1000 }, (_, index) => `job ${index}`);
    await conditions.patch((now) => ({ ...now, jobsWithFiles: ids.slice(1) }));
    expect(late.hasRoom('new')).toBe(true);
    await conditions.patch((now) => ({ ...now, jobsWithFiles: ids }));
    expect(late.hasRoom('new')).toBe(false);
    expect(late.hasRoom('job 5')).toBe(true);
  });
});

describe('what is known of a pod', () => {
  it('B300 is written in order, and again where the store was away', async () => {
    let away = true;
    const written: PodCondition[] = [];
    const store = {
      podCondition: () => Promise.resolve(undefined),
      savePodCondition: (_pod: string, next: PodCondition) =>
        away ? Promise.reject(new Error('away')) : Promise.resolve(void written.push(next)),
    };
    const conditions = new PodConditions(store, { podId: 'one', token: 1 });
    await conditions.read();
    const named = (now: PodCondition) => (now.jobsWithFiles ? now : { ...now, jobsWithFiles: ['a'] });
    await expect(conditions.patch(named)).rejects.toThrow('away');
    expect(conditions.now.jobsWithFiles).toEqual(['a']);
    away = false;
    await conditions.patch(named);
    await conditions.patch((now) => now);
    expect(written).toEqual([{ jobsWithFiles: ['a'] }]);
    const drained = conditions.patch((now) => ({ ...now, ordersDoneAt: '1' }));
    await Promise.all([drained, conditions.patch((now) => ({ ...now, ordersDoneAt: '2' }))]);
    expect(written.at(-1)).toEqual({ jobsWithFiles: ['a'], ordersDoneAt: '2' });
  });

  it('B453 is written once more where the store has lost it, and with the next call where that fails', async () => {
    let away = false;
    const written: PodCondition[] = [];
    const store = {
      podCondition: () => Promise.resolve({ jobsWithFiles: ['a'] }),
      savePodCondition: (_pod: string, next: PodCondition) =>
        away ? Promise.reject(new Error('away')) : Promise.resolve(void written.push(next)),
    };
    const conditions = new PodConditions(store, { podId: 'one', token: 1 });
    await conditions.read();
    await conditions.rewrite();
    expect(written).toEqual([{ jobsWithFiles: ['a'] }]);
    away = true;
    await conditions.rewrite();
    away = false;
    await conditions.patch((now) => now);
    expect(written).toHaveLength(2);
  });
});
