import type { Job } from '../../../lib/jobs/job.ts';
import { RecentMap } from '../recent-map.ts';

type Waiting = Pick<Job, 'id' | 'priority' | 'models'>;

/** How many waiting jobs are looked at for one whose models the pod has in memory. */
export const LOOK_AHEAD = 4;
/** How often a job may be passed over for one that needs no model loaded. */
const MAX_PASSED = 3;
const REMEMBERED = 1000;

/**
 * Picks the job a pod takes next: the first in line, but where the pod would have to load models for it, one of the next
 * few of the same priority whose models it has. No job is passed over more than three times.
 */
export class ModelChoice {
  private readonly passed = new RecentMap<string, number>(REMEMBERED);

  /** Whether it is worth to look at more than the first in line. */
  mayPass(first: Waiting, holds: (job: Waiting) => boolean): boolean {
    const needs = first.models ?? [];
    return needs.length > 0 && !holds(first) && (this.passed.get(first.id) ?? 0) < MAX_PASSED;
  }

  /** `line`: jobs in the order in which they wait, the first of them not held. */
  pick<J extends Waiting>(line: readonly [J, ...J[]], holds: (job: Waiting) => boolean): J {
    const [first, ...next] = line;
    const better = next.find((job) => job.priority === first.priority && holds(job));
    if (!better) return first;
    this.passed.set(first.id, (this.passed.get(first.id) ?? 0) + 1);
    return better;
  }
}
