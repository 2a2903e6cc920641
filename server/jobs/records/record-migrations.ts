import { z } from 'zod';
import { failureRules, jobErrorCodeSchema } from '../../../lib/jobs/failure-rules.ts';
import { JOB_SCHEMA_VERSION } from '../../../lib/jobs/job.ts';

/** Makes a record of one version one of the next; what it cannot make sense of it gives back as it is. */
export type RecordStep = (record: unknown) => unknown;

/** The steps between versions, by the version each begins with. A step that was released is never edited. */
const STEPS: Readonly<Record<number, RecordStep>> = { 1: withBlame };

const formerSchema = z.looseObject({
  schemaVersion: z.literal(1),
  error: z.unknown().optional(),
  attempts: z.array(z.looseObject({ error: z.unknown().optional() })),
});
const formerErrorSchema = z.looseObject({ code: jobErrorCodeSchema });

/** Errors of version 1 do not say whose fault they were, and no pod was ever left out. */
function withBlame(record: unknown): unknown {
  const former = formerSchema.safeParse(record).data;
  if (!former) return record;
  const blamed = <T extends { error?: unknown }>(holder: T): T => {
    const error = formerErrorSchema.safeParse(holder.error).data;
    return error ? { ...holder, error: { ...error, blame: failureRules[error.code].blame } } : holder;
  };
  return { ...blamed(former), schemaVersion: 2, excludedPods: [], attempts: former.attempts.map(blamed) };
}

/** A record of any older version as one of this version; it is written so with its next change. */
export function migrateRecord(record: unknown, version: number, steps = STEPS, newest = JOB_SCHEMA_VERSION): unknown {
  let migrated = record;
  for (let from = version; from < newest; from += 1) migrated = steps[from]?.(migrated) ?? migrated;
  return migrated;
}
