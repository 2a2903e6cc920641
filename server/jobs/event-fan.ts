import type { JobEvents } from './job-events.ts';

/** Hands every event to each listener that takes it, in the order they were added. */
export class EventFan implements JobEvents {
  private readonly listeners = new Set<Partial<JobEvents>>();

  /** @returns a function that removes the listener */
  add(listener: Partial<JobEvents>): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  jobChanged: JobEvents['jobChanged'] = (job, progress) => {
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
}
