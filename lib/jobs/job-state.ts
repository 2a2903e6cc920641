/** The states of a job, apart from the schemas: pages need them without loading those. */
export const JOB_STATES = [
  'queued',
  'submitting',
  'uncertain',
  'running',
  'retry_wait',
  'succeeded',
  'failed',
  'cancelled',
] as const;
export type JobState = (typeof JOB_STATES)[number];

export const TERMINAL_STATES = ['succeeded', 'failed', 'cancelled'] as const;
export type TerminalState = (typeof TERMINAL_STATES)[number];
export function isTerminal(state: JobState): state is TerminalState {
  return (TERMINAL_STATES as readonly JobState[]).includes(state);
}
/** States in which a pod has, or may have, the job's prompt. */
export function isOnPod(state: JobState): state is 'submitting' | 'uncertain' | 'running' {
  return state === 'submitting' || state === 'uncertain' || state === 'running';
}
