import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { StoreUnavailableError } from '../jobs/job-store.ts';
import { openKept, prepareKept, readPragma } from './kept-objects.ts';
import { MIGRATIONS } from './migrations.ts';
import { asStoreError, StoreRefusedError } from './store-errors.ts';

/** "Podi" in ASCII; tells our files from those of other programs. */
const APPLICATION_ID = 0x506f6469;
/** How long a process that is just ending may keep the file. Waiting blocks, so it is short. */
const LOCK_WAIT_MS = 2000;

/** The database and the lock that goes with it. */
export interface HeldDatabase {
  db: Database.Database;
  close(): void;
}

/**
 * Opens or creates the file for this Podium alone and brings it to the newest schema. The lock is the kernel's, on a
 * file of its own beside the database: it dies with the process, however that ends, and leaves the database itself to
 * be read by others, a live backup above all.
 * @throws StoreRefusedError `store_newer` or `store_locked`; StoreUnavailableError
 */
export function openDatabase(path: string, migrations: readonly string[] = MIGRATIONS): HeldDatabase {
  const opened: Database.Database[] = [];
  const close = () => {
    for (const connection of opened.toReversed()) connection.close();
  };
  const open = (file: string) => {
    // Workflows and results are a person's own: nobody else on the machine reads them.
    closeSync(openSync(file, 'a', 0o600));
    const connection = openKept(file, { timeout: LOCK_WAIT_MS });
    opened.push(connection);
    return connection;
  };
  try {
    mkdirSync(dirname(path), { recursive: true });
    hold(open(`${path}.lock`), path);
    // Closing writes what a killed process left in the log into the file: a file that is not ours is only read.
    if (existsSync(`${path}-wal`)) peek(path, migrations.length);
    const db = open(path);
    refuseForeign(db, path, migrations.length);
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = FULL');
    db.exec('PRAGMA fullfsync = ON');
    db.exec('PRAGMA foreign_keys = ON');
    db.exec('PRAGMA journal_size_limit = 67108864');
    migrate(db, migrations);
    return { db, close };
  } catch (error) {
    close();
    throw explain(error, path);
  }
}

/** Takes the lock for as long as the connection is open. Nothing is ever written to its file. */
function hold(lock: Database.Database, path: string): void {
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    if (!(error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY'))) throw error;
    throw new StoreRefusedError(
      'store_locked',
      `${path} is in use by another Podium: stop it, or give this one another DATA_DIR.`,
      { cause: error },
    );
  }
}

function peek(path: string, newest: number): void {
  const db = openKept(path, { readonly: true, timeout: LOCK_WAIT_MS });
  try {
    refuseForeign(db, path, newest);
  } finally {
    db.close();
  }
}

/** Reads only; a file that is not ours to write is left as it is. */
function refuseForeign(db: Database.Database, path: string, newest: number): void {
  const version = Number(readPragma(db, 'user_version'));
  const application = Number(readPragma(db, 'application_id'));
  if (application !== APPLICATION_ID && (application !== 0 || version !== 0 || hasTables(db)))
    throw new StoreUnavailableError(
      `${path} belongs to another program: choose another DATA_DIR or move the file away.`,
    );
  if (version > newest)
    throw new StoreRefusedError(
      'store_newer',
      `${path} was written by a newer Podium (format ${version}, this one knows ${newest}): install the newer version again or choose another DATA_DIR. Nothing was changed.`,
    );
}

function hasTables(db: Database.Database): boolean {
  return prepareKept(db, 'SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined;
}

/** All steps in one transaction, so that a crash leaves the old format or the new one. */
function migrate(db: Database.Database, migrations: readonly string[]): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const step of migrations.slice(Number(readPragma(db, 'user_version')))) db.exec(step);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function explain(error: unknown, path: string): unknown {
  if (error instanceof Error && 'syscall' in error && 'code' in error)
    return new StoreUnavailableError(`The database ${path} cannot be opened (${String(error.code)}).`, {
      cause: error,
    });
  return asStoreError(error, path);
}
