import { newerJob } from '../../lib/jobs/live-view.ts';
import type { JobSummary } from '../../lib/protocol/jobs.ts';

/** Views of jobs seen last. A page that the browser shows again from its cache must not bring back an older one. */
export interface JobMemory<T> {
  /** The newer of the given view and the remembered one; remembers it. */
  newest(given: T): T;
}

const REMEMBERED = 500;

/** Remembers the 500 jobs seen last. */
export function createJobMemory<T extends JobSummary | (JobSummary & { timeline: unknown })>(): JobMemory<T> {
  const seen = new Map<string, T>();
  return {
    newest(given) {
      const held = seen.get(given.id);
      const newest = held ? newerJob(held, given) : given;
      seen.delete(given.id);
      seen.set(given.id, newest);
      const [oldest] = seen.keys();
      if (seen.size > REMEMBERED && oldest !== undefined) seen.delete(oldest);
      return newest;
    },
  };
}
