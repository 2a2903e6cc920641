import { createRoute, z } from '@hono/zod-openapi';
import { POD_ACTIONS, podViewSchema, type PodAction } from '../../lib/protocol/pods.ts';
import type { Api, ApiDeps } from './create-api.ts';
import { jsonOf, problem } from './job-routes.ts';
import { requireJson } from './json-body.ts';
import { DeskError } from '../jobs/desk.ts';

const podParams = z.object({ id: z.string().max(100).describe('The pod’s id') });
const podAnswer = z.object({ pod: podViewSchema });

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
  request: { params: podParams },
  responses: { 200: jsonOf(podAnswer, 'The pod'), 404: problem('No such pod') },
});

const orderRoute = <Action extends PodAction>(action: Action, summary: string) =>
  createRoute({
    method: 'post',
    path: `/api/pods/{id}/${action}` as `/api/pods/{id}/${Action}`,
    summary,
    middleware: [requireJson({ optional: true })],
    request: { params: podParams },
    responses: {
      202: jsonOf(podAnswer, 'The order is recorded; whoever drives the pod carries it out within seconds'),
      404: problem('No such pod'),
      415: problem('A body that is not JSON'),
      503: problem('The store is away; nothing was ordered'),
    },
  });
/** Total over the orders. */
const orders: Record<PodAction, string> = {
  drain: 'Give the pod nothing new. What it has, it finishes; `reopen` gives it work again.',
  reopen: 'Give the pod work again, whatever was wrong with it: drained, quarantined, or its breaker open',
  'free-memory': 'Unload the pod’s models and free its memory once, as soon as none of our jobs runs there',
};

export function addPodRoutes(api: Api, { pods }: ApiDeps): void {
  api.openapi(listRoute, (context) => context.json({ pods: pods.pods() }, 200));
  api.openapi(getRoute, (context) => {
    const { id } = context.req.valid('param');
    const pod = pods.pod(id);
    if (!pod) throw new DeskError('pod_not_found', `There is no pod "${id}". See GET /api/pods.`);
    return context.json({ pod }, 200);
  });
  for (const action of POD_ACTIONS)
    api.openapi(orderRoute(action, orders[action]), async (context) =>
      context.json({ pod: await pods.order(context.req.valid('param').id, action) }, 202),
    );
}
