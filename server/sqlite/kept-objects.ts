import Database, { type Statement } from 'better-sqlite3';

/**
 * Connections and statements of this process, reachable for ever. Node 24.19 and newer end the process by an assertion
 * (`RemoveEnvironmentCleanupHook`, `env != nullptr`) when the garbage collector takes one of better-sqlite3 12, at
 * whatever moment that is; version 13 needs Node 22. They are few: every SQL text is prepared once for a connection.
 */
const kept: object[] = [];

function keep<T extends object>(object: T): T {
  kept.push(object);
  return object;
}

/** Opens a file; the connection may be closed, but is never collected. */
export function openKept(file: string, options: Database.Options): Database.Database {
  return keep(new Database(file, options));
}

/** Prepares a statement that is never collected; to be done once for each SQL text. */
export function prepareKept(db: Database.Database, sql: string): Statement {
  return keep(db.prepare(sql));
}

/** One value that SQLite tells of itself. The library's own `pragma` leaves a statement to the collector. */
export function readPragma(db: Database.Database, name: string): unknown {
  return prepareKept(db, `PRAGMA ${name}`).pluck().get();
}
