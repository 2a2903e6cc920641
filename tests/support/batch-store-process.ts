/**
 * A store in a process of its own. Arguments: `sqlite` or `redis`, then the path or the URL, then a prefix of keys.
 * Takes batches of 300 jobs in without end and prints `?id` before each is sent and `+id` once it is durable.
 */
import { z } from 'zod';
import { openRedisJobStore } from '../../server/redis/job-store.ts';
import { openSqliteJobStore } from '../../server/sqlite/job-store.ts';
import { batchOf } from './sample-batches.ts';

const [kind, place, prefix] = z
  .tuple([z.enum(['sqlite', 'redis']), z.string(), z.string()])
  .parse(process.argv.slice(2));
const store = kind === 'sqlite' ? openSqliteJobStore({ path: place }) : await openRedisJobStore({ url: place, prefix });
const say = (line: string) => process.stdout.write(`${line}\n`);
for (;;) {
  const batch = batchOf(300);
  say(`?${batch.record.id}`);
  await store.createBatch(batch);
  say(`+${batch.record.id}`);
}
