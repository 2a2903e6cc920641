import { createRoute, z } from '@hono/zod-openapi';
import { podViewSchema } from '../../lib/protocol/pods.ts';
import type { Api, ApiDeps } from './create-api.ts';
import { jsonOf, problem } from './job-routes.ts';
import { DeskError } from '../jobs/desk.ts';

const listRoute = createRoute({
  method: 'get',
  path: '/api/pods',
  summary: 'Every pod and how it is',
  responses: { 200: jsonOf(z.object({ pods: z.array(podViewSchema) }), 'The pods') },
});
const getRoute = createRoute({
  method: 'get',
  path: '/api/pods/{id}',
  summary: 'One pod',
  request: { params: z.object({ id: z.string().max(100) }) },
  responses: { 200: jsonOf(z.object({ pod: podViewSchema }), 'The pod'), 404: problem('No such pod') },
});

export function addPodRoutes(api: Api, { pods }: ApiDeps): void {
  api.openapi(listRoute, (context) => context.json({ pods: pods.pods() }, 200));
  api.openapi(getRoute, (context) => {
    const { id } = context.req.valid('param');
    const pod = pods.pod(id);
    if (!pod) throw new DeskError('pod_not_found', `There is no pod "${id}". See GET /api/pods.`);
    return context.json({ pod }, 200);
  });
}
