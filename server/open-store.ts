import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import type { DeskBook } from './jobs/desk-book.ts';
import { noLink, type InstanceLink } from './jobs/leases/instance-link.ts';
import type { JobStore } from './jobs/job-store.ts';
import type { PodLeases } from './jobs/leases/lease.ts';
import type { Log } from './jobs/log.ts';
import { SoleLeases } from './jobs/leases/sole-leases.ts';
import type { StoreTransfer } from './jobs/records/store-transfer.ts';
import type { TemplateBook } from './jobs/templates/template-book.ts';
import { openRedisInstanceLink } from './redis/instance-link.ts';
import { openRedisJobStore } from './redis/job-store.ts';
import { RedisPodLeases } from './redis/pod-leases.ts';
import { openSqliteJobStore } from './sqlite/job-store.ts';

/** A desk's store with all that instances share by it. */
export interface OpenStore {
  kind: 'sqlite' | 'redis';
  store: JobStore & DeskBook & StoreTransfer & { readonly templates: TemplateBook };
  leases: PodLeases;
  link: InstanceLink;
}

/** Opens the store that the configuration names. A Redis that is away is waited for by whoever uses it. */
export async function openStore(
  config: Pick<Config, 'dataDir' | 'redisUrl' | 'leaseMs'>,
  instanceId: string,
  log: Log,
): Promise<OpenStore> {
  const onUnreadable = ({ id, reason }: { id: string; reason: string }) =>
    log.error({ jobId: id, reason }, 'a stored job cannot be read; it is left alone');
  mkdirSync(config.dataDir, { recursive: true });
  if (config.redisUrl === undefined) {
    const store = openSqliteJobStore({ path: join(config.dataDir, 'podium.db'), onUnreadable });
    return { kind: 'sqlite', store, leases: new SoleLeases(), link: noLink };
  }
  const { redisUrl: url, leaseMs } = config;
  const store = await openRedisJobStore({ url, instanceId, onUnreadable, barrierMs: 2 * leaseMs });
  const { connection: redis, keys } = store;
  return {
    kind: 'redis',
    store,
    leases: new RedisPodLeases(redis, keys, (writes) => store.heardOfWrites(writes)),
    link: openRedisInstanceLink({ redis, keys, instanceId, onUnreadable }),
  };
}
