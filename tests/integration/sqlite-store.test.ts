import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteJobStore } from '../../server/sqlite/job-store.ts';
import { jobStoreContract } from '../contract/job-store.contract.ts';

jobStoreContract('SQLite', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'podium-store-'));
  const path = join(dir, 'podium.db');
  let current = openSqliteJobStore({ path });
  return {
    store: current,
    reopen: async () => {
      await current.close();
      current = openSqliteJobStore({ path });
      return current;
    },
    dispose: async () => {
      await current.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
});
