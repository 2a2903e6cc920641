import { excludedText, sortable } from '../jobs/records/stored-text.ts';
import { pinnedPod, type Job } from '../../lib/jobs/job.ts';
import { searchText } from '../../lib/jobs/search-text.ts';

/** A job as both tables hold it. What stands beside `record` is there to be found by. */
export function columnsOf(job: Job) {
  return {
    id: job.id,
    schemaVersion: job.schemaVersion,
    revision: job.revision,
    state: job.state,
    podId: ('podId' in job ? job.podId : undefined) ?? null,
    promptId: job.attempts.at(-1)?.promptId ?? null,
    pinnedPodId: pinnedPod(job) ?? null,
    excludedPods: excludedText(job),
    priority: job.priority,
    retryAt: job.state === 'retry_wait' ? sortable(job.retryAt) : null,
    endedAt: 'endedAt' in job ? sortable(job.endedAt) : null,
    createdAt: sortable(job.createdAt),
    nameFolded: searchText(job.name),
    batchId: job.batch?.id ?? null,
    record: JSON.stringify(job),
  };
}
