import { z } from 'zod';

/**
 * How a failure is treated.
 * `transient`: the same call may succeed a moment later. `recoverable`: the pod must be helped first (free memory,
 * another pod). `permanent`: this prompt cannot run as it is. `fatal`: the pod must not be asked again until a person acts.
 */
export const ERROR_CATEGORIES = ['transient', 'recoverable', 'permanent', 'fatal'] as const;
export const errorCategorySchema = z.enum(ERROR_CATEGORIES);
export type ErrorCategory = z.infer<typeof errorCategorySchema>;

/** Why a job failed, or what its last attempt met. Closed: a new code needs a row in `jobErrorRules`. */
export const JOB_ERROR_CODES = [
  'pod_unreachable',
  'pod_busy',
  'pod_unauthorized',
  'pod_answer_invalid',
  'pod_lost',
  'prompt_rejected',
  'prompt_too_large',
  'model_missing',
  'node_type_missing',
  'node_failed',
  'out_of_memory',
  'gpu_broken',
  'prompt_lost',
  'output_lost',
  'output_refused',
  'stale',
  'internal',
] as const;
export const jobErrorCodeSchema = z.enum(JOB_ERROR_CODES);
export type JobErrorCode = z.infer<typeof jobErrorCodeSchema>;

interface JobErrorRule {
  category: ErrorCategory;
  /** What a person can do, in one sentence. */
  nextStep: string;
}

/** Total over the codes, so that a new code does not compile until both are decided. */
export const jobErrorRules: Record<JobErrorCode, JobErrorRule> = {
  pod_unreachable: {
    category: 'transient',
    nextStep: 'Check that the pod is running and that its address is right, then retry.',
  },
  pod_busy: { category: 'transient', nextStep: 'The pod asked for a pause. Retry in a minute, or add a pod.' },
  pod_unauthorized: {
    category: 'fatal',
    nextStep: 'Correct COMFYUI_POD_HEADERS for this pod and restart Podium, then retry.',
  },
  pod_answer_invalid: {
    category: 'transient',
    nextStep: 'Check that the address leads to ComfyUI and not to another page, then retry.',
  },
  pod_lost: { category: 'transient', nextStep: 'Check why the pod restarted (memory, its log), then retry.' },
  prompt_rejected: { category: 'permanent', nextStep: 'Correct the named inputs in the workflow and submit it again.' },
  prompt_too_large: {
    category: 'recoverable',
    nextStep: 'Raise the size limit of the proxy before the pod, or use another pod, then retry.',
  },
  model_missing: {
    category: 'permanent',
    nextStep: 'Install the missing file on the pod or choose one it has, then retry.',
  },
  node_type_missing: {
    category: 'permanent',
    nextStep: 'Install the missing custom node on the pod or use another pod, then retry.',
  },
  node_failed: {
    category: 'permanent',
    nextStep: 'Read the traceback, change the inputs of the failed node and submit again.',
  },
  out_of_memory: {
    category: 'recoverable',
    nextStep: 'Use a smaller size or batch, or a pod with more memory, then retry.',
  },
  gpu_broken: {
    category: 'recoverable',
    nextStep: 'Restart ComfyUI on this pod; the job can be retried on another one.',
  },
  prompt_lost: {
    category: 'permanent',
    nextStep: 'Somebody may have removed it from the pod’s queue or history. Retry to run it again.',
  },
  output_lost: {
    category: 'permanent',
    nextStep: 'The pod no longer has the files. Retry to make them again.',
  },
  output_refused: { category: 'permanent', nextStep: 'Raise OUTPUT_MAX_BYTES or make smaller outputs, then retry.' },
  stale: { category: 'permanent', nextStep: 'Nothing was heard of it for too long. Retry to run it again.' },
  internal: { category: 'permanent', nextStep: 'Retry; if it fails again, look at Podium’s log.' },
};

/** Errors and outputs that one node of the prompt is responsible for, as ComfyUI's `node_errors` gave them. */
export const nodeErrorSchema = z.object({
  classType: z.string().optional(),
  errors: z.array(
    z.object({
      type: z.string(),
      message: z.string(),
      details: z.string().optional(),
      inputName: z.string().optional(),
    }),
  ),
});
export type NodeError = z.infer<typeof nodeErrorSchema>;

/** A job's error as people and programs read it. */
export const jobErrorSchema = z.object({
  code: jobErrorCodeSchema,
  category: errorCategorySchema,
  /** What happened, one sentence, no secrets, no stack. */
  message: z.string(),
  nextStep: z.string(),
  /** Keyed by node id as the pod gave it. */
  nodes: z.record(z.string(), nodeErrorSchema).optional(),
  /** ComfyUI's `exception_type`. */
  exceptionType: z.string().optional(),
  /** Bounded to 20,000 characters. */
  traceback: z.string().optional(),
});
export type JobError = z.infer<typeof jobErrorSchema>;

/** A job error with the category and remedy its code prescribes. */
export function jobError(
  code: JobErrorCode,
  message: string,
  more: Pick<JobError, 'nodes' | 'exceptionType' | 'traceback'> = {},
): JobError {
  return { code, message, ...jobErrorRules[code], ...more };
}

/** Refusals of the REST API, `code` of an `application/problem+json` body. */
export const PROBLEM_CODES = [
  'invalid_request',
  'invalid_json',
  'invalid_workflow',
  'unsupported_media_type',
  'body_too_large',
  'not_found',
  'method_not_allowed',
  'job_not_found',
  'pod_not_found',
  'output_not_found',
  'state_conflict',
  'idempotency_conflict',
  'unauthorized',
  'origin_refused',
  'host_refused',
  'too_many_requests',
  'store_unavailable',
  'not_ready',
  'shutting_down',
  'internal',
] as const;
export const problemCodeSchema = z.enum(PROBLEM_CODES);
export type ProblemCode = z.infer<typeof problemCodeSchema>;

/** HTTP status and title of every refusal. */
export const problemRules: Record<ProblemCode, { status: number; title: string }> = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  invalid_json: { status: 400, title: 'The body is not JSON' },
  invalid_workflow: { status: 422, title: 'The workflow cannot be used' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  body_too_large: { status: 413, title: 'The body is too large' },
  not_found: { status: 404, title: 'There is nothing at this address' },
  method_not_allowed: { status: 405, title: 'This address does not take that method' },
  job_not_found: { status: 404, title: 'No such job' },
  pod_not_found: { status: 404, title: 'No such pod' },
  output_not_found: { status: 404, title: 'No such output' },
  state_conflict: { status: 409, title: 'The job’s state forbids this' },
  idempotency_conflict: { status: 409, title: 'This Idempotency-Key was used with another body' },
  unauthorized: { status: 401, title: 'Sign in first' },
  origin_refused: { status: 403, title: 'Requests from another site are refused' },
  host_refused: { status: 403, title: 'This host name is not ours' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  store_unavailable: { status: 503, title: 'The store is away' },
  not_ready: { status: 503, title: 'Not ready' },
  shutting_down: { status: 503, title: 'Podium is shutting down' },
  internal: { status: 500, title: 'Podium failed' },
};

/** RFC 9457 problem details. `errors` names every wrong field at once. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: problemCodeSchema,
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;
