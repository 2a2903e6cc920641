import { isTerminal, JOB_STATES, type JobState } from '../../../lib/jobs/job.ts';
import { summaryOf } from '../../../lib/jobs/job-view.ts';
import type { BatchView } from '../../../lib/protocol/batches.ts';
import type { JobStore, StoredBatch, StoredJob } from '../job-store.ts';

export const ACTIVE_STATES: readonly JobState[] = JOB_STATES.filter((state) => !isTerminal(state));

/** Pictures that stand for a batch in lists, and jobs looked through for them. */
const PICTURES = 4;
const LOOKED_FOR_PICTURES = 12;
/** Jobs of one batch that run at once, at most. */
const MOST_RUNNING = 1000;

interface Deps {
  store: Pick<JobStore, 'list'>;
  /** Newest progress in memory, fresher than the store's. */
  liveProgress: (jobId: string) => StoredJob['progress'];
}

/** A batch as people see it, by how its jobs are now. */
export async function batchView({ record, counts }: StoredBatch, { store, liveProgress }: Deps): Promise<BatchView> {
  const { id, total } = record;
  const active = ACTIVE_STATES.reduce((sum, state) => sum + counts[state], 0);
  const working = counts.running + counts.submitting + counts.uncertain;
  const [running, succeeded] = await Promise.all([
    working === 0
      ? undefined
      : store.list({ batch: id, states: ['submitting', 'uncertain', 'running'], limit: MOST_RUNNING }),
    counts.succeeded === 0 ? undefined : store.list({ batch: id, states: ['succeeded'], limit: LOOKED_FOR_PICTURES }),
  ]);
  const percents = (running?.jobs ?? []).map(
    ({ job, progress }) => summaryOf(job, liveProgress(job.id) ?? progress).progress ?? 0,
  );
  const done = (total - active) * 100 + percents.reduce((sum, percent) => sum + percent, 0);
  const pictures = (succeeded?.jobs ?? []).flatMap(({ job }) => {
    const picture = job.outputs.find(({ kind }) => kind === 'image');
    return picture ? [{ jobId: job.id, index: picture.index }] : [];
  });
  return {
    id,
    name: record.name,
    total,
    plan: record.plan,
    createdAt: record.createdAt,
    counts,
    progress: Math.min(100, Math.max(0, done / total)),
    ended: active === 0,
    pictures: pictures.slice(0, PICTURES),
  };
}
