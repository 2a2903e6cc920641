import { randomUUID } from 'node:crypto';
import type { Member } from '../jobs/leases/lease.ts';
import { openRedisJobStore } from '../redis/job-store.ts';
import { RedisPodLeases } from '../redis/pod-leases.ts';
import { readInfo } from '../redis/redis-info.ts';
import { PODIUM_VERSION } from '../version.ts';
import type { Side } from './copy-desk.ts';
import type { OnUnreadable } from './stores.ts';
import { Refusal } from './terminal.ts';

/** Heard of within this time counts as running, whatever its LEASE_MS: that is a minute at most. */
const ALIVE_MS = 60_000;

/** @throws Refusal where the settings name no Redis; StoreUnavailableError where it cannot be used */
export async function openRedisSide(url: string | undefined, onUnreadable: OnUnreadable): Promise<Side> {
  if (url === undefined)
    throw new Refusal('Set REDIS_URL to the Redis that is meant, such as redis://user:password@host:6379/0.');
  const self: Member = {
    id: randomUUID(),
    name: 'podium store',
    version: PODIUM_VERSION,
    podIds: [],
    startedAt: new Date().toISOString(),
  };
  const store = await openRedisJobStore({ url, instanceId: self.id, onUnreadable, waitMs: 2000 });
  const leases = new RedisPodLeases(store.connection, store.keys);
  try {
    const version =
      readInfo(await store.connection.call('INFO', 'server')).get('redis_version') ?? 'of an unknown version';
    return {
      place: placeOf(url),
      store,
      version: async () => `Redis ${version}`,
      others: async () => {
        const { members } = await leases.beat(self, [], ALIVE_MS);
        await leases.leave(self.id);
        return members.filter(({ id }) => id !== self.id).map(({ name }) => name);
      },
      close: () => store.close(),
      toEmpty: 'set REDIS_URL to another database number, or empty that one with FLUSHDB once you need it no more',
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The address without user and password. */
function placeOf(url: string): string {
  const { protocol, hostname, port, pathname } = new URL(url);
  return `${protocol}//${hostname}:${port === '' ? '6379' : port}/${pathname.slice(1) === '' ? '0' : pathname.slice(1)}`;
}
