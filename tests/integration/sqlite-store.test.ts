import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteJobStore } from '../../server/sqlite/job-store.ts';
import { deskBookContract } from '../contract/desk-book.contract.ts';
import { jobStoreContract } from '../contract/job-store.contract.ts';
import { storeTransferContract } from '../contract/store-transfer.contract.ts';
import { templateBookContract } from '../contract/template-book.contract.ts';

async function open() {
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
}

jobStoreContract('SQLite', open);
storeTransferContract('SQLite', open);
templateBookContract('SQLite', open);
deskBookContract('SQLite', async () => {
  const { store, ...rest } = await open();
  return { book: store, ...rest };
});
