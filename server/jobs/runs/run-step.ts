/** Moments of a job's life at which a process may die; tests kill it there. */
export type RunStep =
  | 'after-intent'
  | 'inputs-there'
  | 'before-answer-recorded'
  | 'after-accepted'
  | 'progress-saved'
  | 'before-download'
  | 'after-download'
  | 'after-end';
