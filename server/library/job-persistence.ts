import { isTerminal, type Job } from '../../lib/jobs/job.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import { newJob } from '../../lib/jobs/transition.ts';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { isStale } from '../jobs/recovery/job-recovery.ts';
import type { JobStore, StoredJob } from '../jobs/job-store.ts';

/** Keeps jobs durably for programs that run them in their own way. The store is the server's. */
export class ComfyUIJobPersistenceService {
  constructor(
    private readonly store: JobStore,
    private readonly options: { staleAfterMs?: number; now?: () => Date } = {},
  ) {}

  /** Saves a new job; durable when it resolves. */
  async save(job: { id: string; name: string; workflow: Prompt; metadata?: Record<string, unknown> }): Promise<Job> {
    const fresh = newJob({
      id: job.id,
      name: job.name,
      at: this.now().toISOString(),
      ...(job.metadata && { metadata: job.metadata }),
    });
    await this.store.create(fresh, { prompt: job.workflow });
    return fresh;
  }

  /** Writes a job made by `transition`; false, changing nothing, when it was changed in the meantime. */
  update(job: Job): Promise<boolean> {
    return this.store.replace(job);
  }

  saveProgress(id: string, progress: JobProgress): Promise<void> {
    return this.store.saveProgress(id, progress);
  }

  /** Deletes a job and its workflow, active or ended. False when there is none. */
  delete(id: string): Promise<boolean> {
    return this.store.remove(id);
  }

  get(id: string): Promise<StoredJob | undefined> {
    return this.store.get(id);
  }

  /** Jobs that have not ended, oldest first. */
  listActive(): Promise<StoredJob[]> {
    return this.store.active();
  }

  /** What an earlier process left on pods: to be followed again, or too old for it. */
  async recover(): Promise<{ follow: StoredJob[]; stale: StoredJob[] }> {
    const found = (await this.store.active()).filter(({ job }) => !isTerminal(job.state) && 'promptId' in job);
    const now = this.now().getTime();
    const staleAfterMs = this.options.staleAfterMs ?? 600_000;
    return {
      follow: found.filter((stored) => !isStale(stored, staleAfterMs, now)),
      stale: found.filter((stored) => isStale(stored, staleAfterMs, now)),
    };
  }

  /** Deletes jobs that ended before the given time. @returns their ids */
  cleanUp(endedBefore: Date): Promise<string[]> {
    return this.store.prune(endedBefore.toISOString());
  }

  private now(): Date {
    return this.options.now?.() ?? new Date();
  }
}
