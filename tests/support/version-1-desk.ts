import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { z } from 'zod';
import type { JobStore } from '../../server/jobs/job-store.ts';
import { after, claim, queuedAt, second, workflowOf } from './sample-jobs.ts';

const jobSchema = z.looseObject({ id: z.uuid(), name: z.string(), schemaVersion: z.literal(1) });
const deskSchema = z.object({
  jobs: z.array(jobSchema),
  /** The rows of each table. */
  sqlite: z.record(z.string(), z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()])))),
  /** Commands that make each key; the key without what all keys begin with. */
  redis: z.array(z.tuple([z.string(), z.string()]).rest(z.string())),
});

/** A desk as Podium wrote it into each store when records were of version 1. */
export const version1Desk = deskSchema.parse(
  JSON.parse(readFileSync(new URL('./version-1-desk.json', import.meta.url), 'utf8')),
);

/** What this version must make of it: everything is there, and goes on. */
export async function expectVersion1Desk(store: JobStore): Promise<void> {
  for (const { schemaVersion: _former, error, attempts, ...job } of version1Desk.jobs) {
    const { job: read } = (await store.get(job.id)) ?? {};
    expect(read).toMatchObject({ ...job, schemaVersion: 2, excludedPods: [] });
    expect(read?.attempts).toMatchObject(attempts as object[]);
    if (error) expect(read).toMatchObject({ error });
    expect(await store.workflow(job.id)).toEqual(workflowOf(job.name));
  }
  const jobOf = async (name: string) => {
    const stored = await store.get(version1Desk.jobs.find((job) => job.name === name)?.id ?? '');
    if (!stored) throw new Error(`${name} is not there`);
    return stored;
  };
  const failed = await jobOf('failed');
  expect(failed.job).toMatchObject({ error: { blame: 'workflow' }, attempts: [{ error: { blame: 'workflow' } }] });
  expect((await jobOf('runs')).progress).toMatchObject({ percent: 40 });
  const names = async (podId: string) => (await store.claimable(podId, second(60), 9)).map(({ name }) => name);
  expect(await names('pod-b')).toEqual(['queued', 'waits']);
  expect(await names('pod-a')).toEqual(['waits']);
  const wanted = await jobOf('queued');
  const replayed = await store.create(queuedAt(9), workflowOf('queued'), { key: 'key-1', bodyHash: 'hash-1' });
  expect(replayed).toEqual({ kind: 'replayed', job: wanted.job });
  const claimed = after((await jobOf('waits')).job, claim('pod-b'));
  expect(await store.replace(claimed)).toBe(true);
  expect(await jobOf('waits')).toEqual({ job: claimed });
  expect((await store.onPod('pod-b')).map(({ job }) => job)).toEqual([claimed]);
  expect(await store.podMemory('pod-a')).toEqual({ clientId: 'client-a', highestNumber: 7 });
}
