import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newJob, transition } from '../../lib/jobs/transition.ts';
import type { Recovery } from '../../lib/jobs/recovery.ts';
import type { JobBundle } from '../jobs/records/store-transfer.ts';
import { openSqliteJobStore } from '../sqlite/job-store.ts';
import { templateAt } from '../../tests/contract/template-book.contract.ts';
import { copyDesk, type Side } from './copy-desk.ts';

const recovery: Recovery = {
  schemaVersion: 1,
  id: '00000000-0000-4000-8000-0000000000aa',
  reason: 'start',
  instance: 'here',
  podIds: [],
  startedAt: '2026-01-01T00:00:00.000Z',
  found: 0,
  jobs: [],
  unanswered: [],
};

function bundles(count: number): JobBundle[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    const at = new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString();
    const job = newJob({ id, name: `job ${index}`, at });
    return {
      job: index % 2 === 0 ? job : transition(job, { type: 'cancel_request', at }),
      workflow: { prompt: { '1': { class_type: 'A', inputs: { index } } } },
      ...(index % 3 === 0 && { claim: { key: `key ${index}`, bodyHash: 'hash' } }),
    };
  });
}

describe('copying a desk', () => {
  let dir: string;
  let from: Side;
  let to: Side;
  const side = (name: string): Side => {
    const store = openSqliteJobStore({ path: join(dir, name) });
    return {
      place: name,
      store,
      toEmpty: 'take another',
      version: async () => 'SQLite',
      others: async () => [],
      close: () => store.close(),
    };
  };
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'podium-copy-'));
    from = side('from.db');
    to = side('to.db');
  });
  afterEach(async () => {
    await Promise.all([from.close(), to.close()]);
    rmSync(dir, { recursive: true, force: true });
  });
  const copy = (watch: Partial<Parameters<typeof copyDesk>[2]> = {}) =>
    copyDesk(from, to, {
      progress: () => undefined,
      unreadable: () => 0,
      signal: new AbortController().signal,
      ...watch,
    });
  const all = async ({ store }: Side) => {
    const given: JobBundle[] = [];
    for await (const bundle of store.bundles()) given.push(bundle);
    return given;
  };

  it('B252 takes over jobs, what is known of pods, recoveries, the pause and the desk’s id, and pauses the source', async () => {
    await from.store.takeIn(bundles(250));
    await from.store.savePodMemory('pod', { clientId: 'c', highestNumber: 4 });
    await from.store.saveRecovery(recovery);
    await from.store.setDispatch({ paused: true, reason: 'Lunch.' });
    const seen: number[] = [];
    expect(await copy({ progress: (done) => seen.push(done) })).toEqual({ jobs: 250, unreadable: 0 });
    expect(seen).toEqual([0, 100, 200, 250]);
    expect(await all(to)).toEqual(bundles(250));
    expect(await to.store.podMemory('pod')).toEqual({ clientId: 'c', highestNumber: 4 });
    expect(await to.store.recoveries(10)).toEqual([recovery]);
    expect(await to.store.dispatch()).toEqual({ paused: true, reason: 'Lunch.' });
    expect(await to.store.deskId()).toBe(await from.store.deskId());
    expect(await from.store.dispatch()).toMatchObject({ paused: true, reason: expect.stringContaining('to.db') });
  });

  it('B360 takes over templates', async () => {
    const template = templateAt(1);
    await from.store.templates.save([template, templateAt(2)]);
    await copy();
    expect(await to.store.templates.list()).toEqual(await from.store.templates.list());
    expect(await to.store.templates.get(template.id)).toEqual(template);
  });

  it('B252 refuses a target that holds a job, and changes neither', async () => {
    const [first, second] = bundles(2);
    await from.store.takeIn(first ? [first] : []);
    await to.store.takeIn(second ? [second] : []);
    const ids = [await from.store.deskId(), await to.store.deskId()];
    await expect(copy()).rejects.toThrow('to.db already holds 1 job, and two desks are never mixed: take another.');
    expect([await all(from), await all(to)]).toEqual([[first], [second]]);
    expect([await from.store.deskId(), await to.store.deskId()]).toEqual(ids);
    expect(await from.store.dispatch()).toEqual({ paused: false });
    expect(await to.store.dispatch()).toEqual({ paused: false });
  });

  it('B252 refuses to copy once more into what it has filled', async () => {
    await from.store.takeIn(bundles(3));
    await copy();
    await expect(copy()).rejects.toThrow('already holds 3 jobs');
    await to.store.setDispatch({ paused: true, reason: 'Lunch.' });
    await expect(copy()).rejects.toThrow('already holds 3 jobs');
  });

  it('B252 gives nothing out of a target until the copy is complete, and goes on where it was stopped', async () => {
    await from.store.takeIn(bundles(250));
    const stop = new AbortController();
    const stopped = copy({ signal: stop.signal, progress: (done) => done === 100 && stop.abort() });
    await expect(stopped).rejects.toThrow('Stopped after 100 of 250 jobs. from.db is as it was: run the same again');
    expect(await to.store.size()).toBe(100);
    expect(await to.store.dispatch()).toMatchObject({ paused: true, reason: expect.stringContaining('has not ended') });
    expect(await from.store.dispatch()).toEqual({ paused: false });
    expect(await copy()).toEqual({ jobs: 250, unreadable: 0 });
    expect(await all(to)).toEqual(bundles(250));
    expect(await to.store.dispatch()).toEqual({ paused: false });
  });

  it('B252 does not go on with another desk’s half, nor from a half', async () => {
    await from.store.takeIn(bundles(150));
    const stop = new AbortController();
    const watch = { signal: stop.signal, progress: (done: number) => done === 100 && stop.abort() };
    await expect(copy(watch)).rejects.toThrow('Stopped');
    const other = side('other.db');
    await other.store.takeIn(bundles(1));
    const never = { progress: () => undefined, unreadable: () => 0, signal: new AbortController().signal };
    await expect(copyDesk(other, to, never)).rejects.toThrow('to.db already holds 100 jobs');
    await expect(copyDesk(to, other, never)).rejects.toThrow('to.db is itself a copy that has not ended');
    await other.close();
  });

  it('B252 refuses a side that a Podium uses, at the start and when it came meanwhile', async () => {
    await from.store.takeIn(bundles(3));
    const users: string[] = ['desk-7:41'];
    to = { ...to, others: async () => users };
    await expect(copy()).rejects.toThrow('to.db is in use by Podium (desk-7:41): stop it first.');
    expect(await to.store.size()).toBe(0);
    users.length = 0;
    await expect(copy({ progress: (done) => done === 3 && users.push('late:1') })).rejects.toThrow('(late:1)');
    expect(await to.store.dispatch()).toMatchObject({ paused: true });
    expect(await from.store.dispatch()).toEqual({ paused: false });
  });

  it('B252 says so where the target’s counts are not the source’s', async () => {
    await from.store.takeIn(bundles(4));
    const looks: number[] = [];
    const meddle = async () => {
      if (looks.push(0) === 2) await to.store.takeIn(bundles(5).slice(4));
      return [];
    };
    to = { ...to, others: meddle };
    await expect(copy()).rejects.toThrow(/from.db gave 4 jobs and to.db has 5 \(queued 2 and 3\)/);
    expect(await to.store.dispatch()).toMatchObject({ paused: true });
  });

  it('B252 copies a desk that has no job yet', async () => {
    expect(await copy()).toEqual({ jobs: 0, unreadable: 0 });
    expect(await to.store.deskId()).toBe(await from.store.deskId());
  });
});
