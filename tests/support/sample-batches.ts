import { randomUUID } from 'node:crypto';
import { newJob } from '../../lib/jobs/transition.ts';
import type { NewBatch } from '../../server/jobs/job-store.ts';
import { second, workflowOf } from './sample-jobs.ts';

/** A batch of so many jobs, made `seconds` after the start of 2026, that differ in `mark`. */
export function batchOf(size: number, seconds = 1, name = 'sweep'): NewBatch {
  const id = randomUUID();
  const values = Array.from({ length: size }, (_, at) => `value ${at}`);
  const ids = values.map(() => randomUUID()).toSorted();
  return {
    record: {
      schemaVersion: 1,
      id,
      name,
      total: size,
      createdAt: second(seconds),
      plan: {
        axes: [{ nodeId: '1', input: 'mark', label: 'Mark', values }],
        mode: 'grid',
        count: 1,
        seeds: 'fixed',
        seedFields: [],
      },
    },
    workflow: { ...workflowOf('base'), workflow: { nodes: ['ü'] } },
    members: values.map((value, index) => ({
      job: newJob({ id: ids[index] ?? '', name: `${name} ${index}`, at: second(seconds), batch: { id, index } }),
      values: [{ nodeId: '1', input: 'mark', value }],
    })),
  };
}
