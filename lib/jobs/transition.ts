import type { JobError } from './job-error.ts';
import {
  JOB_SCHEMA_VERSION,
  MAX_UNFIT_PODS,
  type ExcludedPod,
  type Job,
  type JobIn,
  type JobOnPod,
  type JobOutput,
  type JobState,
  type RemoteFile,
  type TimelineKind,
  type UnfitPod,
  type BatchPlace,
} from './job.ts';
import {
  type Common,
  commonOf,
  detail,
  endAttempt,
  endCancelled,
  lastPlace,
  leaveOut,
  log,
  openAttempt,
  patchAttempt,
  placeOf,
  wantsCancel,
  warn,
} from './job-record.ts';

/**
 * Everything that can happen to a job. `at` is ISO 8601, given by the caller: this module reads no clock. `nodes`: how far
 * the nodes had come, kept with an attempt that ends.
 */
export type JobEvent = { at: string; nodes?: string | undefined } &
  /** A pod's driver takes the job: the intent, durable before the first byte of the POST. */
  (
    | { type: 'claim'; podId: string; promptId: string }
    /** The pod has the prompt. */
    | { type: 'accept'; warnings?: string[]; detail?: string }
    /** A pod turned out to have a prompt of this job that the record does not know: intent and answer at once. */
    | { type: 'adopt'; podId: string; promptId: string; detail: string }
    /** The POST may or may not have reached the pod. */
    | { type: 'lose_sight'; reason: string }
    /** Looked for and certainly absent: it is posted again with the same id. */
    | { type: 'resubmit' }
    /** Certainly never reached ComfyUI and the pod never answered: the attempt does not count. */
    | { type: 'not_sent'; reason: string }
    /** The attempt failed. With `retryAt` a further one follows then, unless a person wished to cancel; else the job ends. */
    | {
        type: 'fail';
        error: JobError;
        retryAt?: string;
        outcome: 'failed' | 'rejected' | 'refused' | 'lost' | 'pod_died';
        outputs?: JobOutput[];
        /** Whether the pod had begun to work on it. */
        ran?: boolean;
        /** With `retryAt`: whether that uses up a retry (yes unless told), what it needs, and what is done in a sentence. */
        charged?: boolean;
        next?: Job['next'];
        exclude?: Pick<ExcludedPod, 'podId' | 'code'>[];
        plan?: string;
      }
    /** The pod died with the prompt: run again, counted apart from retries. */
    | { type: 'rework'; reason: string; ran?: boolean }
    /** The one pod that was to take it next cannot: any other may. A pod that a person asked for stays asked for. */
    | { type: 'unpin'; detail: string }
    /** Which pods cannot run it was looked at anew; `waitsFor` where that leaves none. */
    | { type: 'judge'; unfitPods: UnfitPod[]; waitsFor?: string }
    /** `onPod`: results that could not be copied yet, `leftBecause` of this. */
    | { type: 'succeed'; outputs: JobOutput[]; warnings?: string[]; onPod?: RemoteFile[]; leftBecause?: string }
    /** Results of a job that succeeded were copied later; `onPod` are those still missing. */
    | { type: 'files_copied'; outputs: JobOutput[]; onPod: RemoteFile[]; warnings?: string[]; detail: string }
    /** A person asked to cancel. */
    | { type: 'cancel_request' }
    /** The pod no longer has it and never will finish it. */
    | { type: 'cancelled' }
    /** A person asked for a further attempt. */
    | { type: 'retry_request'; podId?: string; freeMemory?: boolean }
    /** Something worth a line in the timeline that changes no state. */
    | { type: 'note'; kind: NoteKind; detail: string }
  );
export type JobEventType = JobEvent['type'];

export type NoteKind = Extract<
  TimelineKind,
  | 'reattached'
  | 'adopted'
  | 'finished_on_pod'
  | 'copy_delayed'
  | 'files_sent'
  | 'warning'
  | 'health_checked'
  | 'memory_freed'
  | 'socket_lost'
  | 'socket_back'
  | 'silent'
>;

/** Of a job that succeeded, for as long as not all of its files are here. */
export const FILES_ON_POD_WARNING = 'Some files are still on the pod. Podium copies them as soon as it can.';

/** States in which each event may happen; any other pair is an `IllegalTransitionError`. */
export const allowedIn: Record<JobEventType, readonly JobState[]> = {
  claim: ['queued', 'retry_wait'],
  accept: ['submitting', 'uncertain'],
  adopt: ['queued', 'retry_wait'],
  lose_sight: ['submitting'],
  resubmit: ['uncertain'],
  not_sent: ['submitting'],
  fail: ['queued', 'submitting', 'uncertain', 'running', 'retry_wait'],
  rework: ['submitting', 'uncertain', 'running'],
  unpin: ['queued', 'retry_wait'],
  judge: ['queued', 'retry_wait'],
  succeed: ['running'],
  files_copied: ['succeeded'],
  cancel_request: ['queued', 'submitting', 'uncertain', 'running', 'retry_wait'],
  cancelled: ['submitting', 'uncertain', 'running'],
  retry_request: ['failed', 'cancelled'],
  note: ['queued', 'submitting', 'uncertain', 'running', 'retry_wait'],
};

