import type { ErrorCategory, JobErrorCode } from '../../lib/protocol/errors.ts';

/** The button that does what the error's next step says: run the same again, or change the workflow first. */
export const REMEDIES: Record<JobErrorCode, 'retry' | 'edit'> = {
  pod_unreachable: 'retry',
  pod_busy: 'retry',
  pod_unauthorized: 'retry',
  pod_answer_invalid: 'retry',
  pod_lost: 'retry',
  prompt_rejected: 'edit',
  model_missing: 'edit',
  node_type_missing: 'retry',
  node_failed: 'edit',
  out_of_memory: 'edit',
  gpu_broken: 'retry',
  prompt_lost: 'retry',
  output_lost: 'retry',
  output_refused: 'retry',
  stale: 'retry',
  internal: 'retry',
};

/** Where the cause lies. */
export const FAULTS: Record<ErrorCategory, string> = {
  transient: 'A passing problem between Podium and the pod, not of the workflow.',
  recoverable: 'The pod could not carry this job as it was.',
  permanent: 'This cannot succeed as it is: running it again alone would not help.',
  fatal: 'The pod needs a person before it can be used again.',
};
