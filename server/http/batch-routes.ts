import { createRoute, z } from '@hono/zod-openapi';
import { batchListSchema, batchViewSchema, submitBatchBodySchema } from '../../lib/protocol/batches.ts';
import { jobSummarySchema } from '../../lib/protocol/jobs.ts';
import { DeskError } from '../jobs/desk.ts';
import type { Api, ApiDeps } from './create-api.ts';
import { requireJson } from './json-body.ts';
import { idempotencyHeaders, jsonOf, problem } from './job-routes.ts';

const batchParams = z.object({ id: z.uuid('It is the id of a batch.').describe('The batch’s id') });
const batchAnswer = z.object({ batch: batchViewSchema });
const changedAnswer = batchAnswer.extend({ changed: z.number().int().describe('How many of its jobs') });
const cursor = z.string().max(500).optional();
const missing = problem('No such batch');
const away = problem('The store is away');

const submitRoute = createRoute({
  method: 'post',
  path: '/api/batches',
  summary: 'Make one workflow into many jobs. All of them are on disk when the answer leaves, or none is.',
  middleware: [requireJson()],
  request: { headers: idempotencyHeaders, body: { required: true, ...jsonOf(submitBatchBodySchema, 'The batch') } },
  responses: {
    201: jsonOf(batchAnswer, 'Accepted'),
    200: jsonOf(batchAnswer, 'The same key and body were sent before: the same batch'),
    400: problem('Wrong fields, or a plan that makes no jobs of this workflow'),
    409: problem('The key was used with another body'),
    413: problem('Too large'),
    415: problem('Not JSON'),
    422: problem('Not a workflow, or no pod can run one of its jobs'),
    429: problem('Too many in this minute; Retry-After says when to go on'),
    503: problem('The store is away; nothing was accepted'),
  },
});

const listRoute = createRoute({
  method: 'get',
  path: '/api/batches',
  summary: 'Batches, newest first',
  request: { query: z.object({ limit: z.coerce.number().int().min(1).max(50).default(20), cursor }) },
  responses: { 200: jsonOf(batchListSchema, 'A page of batches'), 400: problem('Wrong query'), 503: away },
});

const getRoute = createRoute({
  method: 'get',
  path: '/api/batches/{id}',
  summary: 'One batch: its plan, and how its jobs are',
  request: { params: batchParams },
  responses: { 200: jsonOf(batchAnswer, 'The batch'), 404: missing, 503: away },
});

const jobsRoute = createRoute({
  method: 'get',
  path: '/api/batches/{id}/jobs',
  summary: 'The jobs of a batch, in the order of their places',
  request: {
    params: batchParams,
    query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100), cursor }),
  },
  responses: {
    200: jsonOf(
      z.object({ jobs: z.array(jobSummarySchema), nextCursor: z.string().nullable() }),
      'A page of jobs; those that history no longer keeps are left out',
    ),
    404: missing,
    503: away,
  },
});

const changeRoute = <V extends 'cancel' | 'retry'>(verb: V, summary: string) =>
  createRoute({
    method: 'post',
    path: `/api/batches/{id}/${verb}`,
    middleware: [requireJson({ optional: true })],
    summary,
    request: { params: batchParams },
    responses: {
      202: jsonOf(changedAnswer, 'How many jobs it was done to, and the batch after it'),
      404: missing,
      415: problem('A body that is not JSON'),
      503: away,
    },
  });
const cancelRoute = changeRoute('cancel', 'Cancel every job of a batch that has not ended');
const retryRoute = changeRoute('retry', 'Run every job of a batch that failed again');

/** One workflow made into many jobs. */
export function addBatchRoutes(api: Api, { batches }: ApiDeps): void {
  api.openapi(submitRoute, async (context) => {
    const key = context.req.valid('header')['idempotency-key'];
    const { kind, batch } = await batches.submit(context.req.valid('json'), key);
    context.header('Location', `/api/batches/${batch.id}`);
    return context.json({ batch }, kind === 'created' ? 201 : 200);
  });
  api.openapi(listRoute, async (context) => context.json(await batches.list(pageOf(context.req.valid('query'))), 200));
  api.openapi(getRoute, async (context) => {
    const { id } = context.req.valid('param');
    const batch = await batches.get(id);
    if (!batch) throw new DeskError('batch_not_found', `There is no batch ${id}. History is kept for HISTORY_DAYS.`);
    return context.json({ batch }, 200);
  });
  api.openapi(jobsRoute, async (context) => {
    const { id } = context.req.valid('param');
    return context.json(await batches.jobs(id, pageOf(context.req.valid('query'))), 200);
  });
  api.openapi(cancelRoute, async (context) => context.json(await batches.cancel(context.req.valid('param').id), 202));
  api.openapi(retryRoute, async (context) => context.json(await batches.retry(context.req.valid('param').id), 202));
}

function pageOf({ limit, cursor: after }: { limit: number; cursor?: string | undefined }) {
  return { limit, ...(after !== undefined && { cursor: after }) };
}
