import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WriteLane } from './write-lane.ts';
import { openKept, prepareKept } from './kept-objects.ts';

describe('the write lane', () => {
  let dir: string;
  let db: Database.Database;
  let other: Database.Database;
  let commits: number;
  let lane: WriteLane;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'podium-lane-'));
    db = openKept(join(dir, 'lane.db'), {});
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('CREATE TABLE notes (text TEXT UNIQUE) STRICT');
    other = openKept(join(dir, 'lane.db'), { readonly: true });
    commits = 0;
    const disk = (error: unknown) => (error instanceof Error && error.message === 'disk' ? new Error('away') : error);
    lane = new WriteLane(db, () => void (commits += 1), disk);
  });
  afterEach(() => {
    other.close();
    db.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const note = (text: string) => prepareKept(db, 'INSERT INTO notes VALUES (?)').run(text).changes;
  const notes = () => prepareKept(other, 'SELECT text FROM notes ORDER BY text').pluck().all();

  it('B10 commits the writes of one moment together, each told only when others can see it', async () => {
    const seen: unknown[] = [];
    await Promise.all(
      ['a', 'b', 'c'].map((text) => lane.write(() => note(text)).then(() => seen.push(notes().length))),
    );
    expect(seen).toEqual([3, 3, 3]);
    expect(commits).toBe(1);
  });

  it('B10 commits a long queue in bounded steps and loses none of it', async () => {
    await Promise.all(Array.from({ length: 1000 }, (_, index) => lane.write(() => note(`n${index}`))));
    expect(notes()).toHaveLength(1000);
    expect(commits).toBe(4);
  });

  it('B11 takes back all that a failed write did, and nothing of the others', async () => {
    const outcomes = await Promise.allSettled([
      lane.write(() => note('first')),
      lane.write(() => {
        note('half');
        throw new Error('changed its mind');
      }),
      lane.write(() => note('half') + note('first')),
      lane.write(() => note('last')),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(notes()).toEqual(['first', 'last']);
  });

  it('B17 takes back all writes of a moment in which the disk fails, and goes on afterwards', async () => {
    const outcomes = await Promise.allSettled([
      lane.write(() => note('before')),
      lane.write(() => {
        note('half');
        throw new Error('disk');
      }),
      lane.write(() => note('after')),
    ]);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.message)).toEqual(
      Array.from({ length: 3 }, () => 'away'),
    );
    expect(notes()).toEqual([]);
    await lane.write(() => note('later'));
    expect(notes()).toEqual(['later']);
  });
});