export class IllegalTransitionError extends Error {
  readonly code = 'illegal_transition';
  constructor(
    readonly state: JobState,
    readonly event: JobEventType,
  ) {
    super(`A job that is ${state} cannot take the event ${event}`);
    this.name = 'IllegalTransitionError';
  }
}

/** A new job, accepted but on no pod. */
export function newJob(given: {
  id: string;
  name: string;
  at: string;
  wantedPodId?: string;
  priority?: number;
  metadata?: Record<string, unknown>;
  models?: string[] | undefined;
  batch?: BatchPlace | undefined;
  unfitPods?: UnfitPod[] | undefined;
  waitsFor?: string | undefined;
}): JobIn<'queued'> {
  return {
    schemaVersion: JOB_SCHEMA_VERSION,
    revision: 0,
    id: given.id,
    name: given.name,
    ...(given.wantedPodId !== undefined && { wantedPodId: given.wantedPodId }),
    excludedPods: [],
    ...(given.unfitPods && given.unfitPods.length > 0 && { unfitPods: given.unfitPods }),
    ...(given.waitsFor !== undefined && { waitsFor: given.waitsFor }),
    ...(given.models && given.models.length > 0 && { models: given.models }),
    ...(given.batch && { batch: given.batch }),
    priority: given.priority ?? 0,
    metadata: given.metadata ?? {},
    attempts: [],
    retriesUsed: 0,
    timeline: [{ at: given.at, kind: 'accepted' }],
    warnings: [],
    outputs: [],
    createdAt: given.at,
    updatedAt: given.at,
    state: 'queued',
    rework: false,
  };
}

/**
 * The only way a job's state changes.
 * @throws IllegalTransitionError where `allowedIn` does not name the job's state
 */
