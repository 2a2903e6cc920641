import { JOB_STATES, type JobState } from '../../../lib/jobs/job.ts';

/** How many jobs are in each state. */
export type JobCounts = Record<JobState, number>;

export function countsOf(count: (state: JobState) => number): JobCounts {
  return Object.fromEntries(JOB_STATES.map((state) => [state, count(state)])) as JobCounts;
}
