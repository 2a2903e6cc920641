import { isTerminal } from '../lib/jobs/job.ts';
import type { JobEvents } from './jobs/job-events.ts';
import type { Log } from './jobs/log.ts';

/** Writes one line for every pod whose state changes and every job that ends, so that the log alone tells what happened. */
export function logEvents(log: Log): Pick<JobEvents, 'jobChanged' | 'podChanged'> {
  const states = new Map<string, string>();
  return {
    jobChanged(job) {
      if (!isTerminal(job.state)) return;
      const error = job.state === 'failed' ? { code: job.error.code, reason: job.error.message } : {};
      const late = job.timeline.at(-1)?.kind === 'files_copied';
      const what = late ? 'files of the job copied from its pod' : `job ${job.state}`;
      log.info({ jobId: job.id, attempts: job.attempts.length, ...error }, what);
    },
    podChanged({ id, state, reason }) {
      if (states.get(id) === state) return;
      states.set(id, state);
      const well = state === 'up' || state === 'connecting';
      log[well ? 'info' : 'warn']({ podId: id, ...(reason !== undefined && { reason }) }, `pod ${state}`);
    },
  };
}
