import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { openSqliteJobStore } from '../sqlite/job-store.ts';
import { MIGRATIONS } from '../sqlite/migrations.ts';
import type { StoreKind } from './command-line.ts';
import type { Side } from './copy-desk.ts';
import { openRedisSide } from './redis-side.ts';
import { Refusal } from './terminal.ts';

export type StoreSettings = Pick<Config, 'dataDir' | 'redisUrl'>;
export type OnUnreadable = (record: { id: string; reason: string }) => void;

/** Path of the database file that the settings name. */
export function sqlitePath(settings: StoreSettings): string {
  return join(resolve(settings.dataDir), 'podium.db');
}

/**
 * Opens one side of a copy. `make`: a SQLite file is made where there is none.
 * @throws Refusal, StoreRefusedError, StoreUnavailableError; each with a sentence
 */
export async function openSide(
  kind: StoreKind,
  settings: StoreSettings,
  { make }: { make: boolean },
  onUnreadable: OnUnreadable,
): Promise<Side> {
  return kind === 'sqlite'
    ? openSqliteSide(settings, make, onUnreadable)
    : openRedisSide(settings.redisUrl, onUnreadable);
}

function openSqliteSide(settings: StoreSettings, make: boolean, onUnreadable: OnUnreadable): Side {
  const path = sqlitePath(settings);
  if (!make && !existsSync(path))
    throw new Refusal(`There is no ${path}: set DATA_DIR to the folder that holds podium.db.`);
  const store = openSqliteJobStore({ path, onUnreadable });
  return {
    place: path,
    store,
    version: async () => `SQLite, format ${MIGRATIONS.length}`,
    // The file's lock keeps every other Podium out for as long as it is open here.
    others: async () => [],
    close: () => store.close(),
    toEmpty: 'set DATA_DIR to a folder without a podium.db, or move that file away together with those beside it',
  };
}
