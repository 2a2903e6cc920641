import type { JobEvents } from './job-events.ts';

/** Jobs whose newest told revision is remembered; a job beyond these changes so seldom that nothing can overtake. */
const MAX_REMEMBERED = 20_000;

/**
 * Hands every event to each listener that takes it, in the order they were added. A change may be heard twice, from
 * whoever made it and from the store, and two instances' changes may arrive in another order than they were made: a
 * revision that is not newer than the last one told is dropped.
 */
export class EventFan implements JobEvents {
  private readonly listeners = new Set<Partial<JobEvents>>();
  private readonly told = new Map<string, number>();

  /** @returns a function that removes the listener */
  add(listener: Partial<JobEvents>): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  jobChanged: JobEvents['jobChanged'] = (job, progress) => {
    if ((this.told.get(job.id) ?? -1) >= job.revision) return;
    this.told.delete(job.id);
    this.told.set(job.id, job.revision);
    const [oldest] = this.told.keys();
    if (this.told.size > MAX_REMEMBERED && oldest !== undefined) this.told.delete(oldest);
    for (const listener of this.listeners) listener.jobChanged?.(job, progress);
  };
  jobProgress: JobEvents['jobProgress'] = (jobId, progress) => {
    for (const listener of this.listeners) listener.jobProgress?.(jobId, progress);
  };
  jobPreview: JobEvents['jobPreview'] = (jobId, preview) => {
    for (const listener of this.listeners) listener.jobPreview?.(jobId, preview);
  };
  podChanged: JobEvents['podChanged'] = (pod) => {
    for (const listener of this.listeners) listener.podChanged?.(pod);
  };
  missed: JobEvents['missed'] = () => {
    for (const listener of this.listeners) listener.missed?.();
  };
}
