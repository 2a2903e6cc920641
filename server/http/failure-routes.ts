import { createRoute, z } from '@hono/zod-openapi';
import { failureListSchema, jobOutlookSchema, retryJobBodySchema } from '../../lib/protocol/jobs.ts';
import type { Api, ApiDeps } from './create-api.ts';
import { requireJson } from './json-body.ts';
import { idParams, jobAnswer, jsonOf, problem } from './job-routes.ts';

const away = problem('The store is away; nothing was changed');

const retryRoute = createRoute({
  method: 'post',
  path: '/api/jobs/{id}/retry',
  middleware: [requireJson({ optional: true })],
  summary: 'Run a failed or cancelled job again: the same job, a further attempt. May name the only pod that takes it.',
  request: {
    params: idParams,
    body: { required: false, ...jsonOf(retryJobBodySchema, 'What the attempt needs; may be left out') },
  },
  responses: {
    202: jsonOf(jobAnswer, 'Queued again'),
    400: problem('Wrong fields, or a pod that does not exist'),
    404: problem('No such job'),
    409: problem('It has not ended badly'),
    415: problem('A body that is not JSON'),
    503: away,
  },
});

const outlookRoute = createRoute({
  method: 'get',
  path: '/api/jobs/{id}/outlook',
  summary: 'What a retry of a failed or cancelled job would meet now. Where something was missing, the pods are asked.',
  request: { params: idParams },
  responses: {
    200: jsonOf(z.object({ outlook: jobOutlookSchema }), 'Whether a retry works, in a word and in a sentence'),
    404: problem('No such job'),
    409: problem('It has not ended badly'),
    503: problem('The store is away'),
  },
});

const groupsRoute = createRoute({
  method: 'get',
  path: '/api/failures',
  summary: 'The newest failed jobs, grouped by what went wrong; the largest group first',
  responses: { 200: jsonOf(failureListSchema, 'The groups'), 503: problem('The store is away') },
});

const retryGroupRoute = createRoute({
  method: 'post',
  path: '/api/failures/{key}/retry',
  middleware: [requireJson({ optional: true })],
  summary: 'Retry every job of one group that is still failed for that cause',
  request: { params: z.object({ key: z.string().max(100).describe('The group’s key, from GET /api/failures') }) },
  responses: {
    202: jsonOf(z.object({ retried: z.number().int() }), 'How many are queued again'),
    404: problem('No failed job belongs to it any more'),
    415: problem('A body that is not JSON'),
    503: away,
  },
});

/** What a person does about failures: one job again, or all of one cause. */
export function addFailureRoutes(api: Api, { jobs }: ApiDeps): void {
  api.openapi(retryRoute, async (context) => {
    const { id } = context.req.valid('param');
    return context.json({ job: await jobs.retry(id, context.req.valid('json')) }, 202);
  });
  api.openapi(outlookRoute, async (context) =>
    context.json({ outlook: await jobs.outlook(context.req.valid('param').id) }, 200),
  );
  api.openapi(groupsRoute, async (context) => context.json(await jobs.failures(), 200));
  api.openapi(retryGroupRoute, async (context) =>
    context.json({ retried: await jobs.retryGroup(context.req.valid('param').key) }, 202),
  );
}
