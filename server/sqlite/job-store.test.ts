import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newJob, transition } from '../../lib/jobs/transition.ts';
import type { Job } from '../../lib/jobs/job.ts';
import { openSqliteJobStore } from './job-store.ts';
import type { UnreadableRecord } from '../jobs/records/stored-records.ts';
import { openKept, prepareKept } from './kept-objects.ts';

const AT = '2026-01-01T00:00:00.000Z';
const jobOf = (index: number, priority = 0): Job =>
  newJob({ id: `00000000-0000-4000-8000-00000000000${index}`, name: `job ${index}`, at: AT, priority });

describe('the SQLite store', () => {
  let dir: string;
  let path: string;
  let reports: UnreadableRecord[];
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'podium-sqlite-'));
    path = join(dir, 'podium.db');
    reports = [];
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const open = () => openSqliteJobStore({ path, onUnreadable: (record) => reports.push(record) });
  const put = async (...jobs: Job[]) => {
    const store = open();
    for (const job of jobs) await store.create(job, { prompt: {} });
    await store.close();
  };
  const byHand = <T>(work: (db: Database.Database) => T): T => {
    const db = openKept(path, {});
    try {
      return work(db);
    } finally {
      db.close();
    }
  };

  it('B17 leaves records it cannot read alone, reports each once, and goes on with the rest', async () => {
    const [damaged, newer, first, second] = [jobOf(1, 9), jobOf(2, 8), jobOf(3), jobOf(4)];
    await put(damaged, newer, first, second);
    byHand((db) => {
      prepareKept(db, 'UPDATE active SET record = ? WHERE id = ?').run('{"half', damaged.id);
      prepareKept(db, 'UPDATE active SET schema_version = 99, record = ? WHERE id = ?').run(
        '{"shape":"new"}',
        newer.id,
      );
    });
    const store = open();
    expect(await store.claimable('pod', AT, 1)).toEqual([first]);
    expect(await store.claimable('pod', AT, 10)).toEqual([first, second]);
    expect((await store.active()).map(({ job }) => job.id)).toEqual([first.id, second.id]);
    const page = await store.list({ limit: 2 });
    expect(page.jobs.map(({ job }) => job.id)).toEqual([second.id, first.id]);
    const rest = await store.list({ limit: 2, ...(page.nextCursor !== undefined && { cursor: page.nextCursor }) });
    expect(rest.jobs).toEqual([]);
    expect(rest.nextCursor).toBeUndefined();
    expect(await store.get(newer.id)).toBeUndefined();
    const claimed = transition(newer, { type: 'claim', podId: 'p', promptId: newer.id, at: AT });
    expect(await store.replace(claimed)).toBe(false);
    await store.close();
    expect(reports.map((report) => report.id).toSorted()).toEqual([damaged.id, newer.id]);
    expect(reports.map((report) => report.reason).join()).toMatch(/damaged.*newer Podium|newer Podium.*damaged/);
    const kept = byHand((db) => prepareKept(db, 'SELECT record FROM active ORDER BY id LIMIT 2').pluck().all());
    expect(kept).toEqual(['{"half', '{"shape":"new"}']);
  });

  it('B17 does not delete history that a newer Podium wrote', async () => {
    const ended = transition(jobOf(1), { type: 'cancel_request', at: AT });
    await put(ended);
    byHand((db) => db.exec('UPDATE history SET schema_version = 99'));
    const store = open();
    expect(await store.prune('2030-01-01T00:00:00.000Z')).toEqual([]);
    await store.close();
  });

  it('B17 takes damaged progress for none', async () => {
    const store = open();
    await store.create(jobOf(1), { prompt: {} });
    await store.saveProgress(jobOf(1).id, { promptId: 'p', percent: 3, phase: 'loading' });
    await store.close();
    byHand((db) => db.exec(`UPDATE progress SET progress = '{"percent": 300}'`));
    const again = open();
    expect(await again.get(jobOf(1).id)).toEqual({ job: jobOf(1) });
    await again.close();
  });

  it('B16 can be backed up by another program while it runs', async () => {
    const store = open();
    await store.create(jobOf(1), { prompt: {} });
    const reader = openKept(path, { readonly: true });
    await reader.backup(join(dir, 'backup.db'));
    reader.close();
    await store.create(jobOf(2), { prompt: {} });
    await store.close();
    const restored = openSqliteJobStore({ path: join(dir, 'backup.db') });
    expect(await restored.active()).toEqual([{ job: jobOf(1) }]);
    await restored.close();
  });

  it('B17 says that another program holds the file, and writes again when it lets go', async () => {
    const store = open();
    const other = openKept(path, {});
    other.exec('BEGIN IMMEDIATE');
    await expect(store.create(jobOf(1), { prompt: {} })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('another process'),
    });
    other.exec('ROLLBACK');
    other.close();
    expect(await store.create(jobOf(1), { prompt: {} })).toEqual({ kind: 'created' });
    await store.close();
  }, 30_000);

  it('B17 accepts nothing once its file was moved away', async () => {
    const store = open();
    await store.create(jobOf(1), { prompt: {} });
    renameSync(path, `${path}.away`);
    for (const refused of [store.create(jobOf(2), { prompt: {} }), store.check(), store.remove(jobOf(1).id)])
      await expect(refused).rejects.toMatchObject({ code: 'store_unavailable' });
    renameSync(`${path}.away`, path);
    await expect(store.check()).resolves.toBeUndefined();
    expect(await store.get(jobOf(2).id)).toBeUndefined();
    await store.close();
  });

  it('B11 keeps the writes of one moment apart: one that fails takes no other along', async () => {
    const store = open();
    const outcomes = await Promise.allSettled([
      store.create(jobOf(1), { prompt: {} }),
      store.create(jobOf(1), { prompt: {} }),
      store.create(jobOf(2), { prompt: {} }, { key: 'k', bodyHash: 'h' }),
      store.create(jobOf(3), { prompt: {} }),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    await store.close();
    const again = open();
    expect((await again.active()).map(({ job }) => job.name)).toEqual(['job 1', 'job 2', 'job 3']);
    await again.close();
  });
});