export function transition(job: Job, event: JobEvent): Job {
  if (!allowedIn[event.type].includes(job.state)) throw new IllegalTransitionError(job.state, event.type);
  switch (event.type) {
    case 'claim': {
      const { podId, promptId } = event;
      const common = openAttempt(job, event);
      const line = { at: event.at, kind: 'submitting' as const, podId };
      return { ...log(common, line), startedAt: job.startedAt ?? event.at, state: 'submitting', podId, promptId };
    }
    case 'adopt': {
      const { podId, promptId } = event;
      const common = patchAttempt(openAttempt(job, event), { acceptedAt: event.at });
      const line = { at: event.at, kind: 'adopted' as const, podId, detail: event.detail };
      return { ...log(common, line), startedAt: job.startedAt ?? event.at, state: 'running', podId, promptId };
    }
    case 'accept': {
      const onPod = job as JobOnPod;
      const common = patchAttempt(commonOf(job, event.at), { acceptedAt: event.at });
      const line = { at: event.at, kind: 'running' as const, podId: onPod.podId, ...detail(event.detail) };
      return { ...log(warn(common, event.warnings), line), ...placeOf(onPod), state: 'running' };
    }
    case 'lose_sight': {
      const onPod = job as JobOnPod;
      const line = { at: event.at, kind: 'uncertain' as const, podId: onPod.podId, detail: event.reason };
      return { ...log(commonOf(job, event.at), line), ...placeOf(onPod), state: 'uncertain', uncertainSince: event.at };
    }
    case 'resubmit': {
      const onPod = job as JobOnPod;
      const line = { at: event.at, kind: 'resubmitting' as const, podId: onPod.podId };
      return { ...log(commonOf(job, event.at), line), ...placeOf(onPod), state: 'submitting' };
    }
    case 'not_sent': {
      const onPod = job as JobOnPod;
      const withdrawn = job.attempts.at(-1);
      const { startedAt: _never, ...waiting } = commonOf(job, event.at);
      const attempts = job.attempts.slice(0, -1);
      const common: Common = {
        ...waiting,
        attempts,
        ...(attempts.length > 0 && job.startedAt !== undefined && { startedAt: job.startedAt }),
      };
      const line = { at: event.at, kind: 'not_sent' as const, podId: onPod.podId, detail: event.reason };
      if (onPod.cancelRequestedAt !== undefined)
        return { ...endCancelled(log(common, line), event.at), ...lastPlace(common) };
      return { ...log(common, line), state: 'queued', rework: withdrawn?.rework ?? false };
    }
    case 'fail': {
      const ended = endAttempt(job, event.at, event);
      const outputs = event.outputs ?? job.outputs;
      if (event.retryAt !== undefined && wantsCancel(job))
        return { ...endCancelled({ ...ended, outputs }, event.at), ...lastPlace(job) };
      if (event.retryAt !== undefined) {
        const line = { at: event.at, kind: 'retry_wait' as const, detail: event.plan ?? event.error.message };
        const retriesUsed = job.retriesUsed + (event.charged === false ? 0 : 1);
        const planned = {
          ...leaveOut(ended, event.at, event.exclude),
          retriesUsed,
          ...(event.next && { next: event.next }),
        };
        return {
          ...log(planned, line),
          state: 'retry_wait',
          retryAt: event.retryAt,
          error: event.error,
        };
      }
      const line = { at: event.at, kind: 'failed' as const, detail: event.error.message };
      return {
        ...log({ ...ended, outputs }, line),
        ...lastPlace(job),
        state: 'failed',
        endedAt: event.at,
        error: event.error,
      };
    }
    case 'rework': {
      const onPod = job as JobOnPod;
      const ended = endAttempt(job, event.at, { ...event, outcome: 'pod_died' });
      if (onPod.cancelRequestedAt !== undefined) return { ...endCancelled(ended, event.at), ...lastPlace(job) };
      const line = { at: event.at, kind: 'rework' as const, podId: onPod.podId, detail: event.reason };
      return { ...log(ended, line), state: 'queued', rework: true };
    }
    case 'unpin': {
      const { next: pinned, ...waiting } = job;
      const common = log(commonOf(job, event.at), { at: event.at, kind: 'unpinned', detail: event.detail });
      const { next: _pin, ...free } = common;
      return { ...waiting, ...free, ...(pinned?.freeMemory && { next: { freeMemory: true } }) };
    }
    case 'judge': {
      const { unfitPods: _before, waitsFor: _then, ...known } = job;
      const { unfitPods: _old, waitsFor: _past, ...common } = commonOf(job, event.at);
      const unfitPods = event.unfitPods.slice(0, MAX_UNFIT_PODS);
      return {
        ...known,
        ...common,
        ...(unfitPods.length > 0 && { unfitPods }),
        ...(event.waitsFor !== undefined && { waitsFor: event.waitsFor }),
      };
    }
    case 'files_copied': {
      const { onPod: _left, ...known } = job as JobIn<'succeeded'>;
      const outputs = [...job.outputs, ...event.outputs].toSorted((a, b) => a.index - b.index);
      const line = { at: event.at, kind: 'files_copied' as const, detail: event.detail };
      const warned = warn(commonOf(job, event.at), event.warnings);
      const warnings =
        event.onPod.length > 0 ? warned.warnings : warned.warnings.filter((one) => one !== FILES_ON_POD_WARNING);
      const common = log({ ...warned, warnings, outputs }, line);
      return { ...known, ...common, ...(event.onPod.length > 0 && { onPod: event.onPod }) };
    }
    case 'succeed': {
      const onPod = job as JobOnPod;
      const ended = { ...endAttempt(job, event.at, { ...event, outcome: 'succeeded' }), outputs: event.outputs };
      const line = { at: event.at, kind: 'succeeded' as const, podId: onPod.podId };
      const left = event.onPod && event.onPod.length > 0 ? event.onPod : undefined;
      const warned = warn(ended, [...(event.warnings ?? []), ...(left ? [FILES_ON_POD_WARNING] : [])]);
      const leftLine = { at: event.at, kind: 'files_left' as const, podId: onPod.podId, ...detail(event.leftBecause) };
      return {
        ...log(left ? log(warned, leftLine) : warned, line),
        ...(left && { onPod: left }),
        state: 'succeeded',
        endedAt: event.at,
        podId: onPod.podId,
        promptId: onPod.promptId,
      };
    }
    case 'cancel_request': {
      if (job.state === 'queued' || job.state === 'retry_wait')
        return { ...endCancelled(commonOf(job, event.at), event.at), ...lastPlace(job) };
      const onPod = job as JobOnPod;
      if (onPod.cancelRequestedAt !== undefined) return onPod;
      const common = log(commonOf(job, event.at), { at: event.at, kind: 'cancel_requested' });
      return { ...onPod, ...common, cancelRequestedAt: event.at };
    }
    case 'cancelled':
      return {
        ...endCancelled(endAttempt(job, event.at, { ...event, outcome: 'cancelled' }), event.at),
        ...lastPlace(job),
      };
    case 'retry_request': {
      const common = log(commonOf(job, event.at), { at: event.at, kind: 'retry_requested' });
      const { next: _old, wantedPodId: before, unfitPods: _judged, waitsFor: _then, ...fresh } = common;
      const wantedPodId = event.podId ?? before;
      return {
        ...fresh,
        ...(wantedPodId !== undefined && { wantedPodId }),
        ...(event.freeMemory && { next: { freeMemory: true } }),
        excludedPods: [],
        ...(job.attempts.length > 0 && { earlierAttempts: job.attempts.length }),
        outputs: [],
        warnings: [],
        retriesUsed: 0,
        state: 'queued',
        rework: false,
      };
    }
    case 'note': {
      const common = commonOf(job, event.at);
      const noted = log(common, { at: event.at, kind: event.kind, detail: event.detail });
      const warned = event.kind === 'warning' ? warn(noted, [event.detail]) : noted;
      return { ...job, ...warned };
    }
  }
}
