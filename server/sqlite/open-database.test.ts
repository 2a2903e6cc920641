import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MIGRATIONS } from './migrations.ts';
import { openDatabase } from './open-database.ts';
import { openKept, prepareKept, readPragma } from './kept-objects.ts';

describe('opening the database', () => {
  let dir: string;
  let path: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'podium-open-'));
    path = join(dir, 'deep', 'podium.db');
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('B16 makes the file for its owner alone, in WAL with full sync', () => {
    const held = openDatabase(path);
    const { db } = held;
    expect(readPragma(db, 'journal_mode')).toBe('wal');
    expect(readPragma(db, 'synchronous')).toBe(2);
    expect(readPragma(db, 'foreign_keys')).toBe(1);
    expect(readPragma(db, 'user_version')).toBe(MIGRATIONS.length);
    expect(statSync(path).mode & 0o077).toBe(0);
    held.close();
  });

  it('B16 refuses the file of a newer Podium and leaves it byte for byte', () => {
    openDatabase(path, [...MIGRATIONS, 'CREATE TABLE from_the_future (x TEXT) STRICT']).close();
    const before = readFileSync(path);
    expect(() => openDatabase(path)).toThrow(
      expect.objectContaining({ code: 'store_newer', message: expect.stringContaining('newer Podium') }),
    );
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(join(dir, 'deep'))).toEqual(['podium.db', 'podium.db.lock']);
  });

  it('B16 leaves the file of a newer Podium as a kill -9 left it, log and all', () => {
    openDatabase(path).close();
    const db = openKept(path, {});
    db.exec('PRAGMA user_version = 99');
    const killed = join(dir, 'killed.db');
    for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, `${killed}${end}`);
    db.close();
    const before = ['', '-wal'].map((end) => readFileSync(`${killed}${end}`));
    expect(() => openDatabase(killed)).toThrow(expect.objectContaining({ code: 'store_newer' }));
    expect(['', '-wal'].map((end) => readFileSync(`${killed}${end}`))).toEqual(before);
  });

  it('B16 brings an older file forward with what is in it', () => {
    const first = openDatabase(path, ['CREATE TABLE notes (text TEXT) STRICT']);
    first.db.exec("INSERT INTO notes VALUES ('kept')");
    first.close();
    const steps = ['CREATE TABLE notes (text TEXT) STRICT', 'ALTER TABLE notes ADD COLUMN length INTEGER'];
    const second = openDatabase(path, steps);
    expect(prepareKept(second.db, 'SELECT * FROM notes').all()).toEqual([{ text: 'kept', length: null }]);
    expect(readPragma(second.db, 'user_version')).toBe(2);
    second.close();
  });

  it('B16 leaves the old format whole when a step fails', () => {
    openDatabase(path, ['CREATE TABLE notes (text TEXT) STRICT']).close();
    const steps = ['', 'CREATE TABLE more (text TEXT) STRICT', 'CREATE TABLE notes (again TEXT) STRICT'];
    expect(() => openDatabase(path, steps)).toThrow('already exists');
    const held = openDatabase(path, ['']);
    expect(prepareKept(held.db, 'SELECT name FROM sqlite_schema').pluck().all()).toEqual(['notes']);
    expect(readPragma(held.db, 'user_version')).toBe(1);
    held.close();
  });

  it('B16 refuses a second opening of the same file in one process', () => {
    const held = openDatabase(path);
    expect(() => openDatabase(path)).toThrow(expect.objectContaining({ code: 'store_locked' }));
    held.close();
    openDatabase(path).close();
  }, 30_000);

  it('B17 refuses what is no database of ours, with a sentence, and leaves it', () => {
    const text = join(dir, 'notes.txt');
    writeFileSync(text, 'These are my notes, not a database. '.repeat(100));
    expect(() => openDatabase(text)).toThrow(
      expect.objectContaining({ code: 'store_unavailable', message: expect.stringContaining('not a database') }),
    );
    expect(readFileSync(text, 'utf8')).toContain('These are my notes');

    const foreign = join(dir, 'foreign.db');
    const other = openKept(foreign, {});
    other.exec('CREATE TABLE theirs (x)');
    other.close();
    expect(() => openDatabase(foreign)).toThrow(
      expect.objectContaining({ code: 'store_unavailable', message: expect.stringContaining('another program') }),
    );
  });

  it('B17 says what is wrong with a path that cannot be one', () => {
    writeFileSync(join(dir, 'file'), '');
    expect(() => openDatabase(join(dir, 'file', 'podium.db'))).toThrow(
      expect.objectContaining({ code: 'store_unavailable', message: expect.stringMatching(/ENOTDIR|EEXIST/) }),
    );
  });
});
