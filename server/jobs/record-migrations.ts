import { JOB_SCHEMA_VERSION } from '../../lib/jobs/job.ts';

/** Makes a record of one version one of the next; what it cannot make sense of it gives back as it is. */
export type RecordStep = (record: unknown) => unknown;

/** The steps between versions, by the version each begins with. A step that was released is never edited. */
const STEPS: Readonly<Record<number, RecordStep>> = {};

/** A record of any older version as one of this version; it is written so with its next change. */
export function migrateRecord(record: unknown, version: number, steps = STEPS, newest = JOB_SCHEMA_VERSION): unknown {
  let migrated = record;
  for (let from = version; from < newest; from += 1) migrated = steps[from]?.(migrated) ?? migrated;
  return migrated;
}
