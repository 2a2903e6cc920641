import { createRoute, z } from '@hono/zod-openapi';
import { MAX_RECOVERED_JOBS, viewOfRecovery } from '../../lib/jobs/recovery-view.ts';
import {
  dispatchStateSchema,
  recoveryListSchema,
  recoveryViewSchema,
  systemSchema,
} from '../../lib/protocol/system.ts';
import { DeskError } from '../jobs/desk.ts';
import type { Api, ApiDeps } from './create-api.ts';
import { requireJson } from './json-body.ts';
import { jsonOf, problem } from './job-routes.ts';

/** As many as are kept. */
const MOST_RECOVERIES = 200;
const away = problem('The store is away');

const systemRoute = createRoute({
  method: 'get',
  path: '/api/system',
  summary: 'The store and what about it is unsafe, the instances, and whether dispatch is paused',
  responses: { 200: jsonOf(systemSchema, 'The desk as a whole'), 503: away },
});
const listRoute = createRoute({
  method: 'get',
  path: '/api/recoveries',
  summary: 'What was found and done after each start, take-over and reconnect, newest first',
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(MOST_RECOVERIES).default(50),
      jobs: z.coerce
        .number()
        .int()
        .min(0)
        .max(MAX_RECOVERED_JOBS)
        .default(MAX_RECOVERED_JOBS)
        .describe('At most so many jobs of each; those that may need a person come first'),
    }),
  },
  responses: { 200: jsonOf(recoveryListSchema, 'The recoveries'), 400: problem('Wrong query'), 503: away },
});
const getRoute = createRoute({
  method: 'get',
  path: '/api/recoveries/{id}',
  summary: 'One recovery with all jobs it names',
  request: { params: z.object({ id: z.string().max(100) }) },
  responses: {
    200: jsonOf(z.object({ recovery: recoveryViewSchema }), 'The recovery'),
    404: problem('No such recovery'),
    503: away,
  },
});
const dispatchRoute = <Verb extends 'pause' | 'resume'>(verb: Verb, summary: string) =>
  createRoute({
    method: 'post',
    path: `/api/dispatch/${verb}` as `/api/dispatch/${Verb}`,
    summary,
    middleware: [requireJson({ optional: true })],
    responses: {
      202: jsonOf(z.object({ dispatch: dispatchStateSchema }), 'The wish is recorded for every instance'),
      503: away,
    },
  });
const pauseRoute = dispatchRoute('pause', 'Give queued jobs to no pod. Jobs that are on pods go on.');
const resumeRoute = dispatchRoute('resume', 'Give queued jobs to pods again');

export function addSystemRoutes(api: Api, { system }: ApiDeps): void {
  api.openapi(systemRoute, async (context) => context.json(await system.system(), 200));
  api.openapi(listRoute, async (context) => {
    const { limit, jobs } = context.req.valid('query');
    const recoveries = (await system.recoveries(limit)).map((one) => viewOfRecovery(one, jobs));
    return context.json({ recoveries }, 200);
  });
  api.openapi(getRoute, async (context) => {
    const { id } = context.req.valid('param');
    const recovery = (await system.recoveries(MOST_RECOVERIES)).find((one) => one.id === id);
    if (!recovery)
      throw new DeskError('not_found', `There is no recovery ${id}. The newest ${MOST_RECOVERIES} are kept.`);
    return context.json({ recovery: viewOfRecovery(recovery, MAX_RECOVERED_JOBS) }, 200);
  });
  api.openapi(pauseRoute, async (context) => context.json({ dispatch: await system.pause() }, 202));
  api.openapi(resumeRoute, async (context) => context.json({ dispatch: await system.resume() }, 202));
}
