import type { BatchList, BatchView, SubmitBatchBody } from '../../../lib/protocol/batches.ts';
import type { JobSummary } from '../../../lib/protocol/jobs.ts';

/** What the API may ask of the domain about batches. Every method may reject with `DeskError`. */
export interface BatchDesk {
  /** Resolves once all its jobs are durable. `replayed`: the key was used before with the same body. */
  submit(body: SubmitBatchBody, idempotencyKey?: string): Promise<{ kind: 'created' | 'replayed'; batch: BatchView }>;
  get(id: string): Promise<BatchView | undefined>;
  /** Newest first. */
  list(query: { limit: number; cursor?: string }): Promise<BatchList>;
  /** Its jobs in the order of their places; those that history no longer keeps are left out. */
  jobs(
    id: string,
    query: { limit: number; cursor?: string },
  ): Promise<{ jobs: JobSummary[]; nextCursor: string | null }>;
  /** Cancels every job that has not ended. @returns of how many the wish was recorded */
  cancel(id: string): Promise<{ changed: number; batch: BatchView }>;
  /** Retries every job that failed. @returns how many */
  retry(id: string): Promise<{ changed: number; batch: BatchView }>;
}
