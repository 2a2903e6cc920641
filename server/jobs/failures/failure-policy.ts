import type { Decision, JobFacts, KnownPod, SeenFailure } from './decision.ts';

/** A decision that holds now. */
export interface DecisionEvent {
  jobId: string;
  /** Number of the attempt that failed, 1 = first. */
  attempt: number;
  failure: SeenFailure;
  decision: Decision;
}

/** Says what follows a failed attempt. */
export interface FailurePolicy {
  /** May be asked more than once about one failure, when the job changed meanwhile; changes nothing. */
  decide(job: JobFacts, seen: SeenFailure, pods: readonly KnownPod[]): Decision;
  /** Told once of each decision: on a desk when it is durable. */
  decided(event: DecisionEvent): void;
}
