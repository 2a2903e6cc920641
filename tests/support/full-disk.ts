import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Desk } from '../../server/create-desk.ts';

/** So that files that stayed on a pod are tried again within the second. */
export const QUICK_COPIES = { diskPausesMs: [20, 20], lateMs: 50 };

const markOf = (dataDir: string) => join(dataDir, 'full');

/** The disk of every desk over this folder that heeds it takes no results until the function returned is called. */
export function fillDisk(dataDir: string): () => void {
  writeFileSync(markOf(dataDir), '');
  return () => rmSync(markOf(dataDir));
}

/** From now on the desk's copies fail as on a full disk for as long as `fillDisk` says so. */
export function heedFullDisk({ outputs }: Desk, dataDir: string): void {
  const { copy } = outputs;
  outputs.copy = (...given) =>
    existsSync(markOf(dataDir))
      ? Promise.reject(Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' }))
      : copy.apply(outputs, given);
}
