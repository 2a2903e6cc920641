import { setImmediate as nextTurn } from 'node:timers/promises';
import { assert, asyncProperty, nat, record, string, type Arbitrary } from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isNewer } from '../../lib/jobs/live-view.ts';
import type { JobChangedEvent, JobSnapshot, Refusal } from '../../lib/protocol/socket.ts';
import { openTestFront, type TestFront, type TestSocket } from '../support/open-test-front.ts';
import { waitUntil } from '../support/wait-until.ts';

let front: TestFront;
let socket: TestSocket;
beforeAll(async () => {
  front = await openTestFront();
});
afterAll(() => front.close());

/** How many changes happen at each moment around one read of the store, and how many turns of the event loop pass. */
const moments = record({
  beforeRead: nat(3),
  afterRead: nat(3),
  atAnswer: nat(3),
  later: nat(3),
  turns: nat(3),
});
type Moments = typeof moments extends Arbitrary<infer T> ? T : never;

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}

/** Makes every read of the store meet changes, as `given` says. */
function interleave(given: Moments, change: () => void): void {
  const many = (count: number) => {
    for (let index = 0; index < count; index += 1) change();
  };
  front.desk.pause = async (when) => {
    many(when === 'before' ? given.beforeRead : given.afterRead);
    await turns(given.turns);
    if (when === 'after') many(given.atAnswer);
  };
}

const options = { numRuns: 60, verbose: 1 } as const;

it('B140 whatever happens around a watch, its snapshot and the newer events together are the whole truth', async () => {
  socket = await front.connected();
  await assert(
    asyncProperty(moments, moments, async (given, other) => {
      // A socket may make a hundred requests in ten seconds; each round has its own.
      socket.disconnect().connect();
      const { id, promptId } = front.desk.running('watched');
      let note = 0;
      const change = () => {
        note += 1;
        front.desk.change(id, { type: 'note', kind: 'reattached', detail: `note ${note}` });
        front.desk.report(id, promptId, note);
      };
      const before: JobChangedEvent[] = [];
      const after: JobChangedEvent[] = [];
      let seen = before;
      const seqs: number[] = [];
      const onChanged = (event: JobChangedEvent) => {
        if (event.jobId === id) seen.push(event);
        seqs.push(event.seq);
      };
      socket.on('job:changed', onChanged);
      interleave(given, change);
      const snapshot = await new Promise<JobSnapshot | Refusal>((resolve) =>
        socket.emit('job:watch', { jobId: id }, (answer) => {
          seen = after;
          resolve(answer);
        }),
      );
      if ('error' in snapshot) throw new Error(snapshot.error.message);
      front.desk.pause = () => Promise.resolve();
      for (let index = 0; index < given.later + other.later; index += 1) {
        change();
        await turns(other.turns);
      }
      const truth = front.desk.jobs.get(id);
      const newest = () => Math.max(snapshot.job.revision, ...after.map((event) => event.job.revision));
      await waitUntil(() => newest() === truth?.revision, `revision ${truth?.revision} is told`, 3000);
      socket.off('job:changed', onChanged);

      expect(before).toEqual([]);
      expect(after.every((event) => isNewer(snapshot, event))).toBe(true);
      expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
      const missed = after.map((event) => event.job.revision).filter((revision) => revision > snapshot.job.revision);
      const due = Array.from({ length: (truth?.revision ?? 0) - snapshot.job.revision }, (_, index) => index + 1);
      expect(missed).toEqual(due.map((step) => snapshot.job.revision + step));
      const lines = after.at(-1)?.detail?.timeline ?? snapshot.job.timeline;
      expect(lines).toEqual(truth?.timeline);
    }),
    options,
  );
});

it('B140 a list that is opened while jobs come and go misses none', async () => {
  await assert(
    asyncProperty(moments, string({ minLength: 8, maxLength: 8, unit: 'grapheme-ascii' }), async (given, mark) => {
      const name = `list ${mark.trim()} ${front.desk.jobs.size}`;
      const own = await front.connected();
      let made = 0;
      const change = () => {
        made += 1;
        const { id } = front.desk.add(`${name}`);
        if (made % 2 === 0) front.desk.change(id, { type: 'cancel_request' });
      };
      change();
      const view = new Map<string, string>();
      const early: JobChangedEvent[] = [];
      let opened = false;
      own.on('job:changed', (event) => {
        if (opened) view.set(event.jobId, event.state);
        else early.push(event);
      });
      interleave(given, change);
      const snapshot = await new Promise<number>((resolve, reject) =>
        own.emit('jobs:watch', { filter: { q: name } }, (answer) => {
          if ('error' in answer) return reject(new Error(answer.error.message));
          opened = true;
          for (const job of answer.jobs) view.set(job.id, job.state);
          resolve(answer.seq);
        }),
      );
      front.desk.pause = () => Promise.resolve();
      expect(snapshot).toBeGreaterThan(0);
      for (let index = 0; index < given.later; index += 1) change();
      const truth = new Map(
        [...front.desk.jobs.values()].filter((job) => job.name === name).map((job) => [job.id, job.state]),
      );
      const same = () => [...truth].every(([id, state]) => view.get(id) === state);
      await waitUntil(same, `all ${truth.size} jobs named "${name}" are shown as they are`, 3000);
      expect(view.size).toBe(truth.size);
      expect(early).toEqual([]);
      own.disconnect();
    }),
    options,
  );
});

it('B140 pods: nothing is lost between the snapshot and the first event', async () => {
  const own = await front.connected();
  const states: string[] = [];
  own.on('pod:changed', ({ pod }) => states.push(pod.state));
  const [pod] = front.desk.views;
  if (!pod) throw new Error('the desk has a pod');
  const snapshot = await own.emitWithAck('pods:watch', {});
  if ('error' in snapshot) throw new Error(snapshot.error.message);
  expect(snapshot.pods).toEqual([pod]);
  for (const state of ['connecting', 'gone', 'up'] as const) front.desk.events.podChanged({ ...pod, state });
  await waitUntil(() => states.length === 3, 'three changes are told');
  expect(states).toEqual(['connecting', 'gone', 'up']);
});
