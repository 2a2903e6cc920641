import { createRoute } from '@hono/zod-openapi';
import { convertedWorkflowSchema, workflowBodySchema, workflowCheckSchema } from '../../lib/protocol/workflows.ts';
import type { Api, ApiDeps } from './create-api.ts';
import { jsonOf, problem } from './job-routes.ts';
import { requireJson } from './json-body.ts';

const request = { body: { required: true, ...jsonOf(workflowBodySchema, 'A workflow of any form') } };
const refusals = {
  400: problem('Wrong fields'),
  413: problem('Too large'),
  415: problem('Not JSON'),
  422: problem('Not a workflow'),
};

const convertRoute = createRoute({
  method: 'post',
  path: '/api/workflows/convert',
  summary: 'Any accepted form of a workflow as the prompt a pod takes',
  middleware: [requireJson()],
  request,
  responses: { 200: jsonOf(convertedWorkflowSchema, 'The prompt'), ...refusals },
});

const checkRoute = createRoute({
  method: 'post',
  path: '/api/workflows/check',
  summary: 'What each pod would make of a workflow: which would run it, and what is missing or wrong on the others',
  middleware: [requireJson()],
  request,
  responses: {
    200: jsonOf(workflowCheckSchema, 'The prompt, a verdict for each pod and what its inputs may be'),
    ...refusals,
  },
});

export function addWorkflowRoutes(api: Api, { workflows }: ApiDeps): void {
  api.openapi(convertRoute, async (context) => context.json(await workflows.convert(context.req.valid('json')), 200));
  api.openapi(checkRoute, async (context) => context.json(await workflows.check(context.req.valid('json')), 200));
}
