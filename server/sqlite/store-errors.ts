import Database from 'better-sqlite3';
import { StoreUnavailableError } from '../jobs/job-store.ts';

/** The store's file may not be used by this process at all; told by `code`, with a sentence for a person. */
export class StoreRefusedError extends Error {
  constructor(
    readonly code: 'store_newer' | 'store_locked',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StoreRefusedError';
  }
}

/** What SQLite's primary result codes mean for a person. Source: https://sqlite.org/rescode.html */
const REASONS: Record<string, string> = {
  SQLITE_FULL: 'its disk is full',
  SQLITE_IOERR: 'its disk reported an error',
  SQLITE_READONLY: 'it is read-only',
  SQLITE_CANTOPEN: 'it cannot be opened',
  SQLITE_PERM: 'access is denied',
  SQLITE_AUTH: 'access is denied',
  SQLITE_BUSY: 'another process holds it',
  SQLITE_LOCKED: 'another process holds it',
  SQLITE_PROTOCOL: 'another process holds it',
  SQLITE_CORRUPT: 'it is damaged; restore it from a backup',
  SQLITE_NOTADB: 'it is not a database; move it away or restore it from a backup',
  SQLITE_NOMEM: 'there is not enough memory',
};

/** Why the file cannot be used, for an error of SQLite that the caller did not cause; undefined for any other. */
function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Database.SqliteError)) return undefined;
  const primary = /^SQLITE_[A-Z]+/.exec(error.code)?.[0] ?? '';
  return REASONS[primary];
}

/** The error as callers of the port know it: `StoreUnavailableError` where the file is to blame, else as it was. */
export function asStoreError(error: unknown, path: string): unknown {
  const reason = reasonOf(error);
  return reason === undefined
    ? error
    : new StoreUnavailableError(`The database ${path} cannot be used: ${reason}.`, { cause: error });
}
