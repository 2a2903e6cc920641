import type { JobError } from './job-error.ts';
import {
  MAX_EXCLUDED_PODS,
  MAX_TIMELINE_EVENTS,
  type ExcludedPod,
  type Job,
  type JobAttempt,
  type JobIn,
  type JobOnPod,
  type TimelineEvent,
} from './job.ts';

/** What a job's record has in every state. */
export type Common = Omit<JobIn<'queued'>, 'state' | 'rework'>;

export function commonOf(job: Job, at: string): Common {
  return {
    schemaVersion: job.schemaVersion,
    revision: job.revision + 1,
    id: job.id,
    name: job.name,
    ...(job.wantedPodId !== undefined && { wantedPodId: job.wantedPodId }),
    ...(job.next && { next: job.next }),
    excludedPods: job.excludedPods,
    ...(job.unfitPods && { unfitPods: job.unfitPods }),
    ...(job.waitsFor !== undefined && { waitsFor: job.waitsFor }),
    ...(job.models && { models: job.models }),
    ...(job.batch && { batch: job.batch }),
    priority: job.priority,
    metadata: job.metadata,
    attempts: job.attempts,
    ...(job.earlierAttempts !== undefined && { earlierAttempts: job.earlierAttempts }),
    retriesUsed: job.retriesUsed,
    timeline: job.timeline,
    warnings: job.warnings,
    outputs: job.outputs,
    createdAt: job.createdAt,
    ...(job.startedAt !== undefined && { startedAt: job.startedAt }),
    updatedAt: at,
  };
}

export function placeOf(job: JobOnPod): Pick<JobOnPod, 'podId' | 'promptId' | 'cancelRequestedAt'> {
  return {
    podId: job.podId,
    promptId: job.promptId,
    ...(job.cancelRequestedAt !== undefined && { cancelRequestedAt: job.cancelRequestedAt }),
  };
}

/** Pod and prompt of the last attempt, for a record that has ended. */
export function lastPlace(job: Pick<Job, 'attempts'>): { podId?: string; promptId?: string } {
  const last = job.attempts.at(-1);
  return last ? { podId: last.podId, promptId: last.promptId } : {};
}

/** Whether a person asked to cancel and the pod has not confirmed it. */
export function wantsCancel(job: Job): boolean {
  return 'cancelRequestedAt' in job && job.cancelRequestedAt !== undefined;
}

export function endCancelled(common: Common, at: string): JobIn<'cancelled'> {
  return { ...log(common, { at, kind: 'cancelled' }), state: 'cancelled', endedAt: at };
}

export function openAttempt(
  job: Job,
  { at, podId, promptId }: { at: string; podId: string; promptId: string },
): Common {
  const rework = job.state === 'queued' && job.rework;
  const attempt: JobAttempt = { number: job.attempts.length + 1, podId, promptId, startedAt: at, rework };
  const { next: _used, waitsFor: _found, ...common } = commonOf(job, at);
  return { ...common, attempts: [...job.attempts, attempt] };
}

export function patchAttempt(common: Common, patch: Partial<JobAttempt>): Common {
  const last = common.attempts.at(-1);
  if (!last) return common;
  return { ...common, attempts: [...common.attempts.slice(0, -1), { ...last, ...patch }] };
}

/** The job is not given to these pods again. */
export function leaveOut(
  common: Common,
  at: string,
  pods: readonly Pick<ExcludedPod, 'podId' | 'code'>[] = [],
): Common {
  const fresh = pods.filter(({ podId }) => !common.excludedPods.some((known) => known.podId === podId));
  const [first, ...others] = fresh;
  if (!first) return common;
  const excludedPods = [...common.excludedPods, ...fresh.map((pod) => ({ ...pod, at }))].slice(0, MAX_EXCLUDED_PODS);
  const line = { at, kind: 'pod_excluded' as const, ...(others.length === 0 && { podId: first.podId }) };
  return log({ ...common, excludedPods }, line);
}

/** How an attempt ended. `ran`: whether the pod had begun to work on it. `nodes`: see `nodeStatesSchema`. */
export interface AttemptEnd {
  outcome: NonNullable<JobAttempt['outcome']>;
  error?: JobError | undefined;
  ran?: boolean | undefined;
  nodes?: string | undefined;
}
export function endAttempt(job: Job, at: string, { outcome, error, ran, nodes }: AttemptEnd): Common {
  const open = job.attempts.at(-1)?.endedAt === undefined;
  const common = commonOf(job, at);
  if (!open) return common;
  return patchAttempt(common, {
    endedAt: at,
    outcome,
    ...(error && { error }),
    ...(ran !== undefined && { ran }),
    ...(nodes !== undefined && { nodes }),
  });
}

const MAX_WARNINGS = 50;
export function warn(common: Common, warnings: readonly string[] = []): Common {
  return { ...common, warnings: [...new Set([...common.warnings, ...warnings])].slice(0, MAX_WARNINGS) };
}

export function detail(text: string | undefined): { detail?: string } {
  return text === undefined ? {} : { detail: text };
}

export function log(common: Common, event: TimelineEvent): Common {
  const attempt = common.attempts.length;
  const timeline = [...common.timeline, { ...event, ...(attempt > 0 && { attempt }) }];
  const [first, ...rest] = timeline;
  const bounded =
    timeline.length > MAX_TIMELINE_EVENTS && first ? [first, ...rest.slice(1 - MAX_TIMELINE_EVENTS)] : timeline;
  return { ...common, timeline: bounded };
}
