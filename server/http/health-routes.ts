import { createRoute, z } from '@hono/zod-openapi';
import { DeskError } from '../jobs/desk.ts';
import type { Api, ApiDeps } from './create-api.ts';
import { jsonOf, problem } from './job-routes.ts';

const aliveRoute = createRoute({
  method: 'get',
  path: '/healthz',
  summary: 'The process answers. Needs no sign-in.',
  responses: { 200: jsonOf(z.object({ status: z.literal('alive') }), 'Alive') },
});
const readyRoute = createRoute({
  method: 'get',
  path: '/readyz',
  summary: 'The store can be written to and a pod is usable',
  responses: {
    200: jsonOf(
      z.object({ status: z.literal('ready'), warnings: z.array(z.string()) }),
      'Ready. `warnings` say what about the store can lose jobs, each with its remedy.',
    ),
    503: problem('Not now; the reasons are in `detail`'),
  },
});
const metricsRoute = createRoute({
  method: 'get',
  path: '/metrics',
  summary: 'Figures for Prometheus',
  responses: { 200: { description: 'The figures', content: { 'text/plain': { schema: z.string() } } } },
});

export function addHealth(api: Api, { pods, system, metrics }: ApiDeps): void {
  api.openapi(aliveRoute, (context) => context.json({ status: 'alive' as const }, 200));
  api.openapi(readyRoute, async (context) => {
    const { ready, reasons } = await pods.readiness();
    if (!ready) throw new DeskError('not_ready', reasons.join(' '));
    // Whether work can be taken was answered above; what cannot be looked up now is no reason to take Podium out of service.
    const view = await system.system().catch(() => undefined);
    const warnings = (view?.store.warnings ?? []).map(({ message }) => message);
    return context.json({ status: 'ready' as const, warnings }, 200);
  });
  api.openapi(metricsRoute, async (context) => {
    const { contentType, body } = await metrics.render();
    return context.text(body, 200, { 'content-type': contentType });
  });
}
