import { isTerminal, JOB_STATES, mayTake, type Job, type JobState } from '../../lib/jobs/job.ts';
import type { JobProgress } from '../../lib/jobs/progress.ts';
import type { CreateOutcome, IdempotencyClaim, JobQuery, StoredWorkflow } from '../../server/jobs/job-store.ts';

/** What a `JobStore` should answer, said as plainly as possible: one map, sorted and filtered each time. */
export class MemoryStore {
  readonly jobs = new Map<string, { job: Job; workflow: StoredWorkflow; progress?: JobProgress }>();
  private readonly keys = new Map<string, { bodyHash: string; jobId: string }>();

  create(job: Job, workflow: StoredWorkflow, claim?: IdempotencyClaim): CreateOutcome {
    const used = claim && this.keys.get(claim.key);
    const made = used && this.jobs.get(used.jobId);
    if (claim && used && made)
      return used.bodyHash === claim.bodyHash ? { kind: 'replayed', job: made.job } : { kind: 'conflict' };
    this.jobs.set(job.id, { job, workflow });
    if (claim) this.keys.set(claim.key, { bodyHash: claim.bodyHash, jobId: job.id });
    return { kind: 'created' };
  }

  replace(next: Job): boolean {
    const held = this.jobs.get(next.id);
    if (!held || held.job.revision !== next.revision - 1) return false;
    held.job = next;
    if (isTerminal(next.state)) delete held.progress;
    return true;
  }

  saveProgress(id: string, progress: JobProgress): void {
    const held = this.jobs.get(id);
    if (held && !isTerminal(held.job.state)) held.progress = progress;
  }

  remove(id: string): boolean {
    return this.jobs.delete(id);
  }

  prune(endedBefore: string): string[] {
    const gone = this.all().filter((job) => 'endedAt' in job && job.endedAt < endedBefore);
    for (const job of gone) this.jobs.delete(job.id);
    return gone.map((job) => job.id);
  }

  list(query: Omit<JobQuery, 'limit' | 'cursor'>): Job[] {
    return this.matching(query)
      .filter((job) => !query.states || query.states.includes(job.state))
      .sort((a, b) => compare(b.createdAt, a.createdAt) || compare(b.id, a.id));
  }

  counts(query: Omit<JobQuery, 'limit'> = {}): Record<JobState, number> {
    const matching = this.matching(query);
    const counted = JOB_STATES.map((state) => [state, matching.filter((job) => job.state === state).length]);
    return Object.fromEntries(counted) as Record<JobState, number>;
  }

  claimable(podId: string, now: string): Job[] {
    return this.all()
      .filter((job) => mayTake(podId, job))
      .filter((job) => job.state === 'queued' || (job.state === 'retry_wait' && job.retryAt <= now))
      .sort((a, b) => b.priority - a.priority || compare(a.createdAt, b.createdAt) || compare(a.id, b.id));
  }

  active(): Job[] {
    return this.all()
      .filter((job) => !isTerminal(job.state))
      .sort((a, b) => compare(a.createdAt, b.createdAt) || compare(a.id, b.id));
  }

  onPod(podId: string): Job[] {
    return this.active().filter((job) => 'podId' in job && job.podId === podId);
  }

  nextRetryAt(): string | undefined {
    return this.all()
      .flatMap((job) => (job.state === 'retry_wait' ? [job.retryAt] : []))
      .sort()[0];
  }

  all(): Job[] {
    return [...this.jobs.values()].map((held) => held.job);
  }

  private matching({ q, podId }: Pick<JobQuery, 'q' | 'podId'>): Job[] {
    const part = (q ?? '').toLowerCase();
    return this.all()
      .filter((job) => job.name.toLowerCase().includes(part) || job.id.includes(part))
      .filter((job) => podId === undefined || ('podId' in job && job.podId === podId));
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
