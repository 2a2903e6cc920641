import { randomUUID } from 'node:crypto';
import type { Job } from '../../../lib/jobs/job.ts';
import type { JobProgress } from '../../../lib/jobs/progress.ts';
import {
  MAX_RECOVERED_JOBS,
  RECOVERY_SCHEMA_VERSION,
  type RecoveredJob,
  type Recovery,
  type RecoveryAction,
  type RecoveryReason,
} from '../../../lib/jobs/recovery.ts';

/** Whom a session tells. */
interface SessionHooks {
  instance: string;
  now: () => Date;
  /** The record has changed. */
  onChange: (session: RecoverySession) => void;
  /** Nothing more will become of it. */
  onEnd: (session: RecoverySession) => void;
}

type Named = Pick<Job, 'id' | 'name'>;
type Became = Pick<RecoveredJob, 'action' | 'percent' | 'detail'>;

/** One look at what was in flight, from its beginning until it is known of every job what became of it. */
export class RecoverySession {
  readonly id: string = randomUUID();
  private readonly startedAt: string;
  private readonly podIds: Set<string>;
  /** Ids of jobs that were found. */
  private readonly seen = new Set<string>();
  private readonly jobs = new Map<string, RecoveredJob>();
  /** Known outcomes beyond those that are named. */
  private readonly unnamed = new Set<string>();
  /** Pods that have not answered yet. */
  private readonly asking = new Set<string>();
  private readonly silent = new Set<string>();
  /** Pods that are not asked any further here; what is looked for on them holds nothing up. */
  private readonly left = new Set<string>();
  private closed = false;
  private endedAt: string | undefined;

  constructor(
    readonly reason: RecoveryReason,
    podIds: readonly string[],
    private readonly hooks: SessionHooks,
  ) {
    this.startedAt = hooks.now().toISOString();
    this.podIds = new Set(podIds);
  }

  get ended(): boolean {
    return this.endedAt !== undefined;
  }

  /** Whether there is anything to tell of; a pod that is away and had nothing of ours is no news. */
  get worthKeeping(): boolean {
    return this.seen.size > 0;
  }

  /** Of the jobs found, how many it is known of what became of them. */
  get known(): { done: number; total: number } {
    const looking = [...this.jobs.values()].filter(({ action }) => action === 'looking').length;
    return { done: this.jobs.size - looking + this.unnamed.size, total: this.seen.size };
  }

  /** Jobs in flight on a pod, before it is known what becomes of them. A job that was told already changes nothing. */
  found(jobs: readonly Pick<Job, 'id'>[]): void {
    for (const { id } of jobs) this.seen.add(id);
    if (jobs.length > 0) this.changed();
  }

  /** What became of a job, or that it is `looking`. A job that was not told as found is. */
  note(job: Named, podId: string, action: RecoveryAction, more: Pick<Became, 'percent' | 'detail'> = {}): void {
    if (this.ended) return;
    this.seen.add(job.id);
    if (!this.jobs.has(job.id) && this.jobs.size >= MAX_RECOVERED_JOBS) {
      if (action !== 'looking') this.unnamed.add(job.id);
      return this.changed();
    }
    const { percent, detail } = more;
    this.jobs.set(job.id, {
      jobId: job.id,
      name: job.name,
      podId,
      action,
      ...(percent !== undefined && { percent: Math.min(100, Math.max(0, percent)) }),
      ...(detail !== undefined && { detail }),
    });
    this.changed();
  }

  /** The pod is being asked; nothing ends before `answered`, `unanswered` or `leave`. */
  ask(podId: string): void {
    this.podIds.add(podId);
    this.asking.add(podId);
  }

  answered(podId: string): void {
    this.asking.delete(podId);
    this.silent.delete(podId);
    this.changed();
  }

  /** The pod does not answer: its jobs are looked for when it does, and told then. */
  unanswered(podId: string): void {
    this.asking.delete(podId);
    this.silent.add(podId);
    this.changed();
  }

  /** The pod is no longer asked by this instance. */
  leave(podId: string): void {
    this.asking.delete(podId);
    this.left.add(podId);
    this.changed();
  }

  /** A change of a job that may be one of these. */
  heard(job: Job): void {
    const entry = this.jobs.get(job.id);
    const became = entry?.action === 'looking' ? becameOf(job) : undefined;
    if (entry && became) this.note(job, entry.podId, became.action, became);
  }

  /** News of a job's prompt: its pod has it. */
  heardProgress(jobId: string, progress: JobProgress): void {
    const entry = this.jobs.get(jobId);
    if (entry?.action !== 'looking') return;
    this.note({ id: jobId, name: entry.name }, entry.podId, 'reattached', { percent: progress.percent });
  }

  /** No further pod or job will be found. The session ends once it is known of all jobs what became of them. */
  close(): void {
    this.closed = true;
    this.changed();
  }

  /** Ends it as it stands. */
  end(): void {
    if (this.ended) return;
    this.endedAt = this.hooks.now().toISOString();
    this.hooks.onChange(this);
    this.hooks.onEnd(this);
  }

  record(): Recovery {
    return {
      schemaVersion: RECOVERY_SCHEMA_VERSION,
      id: this.id,
      reason: this.reason,
      instance: this.hooks.instance,
      podIds: [...this.podIds],
      startedAt: this.startedAt,
      ...(this.endedAt !== undefined && { endedAt: this.endedAt }),
      found: this.seen.size,
      jobs: [...this.jobs.values()],
      unanswered: [...this.silent],
    };
  }

  private changed(): void {
    if (this.ended) return;
    const waiting = [...this.jobs.values()].some(
      ({ action, podId }) => action === 'looking' && !this.silent.has(podId) && !this.left.has(podId),
    );
    if (this.closed && !waiting && this.asking.size === 0) return this.end();
    this.hooks.onChange(this);
  }
}

/** What a change of a job that was looked for says about it; undefined where it is still not known. */
function becameOf(job: Job): Became | undefined {
  const last = job.timeline.at(-1);
  switch (last?.kind) {
    case 'running':
      return { action: 'reattached' };
    case 'finished_on_pod':
    case 'adopted':
      return { action: 'adopted' };
    case 'rework':
    case 'resubmitting':
      return {
        action: last.kind === 'rework' ? 'rework' : 'resubmitted',
        ...(last.detail !== undefined && { detail: last.detail }),
      };
    case 'failed':
      return job.state === 'failed' && job.error.code === 'stale'
        ? { action: 'stale', detail: job.error.message }
        : { action: 'ended', ...(last.detail !== undefined && { detail: last.detail }) };
    case 'retry_wait':
    case 'cancelled':
    case 'succeeded':
      return { action: 'ended', ...(last.detail !== undefined && { detail: last.detail }) };
    default:
      return undefined;
  }
}
