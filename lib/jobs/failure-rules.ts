import { z } from 'zod';
import { podFailureRules } from './pod-failure-rules.ts';
import { workFailureRules } from './work-failure-rules.ts';

/**
 * How a failure is treated.
 * `transient`: the same call may succeed a moment later. `recoverable`: something must be helped first (free memory,
 * another pod). `permanent`: this prompt cannot run as it is. `fatal`: the pod must not be asked again until a person acts.
 */
export const ERROR_CATEGORIES = ['transient', 'recoverable', 'permanent', 'fatal'] as const;
export const errorCategorySchema = z.enum(ERROR_CATEGORIES);
export type ErrorCategory = z.infer<typeof errorCategorySchema>;

/** Whose fault it was: who has to change something for it not to happen again. */
export const BLAMES = ['workflow', 'pod', 'network', 'podium', 'operator'] as const;
export const blameSchema = z.enum(BLAMES);
export type Blame = z.infer<typeof blameSchema>;

/**
 * Why a job failed, or what its last attempt met. Closed: a new code does not compile until `failureRules` decides
 * everything about it.
 */
export const JOB_ERROR_CODES = [
  'pod_unreachable',
  'pod_address_unknown',
  'pod_tls_failed',
  'submission_cut',
  'pod_busy',
  'pod_unauthorized',
  'pod_answer_invalid',
  'pod_lost',
  'pod_disk_full',
  'prompt_rejected',
  'prompt_too_large',
  'upload_refused',
  'upload_missing',
  'model_missing',
  'model_damaged',
  'file_missing',
  'node_type_missing',
  'node_import_failed',
  'inputs_mismatch',
  'partner_api_refused',
  'node_failed',
  'unknown_failure',
  'out_of_memory',
  'gpu_broken',
  'poison',
  'hung',
  'prompt_lost',
  'output_lost',
  'output_refused',
  'stale',
  'internal',
] as const;
export const jobErrorCodeSchema = z.enum(JOB_ERROR_CODES);
export type JobErrorCode = z.infer<typeof jobErrorCodeSchema>;

/** What a person can press to do what the next step says. */
export const REMEDY_ACTIONS = [
  'retry',
  'retry_elsewhere',
  'free_memory',
  'edit',
  'show_node',
  'reopen_pod',
  'open_pods',
] as const;
export type RemedyAction = (typeof REMEDY_ACTIONS)[number];

/** Everything that is decided once for all failures of a code. */
export interface FailureRule {
  category: ErrorCategory;
  blame: Blame;
  /** What such a failure is, in one plain sentence, for lists and the table of all failures. */
  sentence: string;
  /** Whose fault it was, in one sentence that blames nobody without cause. */
  cause: string;
  /** What a person can do, in one sentence. */
  nextStep: string;
  /** The buttons that do it, the best first. */
  actions: readonly RemedyAction[];
  /** HTTP status under which the API tells a job's failure to a caller that waits for its end. */
  status: number;
  /** Whether it says that the pod cannot be reached or does not answer as ComfyUI: a sample for its circuit breaker. */
  countsAgainstBreaker: boolean;
  /** Whether a further attempt uses up one of the job's retries. */
  usesAttempt: boolean;
}

/** Total over the codes: what is done and said about each failure. */
export const failureRules: Readonly<Record<JobErrorCode, FailureRule>> = { ...podFailureRules, ...workFailureRules };
