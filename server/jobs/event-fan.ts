import { isOnPod } from '../../lib/jobs/job.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { JobEvents, JobListener, JobMark } from './job-events.ts';
import { RecentMap } from './recent-map.ts';

/** Jobs at least whose newest told revision is remembered; one beyond these changes so seldom that nothing can overtake. */
const REMEMBERED = 20_000;

/**
 * Hands events to each listener that takes them, in the order they were added. A change may be heard twice, from whoever
 * made it and from the store, and changes that two instances made may arrive in another order than they were made: a
 * revision that is not newer than the last one told is dropped.
 */
export class EventFan implements JobEvents {
  /** What other instances did. */
  readonly heard: JobEvents;
  private readonly everybody = new Set<JobListener>();
  private readonly ownOnly = new Set<Partial<JobEvents>>();
  private readonly told = new RecentMap<string, number>(REMEMBERED);
  private readonly percents = new RecentMap<string, { promptId: string; percent: number }>(REMEMBERED);

  constructor() {
    this.heard = this.toEverybody();
  }

  /** For what happens at any instance. @returns a function that removes the listener */
  add(listener: JobListener): () => void {
    this.everybody.add(listener);
    return () => void this.everybody.delete(listener);
  }

  /** For what this instance does itself, each change once. @returns a function that removes the listener */
  addOwn(listener: Partial<JobEvents>): () => void {
    this.ownOnly.add(listener);
    return () => void this.ownOnly.delete(listener);
  }

  jobChanged: JobEvents['jobChanged'] = (job, progress) => {
    for (const listener of this.ownOnly) listener.jobChanged?.(job, progress);
    this.heard.jobChanged(job, progress);
  };
  jobProgress: JobEvents['jobProgress'] = (jobId, progress) => {
    for (const listener of this.ownOnly) listener.jobProgress?.(jobId, progress);
    this.heard.jobProgress(jobId, progress);
  };
  jobPreview: JobEvents['jobPreview'] = (jobId, preview) => {
    for (const listener of this.ownOnly) listener.jobPreview?.(jobId, preview);
    this.heard.jobPreview(jobId, preview);
  };
  podChanged: JobEvents['podChanged'] = (pod) => {
    for (const listener of this.ownOnly) listener.podChanged?.(pod);
    this.heard.podChanged(pod);
  };
  batchMade: JobEvents['batchMade'] = (batchId) => {
    for (const listener of this.ownOnly) listener.batchMade?.(batchId);
    this.heard.batchMade(batchId);
  };
  missed: JobEvents['missed'] = () => this.heard.missed();

  /** A former driver that wakes up may still tell what it had heard: a bar never goes back within a prompt. */
  private isAhead(jobId: string, { promptId, percent }: JobProgress): boolean {
    const last = this.percents.get(jobId);
    if (last?.promptId === promptId && percent < last.percent) return false;
    this.percents.set(jobId, { promptId, percent });
    return true;
  }

  /** Nothing is told any more of a prompt that is over. */
  private closeBar(id: string, promptId: string | undefined): void {
    if (promptId === undefined) this.percents.delete(id);
    else this.percents.set(id, { promptId, percent: Number.POSITIVE_INFINITY });
  }

  /** Whether this revision of a job has not been told, nor a newer one. */
  isNews(jobId: string, revision: number): boolean {
    return (this.told.get(jobId) ?? -1) < revision;
  }

  /** Whether anybody is to be told of a change that another instance made. */
  wants(mark: JobMark): boolean {
    return [...this.everybody].some((listener) => listener.jobChanged && (listener.wants?.(mark) ?? true));
  }

  /** A change that another instance made and that nobody wants to be told of. */
  passed({ id, revision, state, promptId }: JobMark): void {
    if (!this.isNews(id, revision)) return;
    this.told.set(id, revision);
    if (!isOnPod(state)) this.closeBar(id, promptId);
  }

  private toEverybody(): JobEvents {
    const listeners = this.everybody;
    return {
      jobChanged: (job, progress) => {
        if (!this.isNews(job.id, job.revision)) return;
        this.told.set(job.id, job.revision);
        if (!isOnPod(job.state)) this.closeBar(job.id, job.attempts.at(-1)?.promptId);
        for (const listener of listeners) listener.jobChanged?.(job, progress);
      },
      jobProgress: (jobId, progress) => {
        if (!this.isAhead(jobId, progress)) return;
        for (const listener of listeners) listener.jobProgress?.(jobId, progress);
      },
      jobPreview: (jobId, preview) => {
        for (const listener of listeners) listener.jobPreview?.(jobId, preview);
      },
      podChanged: (pod) => {
        for (const listener of listeners) listener.podChanged?.(pod);
      },
      batchMade: (batchId) => {
        for (const listener of listeners) listener.batchMade?.(batchId);
      },
      missed: () => {
        // The store may have gone back to older revisions, which are then made and told anew.
        this.told.clear();
        for (const listener of listeners) listener.missed?.();
      },
    };
  }
}
