import { randomUUID } from 'node:crypto';
import { openRedisJobStore, type RedisJobStoreOptions, type RedisStore } from '../../server/redis/job-store.ts';
import { redisKeys } from '../../server/redis/keys.ts';
import type { RedisProcess } from './redis-process.ts';

/** A desk of its own in a Redis, as one instance after another opens it. */
export function redisDesk(redis: RedisProcess) {
  const prefix = randomUUID();
  const keys = redisKeys(prefix);
  const stores: RedisStore[] = [];
  return {
    keys,
    /** @param member counts as heard of just now, so that others wait for it */
    async open(member: string, more: Partial<RedisJobStoreOptions> = {}): Promise<RedisStore> {
      const store = await openRedisJobStore({ url: redis.url, prefix, instanceId: member, ...more });
      stores.push(store);
      await redis.command('ZADD', keys.members, Date.now(), member);
      return store;
    },
    close: () => Promise.all(stores.map((store) => store.close())),
  };
}
