import { randomInt } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { JOB_STATES, type Job } from '../../lib/jobs/job.ts';
import { allowedIn } from '../../lib/jobs/transition.ts';
import type { JobStore } from '../../server/jobs/job-store.ts';
import type { JobEventInput } from '../../server/jobs/job-writer.ts';
import { MemoryStore } from '../support/memory-store.ts';
import {
  accept,
  after,
  askAgain,
  cancel,
  claim,
  fail,
  failUntil,
  queuedAt,
  second,
  succeed,
  workflowOf,
} from '../support/sample-jobs.ts';
import type { OpenHarness } from './job-store.contract.ts';

const PODS = ['pod-a', 'pod-b'];
const NAMES = ['fox', 'Fox_%', 'red fox', 'cat', '', 'ÖL', '\0\ud800', 'a'.repeat(300)];
const EVENTS: JobEventInput[] = [
  claim('pod-a'),
  claim('pod-b'),
  accept,
  { type: 'lose_sight', reason: 'cut' },
  { type: 'not_sent', reason: 'refused' },
  { type: 'rework', reason: 'died' },
  failUntil(second(30)),
  fail,
  succeed,
  cancel,
  { type: 'cancelled' },
  askAgain,
  failUntil(second(10), { exclude: [{ podId: 'pod-b', code: 'file_missing' }] }),
  failUntil(second(30), { exclude: [{ podId: 'pod-a', code: 'model_missing' }] }),
  failUntil(second(20), { next: { podId: 'pod-b', freeMemory: true } }),
  { type: 'unpin', detail: 'It is away.' },
  { type: 'retry_request', podId: 'pod-a', freeMemory: true },
];

const pick = fc.nat(1000);
const moment = fc.nat(60);
const pod = fc.constantFrom(...PODS);
const commands = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        type: fc.constant('create' as const),
        at: moment,
        name: fc.constantFrom(...NAMES),
        priority: fc.integer({ min: -1, max: 1 }),
        wanted: fc.option(pod, { nil: undefined }),
        key: fc.option(fc.constantFrom('k1', 'k2'), { nil: undefined }),
        body: fc.constantFrom('h1', 'h2'),
      }),
    },
    { weight: 8, arbitrary: fc.record({ type: fc.constant('change' as const), job: pick, event: pick }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('stale' as const), job: pick }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('progress' as const), job: pick, percent: fc.nat(100) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('remove' as const), job: pick }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('prune' as const), at: moment }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('reopen' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        type: fc.constant('list' as const),
        limit: fc.integer({ min: 1, max: 5 }),
        q: fc.option(fc.constantFrom('fox', '_', '%', 'öl', 'a'), { nil: undefined }),
        podId: fc.option(pod, { nil: undefined }),
        states: fc.option(fc.subarray([...JOB_STATES]), { nil: undefined }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ type: fc.constant('look' as const), pod, at: moment, limit: fc.nat(4) }) },
  ),
  { maxLength: 60 },
);
type Command = (typeof commands extends fc.Arbitrary<infer T> ? T : never)[number];

/** Random runs of commands, each answer compared with the plainest possible store. */
export function jobStoreModelContract(open: OpenHarness): void {
  const seed = randomInt(2 ** 31);
  it(`B11 answers any run of commands as a plain map would (seed ${seed})`, async () => {
    const property = fc.asyncProperty(commands, async (run) => {
      const harness = await open();
      try {
        const model = new MemoryStore();
        let store = harness.store;
        for (const command of run) {
          if (command.type === 'reopen') store = await harness.reopen();
          else await obey(command, store, model);
        }
        await expectSame(store, model);
      } finally {
        await harness.dispose();
      }
    });
    const outcome = await fc.check(property, { seed, numRuns: 60 });
    expect(outcome.failed, fc.defaultReportMessage(outcome)).toBe(false);
  }, 60_000);
}

async function obey(command: Exclude<Command, { type: 'reopen' }>, store: JobStore, model: MemoryStore): Promise<void> {
  const all = model.all();
  const job = 'job' in command ? all[command.job % Math.max(1, all.length)] : undefined;
  switch (command.type) {
    case 'create': {
      const { at, name, priority, wanted, key, body } = command;
      const made = queuedAt(at, { name, priority, ...(wanted !== undefined && { wantedPodId: wanted }) });
      const given = key === undefined ? undefined : { key, bodyHash: body };
      const workflow = workflowOf(made.id);
      expect(await store.create(made, workflow, given)).toEqual(model.create(made, workflow, given));
      return;
    }
    case 'change': {
      const next = job && changed(job, command.event);
      if (next) expect(await store.replace(next)).toBe(model.replace(next));
      return;
    }
    case 'stale':
      if (job) expect(await store.replace(job)).toBe(false);
      return;
    case 'progress': {
      const progress = { promptId: 'p', percent: command.percent, phase: 'sampling' as const };
      if (job) await store.saveProgress(job.id, progress);
      if (job) model.saveProgress(job.id, progress);
      return;
    }
    case 'remove':
      if (job) expect(await store.remove(job.id)).toBe(model.remove(job.id));
      return;
    case 'prune':
      expect((await store.prune(second(command.at))).toSorted()).toEqual(model.prune(second(command.at)).toSorted());
      return;
    case 'list': {
      const query = {
        ...(command.q !== undefined && { q: command.q }),
        ...(command.podId !== undefined && { podId: command.podId }),
        ...(command.states !== undefined && { states: command.states }),
      };
      const seen: Job[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await store.list({ ...query, limit: command.limit, ...(cursor !== undefined && { cursor }) });
        expect(page.counts).toEqual(model.counts(query));
        seen.push(...page.jobs.map((stored) => stored.job));
        cursor = page.nextCursor;
        if (cursor === undefined) break;
      }
      expect(seen).toEqual(model.list(query));
      return;
    }
    case 'look': {
      const expected = model.claimable(command.pod, second(command.at)).slice(0, command.limit);
      expect(await store.claimable(command.pod, second(command.at), command.limit)).toEqual(expected);
      expect((await store.onPod(command.pod)).map((stored) => stored.job)).toEqual(model.onPod(command.pod));
      expect(await store.nextRetryAt()).toBe(model.nextRetryAt());
      return;
    }
  }
}

/** The job after one of the events its state allows. */
function changed(job: Job, choice: number): Job | undefined {
  const allowed = EVENTS.filter((event) => allowedIn[event.type].includes(job.state));
  const event = allowed[choice % Math.max(1, allowed.length)];
  const next = event && after(job, event);
  return next === job ? undefined : next;
}

async function expectSame(store: JobStore, model: MemoryStore): Promise<void> {
  expect((await store.active()).map((stored) => stored.job)).toEqual(model.active());
  expect(await store.counts()).toEqual(model.counts());
  for (const [id, held] of model.jobs) {
    const stored = await store.get(id);
    expect(stored?.job).toEqual(held.job);
    expect(stored?.progress).toEqual(held.progress);
    expect(await store.workflow(id)).toEqual(held.workflow);
  }
}
