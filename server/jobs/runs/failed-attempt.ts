import type { MissingThing } from '../../../lib/jobs/job-error.ts';
import type { Job, JobOutput } from '../../../lib/jobs/job.ts';
import type { PodView } from '../../../lib/protocol/pods.ts';
import { wantsCancel } from '../../../lib/jobs/job-record.ts';
import type { Clock, JobEventInput } from '../job-writer.ts';
import { remedyOf } from '../failures/decide.ts';
import { factsOf, type Decision, type KnownPod, type SeenFailure } from '../failures/decision.ts';
import type { FailurePolicy } from '../failures/failure-policy.ts';
import { knownPod } from '../failures/known-pod.ts';

export interface FailedAttemptDeps {
  policy: FailurePolicy;
  /** Every pod that the desk knows, whoever drives it. */
  pods: () => readonly PodView[];
  /** Which of these a pod lacks; undefined where it cannot be asked within some seconds. Never rejects. */
  lacks: (podId: string, things: readonly MissingThing[]) => Promise<readonly MissingThing[] | undefined>;
  clock: Clock;
}

/** An attempt that failed, until what follows is written: the failure and the decision about it are one change of the job. */
export class FailedAttempt {
  private lacking: ReadonlyMap<string, readonly MissingThing[] | undefined> = new Map();
  private decided: { decision: Decision; attempt: number } | undefined;

  constructor(
    private readonly deps: FailedAttemptDeps,
    private readonly seen: SeenFailure,
    private readonly outputs?: JobOutput[],
  ) {}

  /** Asks the other pods, side by side, whether they have what this one lacks; no longer than until the signal. */
  async askOthers(signal: AbortSignal): Promise<void> {
    const { error, podId } = this.seen;
    const things = error.missing ?? [];
    if (signal.aborted || things.length === 0 || remedyOf(error.code) !== 'another_pod') return;
    const others = this.known().filter(({ id, reach }) => id !== podId && reach !== 'away');
    const answers = others.map(async ({ id }) => [id, await this.deps.lacks(id, things)] as const);
    const stopped = new Promise<[]>((resolve) => {
      signal.addEventListener('abort', () => resolve([]), { once: true });
    });
    this.lacking = new Map(await Promise.race([Promise.all(answers), stopped]));
  }

  /** What it makes of the job as it is stored now. */
  event(job: Job): JobEventInput {
    const { error, outcome, ran } = this.seen;
    const decision = this.deps.policy.decide(factsOf(job), this.seen, this.known());
    this.decided = { decision, attempt: job.attempts.length };
    const known = ran === undefined ? {} : { ran };
    // Whoever wished to cancel what a pod took with it has got what they wished.
    if (outcome === 'pod_died' && wantsCancel(job)) return { type: 'rework', reason: error.message, ...known };
    const failed = { type: 'fail' as const, outcome, ...known, ...(this.outputs && { outputs: this.outputs }) };
    switch (decision.kind) {
      case 'give_up':
        return { ...failed, error: decision.error };
      case 'rework':
        return { type: 'rework', reason: decision.plan, ...known };
      case 'again': {
        const { delayMs, charged, exclude, next, plan } = decision;
        const retryAt = new Date(this.deps.clock.now().getTime() + delayMs).toISOString();
        return { ...failed, error, retryAt, charged, exclude, plan, ...(next && { next }) };
      }
    }
  }

  /** The last event was written. */
  written(jobId: string): void {
    if (this.decided) this.deps.policy.decided({ jobId, failure: this.seen, ...this.decided });
  }

  private known(): KnownPod[] {
    return this.deps.pods().map((view) => knownPod(view, this.lacking.get(view.id)));
  }
}
