import { createRoute, z } from '@hono/zod-openapi';
import { jobStateSchema } from '../../lib/jobs/job.ts';
import { problemSchema } from '../../lib/protocol/errors.ts';
import { jobDetailSchema, jobFilterSchema, jobListSchema, submitJobBodySchema } from '../../lib/protocol/jobs.ts';
import { promptSchema } from '../../lib/workflow/prompt.ts';
import { DeskError } from '../jobs/desk.ts';
import type { Api, ApiDeps } from './create-api.ts';
import { requireJson } from './json-body.ts';
import { timeAccepting } from './metrics.ts';

export function jsonOf<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { 'application/json': { schema } } };
}
export const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});
export const idParams = z.object({ id: z.string().max(100).describe('The job’s id') });
export const jobAnswer = z.object({ job: jobDetailSchema });
/** RFC draft: an opaque string; bounded so that it can be a key. */
export const idempotencyHeaders = z.object({
  'idempotency-key': z.string().min(1).max(200).optional().describe('Sends the same job again safely'),
});

const submitRoute = createRoute({
  method: 'post',
  path: '/api/jobs',
  summary: 'Submit a workflow. The job is on disk when the answer leaves.',
  middleware: [requireJson()],
  request: { headers: idempotencyHeaders, body: { required: true, ...jsonOf(submitJobBodySchema, 'The job') } },
  responses: {
    201: jsonOf(jobAnswer, 'Accepted'),
    200: jsonOf(jobAnswer, 'The same key and body were sent before: the same job'),
    400: problem('Wrong fields'),
    409: problem('The key was used with another body'),
    413: problem('Too large'),
    415: problem('Not JSON'),
    422: problem('Not a workflow, or one that no pod can run now'),
    429: problem('Too many in this minute; Retry-After says when to go on'),
    503: problem('The store is away; nothing was accepted'),
  },
});

const stateList = z
  .union([z.string(), z.array(z.string())])
  .transform((value) =>
    [value]
      .flat()
      .flatMap((item) => item.split(','))
      .filter((item) => item !== ''),
  )
  .pipe(z.array(jobStateSchema));

const listRoute = createRoute({
  method: 'get',
  path: '/api/jobs',
  summary: 'Jobs, newest first',
  request: {
    query: z.object({
      state: stateList.optional().openapi({ type: 'string', description: 'States, comma-separated' }),
      q: z.string().max(200).optional().describe('Part of a name or id'),
      pod: z.string().max(100).optional(),
      batch: jobFilterSchema.shape.batch.describe('Only the jobs of this batch; `none`: only those of no batch'),
      limit: z.coerce.number().int().min(1).max(100).default(50),
      cursor: z.string().max(500).optional(),
    }),
  },
  responses: { 200: jsonOf(jobListSchema, 'A page of jobs'), 400: problem('Wrong query') },
});

const getRoute = createRoute({
  method: 'get',
  path: '/api/jobs/{id}',
  summary: 'One job',
  request: { params: idParams },
  responses: { 200: jsonOf(jobAnswer, 'The job'), 404: problem('No such job') },
});

const workflowRoute = createRoute({
  method: 'get',
  path: '/api/jobs/{id}/workflow',
  summary: 'What was submitted',
  request: { params: idParams },
  responses: {
    200: jsonOf(z.object({ prompt: promptSchema, workflow: z.unknown().optional() }), 'The prompt and its saved form'),
    404: problem('No such job'),
  },
});

const cancelRoute = createRoute({
  method: 'post',
  path: '/api/jobs/{id}/cancel',
  middleware: [requireJson({ optional: true })],
  summary: 'Cancel a job. On a pod it ends when the pod confirms it.',
  request: { params: idParams },
  responses: {
    202: jsonOf(jobAnswer, 'The wish is recorded'),
    404: problem('No such job'),
    409: problem('It has ended'),
  },
});

const gone = (id: string) => new DeskError('job_not_found', `There is no job ${id}. History is kept for HISTORY_DAYS.`);

export function addJobRoutes(api: Api, { jobs, metrics }: ApiDeps): void {
  api.use(submitRoute.path, timeAccepting(metrics));
  api.openapi(submitRoute, async (context) => {
    const key = context.req.valid('header')['idempotency-key'];
    const { kind, job } = await jobs.submit(context.req.valid('json'), key);
    context.header('Location', `/api/jobs/${job.id}`);
    return context.json({ job }, kind === 'created' ? 201 : 200);
  });
  api.openapi(listRoute, async (context) => {
    const { state, q, pod, batch, limit, cursor } = context.req.valid('query');
    const list = await jobs.list({
      filter: {
        ...(state && { state }),
        ...(q !== undefined && { q }),
        ...(pod !== undefined && { pod }),
        ...(batch !== undefined && { batch }),
      },
      limit,
      ...(cursor !== undefined && { cursor }),
    });
    return context.json(list, 200);
  });
  api.openapi(getRoute, async (context) => {
    const { id } = context.req.valid('param');
    const job = await jobs.get(id);
    if (!job) throw gone(id);
    return context.json({ job }, 200);
  });
  api.openapi(workflowRoute, async (context) => {
    const { id } = context.req.valid('param');
    const stored = await jobs.workflow(id);
    if (!stored) throw gone(id);
    return context.json(stored, 200);
  });
  api.openapi(cancelRoute, async (context) =>
    context.json({ job: await jobs.cancel(context.req.valid('param').id) }, 202),
  );
}
