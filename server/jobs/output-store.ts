import type { JobOutput } from '../../lib/jobs/job.ts';
import type { OpenedOutput } from './pod-client.ts';
import type { PodOutput } from './pod-events.ts';
import type { Readable } from 'node:stream';

export interface OutputSource {
  output: PodOutput;
  nodeName: string;
  /** Opens the file at the pod from `offset` on. */
  open(offset: number): Promise<OpenedOutput>;
}

/** Port to the place where copies of results are kept. */
export interface OutputStore {
  /**
   * Copies one result; atomic (it is whole or absent) and idempotent by `jobId`, `attempt` and `index`. A cut download goes on where it
   * stopped, or starts again. Rejects with `OutputRefusedError` above the size limit, with `PodCallError` when the pod
   * does not give it.
   */
  copy(
    place: { jobId: string; attempt: number; index: number },
    source: OutputSource,
    signal: AbortSignal,
  ): Promise<JobOutput>;
  /** The bytes of a copy; undefined when it is not there. `range` is inclusive. */
  open(
    jobId: string,
    output: JobOutput,
    range?: { start: number; end: number },
  ): Promise<{ body: Readable; bytes: number } | undefined>;
  remove(jobId: string): Promise<void>;
}

export class OutputRefusedError extends Error {
  readonly code = 'output_refused';
  constructor(message: string) {
    super(message);
    this.name = 'OutputRefusedError';
  }
}
