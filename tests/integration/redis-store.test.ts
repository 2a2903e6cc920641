import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { openRedisJobStore } from '../../server/redis/job-store.ts';
import { deskBookContract } from '../contract/desk-book.contract.ts';
import { jobStoreContract } from '../contract/job-store.contract.ts';
import { storeTransferContract } from '../contract/store-transfer.contract.ts';
import { templateBookContract } from '../contract/template-book.contract.ts';
import { startRedis } from '../support/redis-process.ts';

let redis: Awaited<ReturnType<typeof startRedis>>;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

/** An empty desk of its own in the one Redis. */
async function open() {
  const options = { url: `redis://127.0.0.1:${redis.port}`, prefix: randomUUID() };
  let current = await openRedisJobStore(options);
  return {
    store: current,
    reopen: async () => {
      await current.close();
      current = await openRedisJobStore(options);
      return current;
    },
    dispose: () => current.close(),
  };
}

jobStoreContract('Redis', open);
storeTransferContract('Redis', open);
templateBookContract('Redis', open);
deskBookContract('Redis', async () => {
  const { store, ...rest } = await open();
  return { book: store, ...rest };
});
