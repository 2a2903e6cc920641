import type { JobDetail, JobSummary } from '../protocol/jobs.ts';
import { isOnPod, type Job } from './job.ts';
import { withoutNodes, type JobProgress } from './progress.ts';
import { wantsCancel } from './job-record.ts';

/** The list's view of a job. `progress` counts only where it belongs to the attempt that runs. */
export function summaryOf(job: Job, progress?: JobProgress): JobSummary {
  const summary: JobSummary = briefOf(job, progress && withoutNodes(progress));
  if ('error' in job) summary.error = withoutTraceback(job.error);
  return summary;
}

/** The whole job as the API answers it. */
export function detailOf(job: Job, progress?: JobProgress): JobDetail {
  // A literal that spreads so much before its own fields is sixty times slower.
  const detail: JobDetail = Object.assign(briefOf(job, progress), {
    wantedPodId: job.wantedPodId ?? null,
    excludedPods: job.excludedPods,
    unfitPods: job.unfitPods ?? [],
    priority: job.priority,
    metadata: job.metadata,
    attempts: job.attempts,
    timeline: job.timeline,
    warnings: job.warnings,
    outputs: job.outputs.map((output) => ({ ...output, url: outputUrl(job.id, output.index) })),
  });
  if ('error' in job) detail.error = job.error;
  return detail;
}

/** What both views share. Assigned field by field: it is made for every job that is accepted or listed. */
function briefOf(job: Job, progress: JobProgress | undefined): Omit<JobSummary, 'error'> {
  const onPod = isOnPod(job.state);
  const live = onPod && 'promptId' in job && progress?.promptId === job.promptId ? progress : undefined;
  const thumbnail = job.outputs.find((output) => output.kind === 'image') ?? job.outputs[0];
  const brief: Omit<JobSummary, 'error'> = {
    id: job.id,
    revision: job.revision,
    name: job.name,
    state: job.state,
    progress: job.state === 'succeeded' ? 100 : (live?.percent ?? null),
    podId: ('podId' in job ? job.podId : undefined) ?? null,
    promptId: ('promptId' in job ? job.promptId : undefined) ?? null,
    cancelRequested: wantsCancel(job),
    attemptCount: job.attempts.length,
    filesOnPod: (job.state === 'succeeded' && job.onPod?.length) || 0,
    createdAt: job.createdAt,
  };
  if (live) brief.live = live;
  if (job.state === 'retry_wait') brief.retryAt = job.retryAt;
  if (job.next) brief.next = job.next;
  if (job.waitsFor !== undefined) brief.waitsFor = job.waitsFor;
  if (job.batch) brief.batch = job.batch;
  if (thumbnail) brief.thumbnail = thumbnail.index;
  if (job.startedAt !== undefined) brief.startedAt = job.startedAt;
  if ('endedAt' in job) brief.endedAt = job.endedAt;
  return brief;
}

/** Path of one output's file on this server. */
export function outputUrl(jobId: string, index: number): string {
  return `/api/jobs/${jobId}/outputs/${index}`;
}

function withoutTraceback<T extends { traceback?: string | undefined }>(error: T): Omit<T, 'traceback'> {
  const { traceback: _long, ...rest } = error;
  return rest;
}
