import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newJob } from '../../lib/jobs/transition.ts';
import type { Job } from '../../lib/jobs/job.ts';
import type { Recovery } from '../../lib/jobs/recovery.ts';
import { openSqliteJobStore } from './job-store.ts';
import { openKept, prepareKept, readPragma } from './kept-objects.ts';
import { MIGRATIONS } from './migrations.ts';
import { openDatabase } from './open-database.ts';
import type { UnreadableRecord } from '../jobs/records/stored-records.ts';
import { expectVersion1Desk, version1Desk } from '../../tests/support/version-1-desk.ts';

const AT = '2026-01-01T00:00:00.000Z';
const jobOf = (index: number): Job =>
  newJob({ id: `00000000-0000-4000-8000-00000000000${index}`, name: `job ${index}`, at: AT });
const recovery: Recovery = {
  schemaVersion: 1,
  id: '00000000-0000-4000-8000-0000000000aa',
  reason: 'start',
  instance: 'here',
  podIds: [],
  startedAt: AT,
  found: 0,
  jobs: [],
  unanswered: [],
};

describe('the SQLite store’s desk', () => {
  let dir: string;
  let path: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'podium-desk-'));
    path = join(dir, 'podium.db');
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const byHand = (work: (db: Database.Database) => void) => {
    const db = openKept(path, {});
    try {
      work(db);
    } finally {
      db.close();
    }
  };

  it.each([1, 2])('B311 reads and goes on with what Podium wrote in format %i', async (format) => {
    const old = openDatabase(path, MIGRATIONS.slice(0, format));
    for (const [table, rows] of Object.entries(version1Desk.sqlite)) {
      if (table === 'desk' && format === 1) continue;
      for (const row of rows) {
        const names = Object.keys(row);
        const insert = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`;
        prepareKept(old.db, insert).run(row);
      }
    }
    old.close();

    const store = openSqliteJobStore({ path });
    await expectVersion1Desk(store);
    expect(await store.counts()).toMatchObject({ queued: 1, running: 1, failed: 1, succeeded: 1, uncertain: 1 });
    expect(await store.dispatch()).toMatchObject({ paused: format === 2 });
    expect(await store.podConditions()).toEqual([]);
    expect(await store.podOrders()).toEqual({});
    const id = await store.deskId();
    await store.saveRecovery(recovery);
    await store.close();
    byHand((db) => expect(readPragma(db, 'user_version')).toBe(MIGRATIONS.length));
    const again = openSqliteJobStore({ path });
    expect(await again.deskId()).toBe(id);
    expect(await again.recoveries(10)).toEqual([recovery]);
    await again.close();
  });

  it('B17 leaves recoveries it cannot read out and takes a damaged pause for none', async () => {
    const store = openSqliteJobStore({ path });
    await store.saveRecovery(recovery);
    await store.saveRecovery({ ...recovery, id: recovery.id.replace('aa', 'bb') });
    await store.setDispatch({ paused: true });
    await store.close();
    byHand((db) => {
      prepareKept(db, 'UPDATE recoveries SET record = ? WHERE id = ?').run('{"schemaVersion":99}', recovery.id);
      prepareKept(db, `UPDATE desk SET value = '{"paused":"per' WHERE name = 'dispatch'`).run();
    });
    const again = openSqliteJobStore({ path });
    expect((await again.recoveries(10)).map(({ id }) => id.slice(-2))).toEqual(['bb']);
    expect(await again.dispatch()).toEqual({ paused: false });
    await again.close();
  });

  it('B251 leaves jobs it cannot read whole out of a transfer and reports each', async () => {
    const reports: UnreadableRecord[] = [];
    const store = openSqliteJobStore({ path });
    for (const index of [1, 2, 3]) await store.create(jobOf(index), { prompt: {} });
    await store.close();
    byHand((db) => {
      prepareKept(db, 'UPDATE active SET record = ? WHERE id = ?').run('{"half', jobOf(1).id);
      prepareKept(db, 'UPDATE workflows SET prompt = ? WHERE job_id = ?').run('{"half', jobOf(2).id);
    });
    const again = openSqliteJobStore({ path, onUnreadable: (record) => reports.push(record) });
    const ids: string[] = [];
    for await (const { job } of again.bundles()) ids.push(job.id);
    expect(ids).toEqual([jobOf(3).id]);
    expect(reports.map(({ id }) => id)).toEqual([jobOf(1).id, jobOf(2).id]);
    expect(reports.map(({ reason }) => reason).join(' ')).toMatch(/record is damaged.*workflow is missing or damaged/);
    expect(await again.size()).toBe(3);
    await again.close();
  });

  it('B251 takes in all jobs of a call or none', async () => {
    const store = openSqliteJobStore({ path });
    await store.create(jobOf(2), { prompt: {} });
    await expect(
      store.takeIn([1, 2, 3].map((index) => ({ job: jobOf(index), workflow: { prompt: {} } }))),
    ).rejects.toThrow(jobOf(2).id);
    expect(await store.size()).toBe(1);
    await store.close();
  });
});
