import { z } from 'zod';

/** Refusals of the REST API, `code` of an `application/problem+json` body. */
export const PROBLEM_CODES = [
  'invalid_request',
  'invalid_json',
  'invalid_workflow',
  'no_pod_can_run',
  'unsupported_media_type',
  'body_too_large',
  'not_found',
  'method_not_allowed',
  'job_not_found',
  'pod_not_found',
  'output_not_found',
  'batch_not_found',
  'template_not_found',
  'templates_full',
  'upload_not_found',
  'upload_conflict',
  'upload_mismatch',
  'no_room',
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
  no_pod_can_run: { status: 422, title: 'No pod can run this now' },
  unsupported_media_type: { status: 415, title: 'The body is of a type that is not taken here' },
  body_too_large: { status: 413, title: 'The body is too large' },
  not_found: { status: 404, title: 'There is nothing at this address' },
  method_not_allowed: { status: 405, title: 'This address does not take that method' },
  job_not_found: { status: 404, title: 'No such job' },
  pod_not_found: { status: 404, title: 'No such pod' },
  output_not_found: { status: 404, title: 'No such output' },
  batch_not_found: { status: 404, title: 'No such batch' },
  template_not_found: { status: 404, title: 'No such template' },
  templates_full: { status: 409, title: 'There is no room for more templates' },
  upload_not_found: { status: 404, title: 'No such upload' },
  upload_conflict: { status: 409, title: 'The upload does not go on here' },
  no_room: { status: 507, title: 'The disk is full' },
  upload_mismatch: { status: 422, title: 'The bytes are not those of this hash' },
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
