import type { JobDetail, JobSummary } from '../protocol/jobs.ts';
import { isOnPod, type Job } from './job.ts';
import type { JobProgress } from './progress.ts';

/** The list's view of a job. `progress` counts only where it belongs to the attempt that runs. */
export function summaryOf(job: Job, progress?: JobProgress): JobSummary {
  const onPod = isOnPod(job.state);
  const live = onPod && 'promptId' in job && progress?.promptId === job.promptId ? progress : undefined;
  const thumbnail = job.outputs.find((output) => output.kind === 'image') ?? job.outputs[0];
  const error = 'error' in job ? job.error : undefined;
  return {
    id: job.id,
    revision: job.revision,
    name: job.name,
    state: job.state,
    progress: job.state === 'succeeded' ? 100 : (live?.percent ?? null),
    ...(live && { live }),
    podId: ('podId' in job ? job.podId : undefined) ?? null,
    promptId: ('promptId' in job ? job.promptId : undefined) ?? null,
    cancelRequested: 'cancelRequestedAt' in job && job.cancelRequestedAt !== undefined,
    attemptCount: job.attempts.length,
    ...(error && { error: withoutTraceback(error) }),
    ...(job.state === 'retry_wait' && { retryAt: job.retryAt }),
    ...(job.next && { next: job.next }),
    filesOnPod: (job.state === 'succeeded' && job.onPod?.length) || 0,
    ...(thumbnail && { thumbnail: thumbnail.index }),
    createdAt: job.createdAt,
    ...(job.startedAt !== undefined && { startedAt: job.startedAt }),
    ...('endedAt' in job && { endedAt: job.endedAt }),
  };
}

/** The whole job as the API answers it. */
export function detailOf(job: Job, progress?: JobProgress): JobDetail {
  const { error: _short, ...summary } = summaryOf(job, progress);
  return {
    ...summary,
    ...('error' in job && { error: job.error }),
    wantedPodId: job.wantedPodId ?? null,
    excludedPods: job.excludedPods,
    priority: job.priority,
    metadata: job.metadata,
    attempts: job.attempts,
    timeline: job.timeline,
    warnings: job.warnings,
    outputs: job.outputs.map((output) => ({ ...output, url: outputUrl(job.id, output.index) })),
  };
}

/** Path of one output's file on this server. */
export function outputUrl(jobId: string, index: number): string {
  return `/api/jobs/${jobId}/outputs/${index}`;
}

function withoutTraceback<T extends { traceback?: string | undefined }>(error: T): Omit<T, 'traceback'> {
  const { traceback: _long, ...rest } = error;
  return rest;
}
