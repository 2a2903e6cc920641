import type { ErrorCategory, JobErrorCode } from '../../lib/jobs/failure-rules.ts';
import type { JobError } from '../../lib/jobs/job-error.ts';

/** A job's error as an exception, for programs. */
export class JobFailedError extends Error {
  readonly code: JobErrorCode;
  readonly category: ErrorCategory;
  readonly nextStep: string;
  readonly nodes: JobError['nodes'];
  constructor(readonly error: JobError) {
    super(error.message);
    this.name = 'JobFailedError';
    this.code = error.code;
    this.category = error.category;
    this.nextStep = error.nextStep;
    this.nodes = error.nodes;
  }
}
