import type { JobError, MissingThing } from '../../../lib/jobs/job-error.ts';
import type { ExcludedPod, Job, JobAttempt } from '../../../lib/jobs/job.ts';

/** What the policy needs to know of a job. */
export interface JobFacts {
  /** Ended attempts since the job was accepted or a person asked for a retry, oldest first, without the one that just failed. */
  attempts: readonly Pick<JobAttempt, 'podId' | 'outcome' | 'error' | 'ran'>[];
  /** Of these, retries that count against the limit. */
  retriesUsed: number;
  excludedPods: readonly Pick<ExcludedPod, 'podId' | 'code'>[];
  /** The pod a person asked for. */
  wantedPodId?: string;
  /** A program's own run: there is one pod, nothing keeps it from work, and no queue waits for it. */
  alone?: true;
}

/** How the attempt on `podId` failed. */
export interface SeenFailure {
  error: JobError;
  outcome: 'failed' | 'rejected' | 'refused' | 'lost' | 'pod_died';
  podId: string;
  /** Whether the pod, while it was well, had begun to work on it; absent where that is not known. */
  ran?: boolean;
  /** The pause the pod itself asked for. */
  retryAfterMs?: number;
}

/** What is known of a pod when the decision is made. */
export interface KnownPod {
  id: string;
  name: string;
  /** `ready`: takes work now. `coming`: may do so in a while. `away`: not before somebody acts. */
  reach: 'ready' | 'coming' | 'away';
  /** Bytes of its largest device. */
  vramTotal?: number;
  /** What it lacks of what the failed pod lacked; absent where it was not asked or did not answer. */
  lacks?: readonly MissingThing[];
}

export interface PolicySettings {
  /** Retries that count, after the first attempt. */
  maxRetries: number;
  /** Milliseconds before the first retry. */
  backoffBaseMs: number;
  /** Pods that may break down under a job before it is set aside. */
  poisonAfter: number;
}

/** What follows a failed attempt. */
export type Decision =
  /** The job ends with this error. */
  | { kind: 'give_up'; error: JobError }
  /** A further attempt after a pause; `plan` says in a sentence what is done and why. */
  | {
      kind: 'again';
      delayMs: number;
      /** Whether it uses up a retry. */
      charged: boolean;
      /** Pods that are not given the job again. */
      exclude: Pick<ExcludedPod, 'podId' | 'code'>[];
      next?: NonNullable<Job['next']>;
      plan: string;
    }
  /** The pod died with it: it runs again wherever there is room, which is no retry. */
  | { kind: 'rework'; plan: string };

/** The job as the policy sees it. Attempts before a person's newest retry are not held against it. */
export function factsOf(job: Job): JobFacts {
  const { retriesUsed, excludedPods, wantedPodId, earlierAttempts = 0 } = job;
  const attempts = job.attempts.filter(({ number, endedAt }) => number > earlierAttempts && endedAt !== undefined);
  return { attempts, retriesUsed, excludedPods, ...(wantedPodId !== undefined && { wantedPodId }) };
}
