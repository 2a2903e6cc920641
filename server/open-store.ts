import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import type { DeskBook } from './jobs/desk-book.ts';
import { noLink, type InstanceLink } from './jobs/instance-link.ts';
import type { JobStore } from './jobs/job-store.ts';
import type { PodLeases } from './jobs/lease.ts';
import type { Log } from './jobs/log.ts';
import { SoleLeases } from './jobs/sole-leases.ts';
import type { StoreTransfer } from './jobs/store-transfer.ts';
import { openSqliteJobStore } from './sqlite/job-store.ts';

/** A desk's store with all that instances share by it. */
export interface OpenStore {
  kind: 'sqlite' | 'redis';
  store: JobStore & DeskBook & StoreTransfer;
  leases: PodLeases;
  link: InstanceLink;
}

/** Opens the store that the configuration names. */
export async function openStore(
  config: Pick<Config, 'dataDir' | 'redisUrl' | 'leaseMs'>,
  _instanceId: string,
  log: Log,
): Promise<OpenStore> {
  const onUnreadable = ({ id, reason }: { id: string; reason: string }) =>
    log.error({ jobId: id, reason }, 'a stored job cannot be read; it is left alone');
  mkdirSync(config.dataDir, { recursive: true });
  const store = openSqliteJobStore({ path: join(config.dataDir, 'podium.db'), onUnreadable });
  return { kind: 'sqlite', store, leases: new SoleLeases(), link: noLink };
}
