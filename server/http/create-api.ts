import { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpBindings } from '@hono/node-server';
import type { JobDesk, PodDesk, SystemDesk, WorkflowDesk } from '../jobs/desk.ts';
import type { OutputStore } from '../jobs/output-store.ts';
import type { BatchDesk } from '../jobs/batches/batch-desk.ts';
import type { TemplateDesk } from '../jobs/templates/template-desk.ts';
import type { UploadStore } from '../jobs/uploads/upload-store.ts';
import type { JobOutput } from '../../lib/jobs/job.ts';
import { addBatchRoutes } from './batch-routes.ts';
import { addDocs } from './docs.ts';
import { addFailureRoutes } from './failure-routes.ts';
import { addHealth } from './health-routes.ts';
import { addJobRoutes } from './job-routes.ts';
import { addOutputRoutes } from './output-routes.ts';
import { addPodRoutes } from './pod-routes.ts';
import type { Metrics } from './metrics.ts';
import { answerError, refuse, refuseMethod } from './problems.ts';
import { limitRates, type RateLimits } from './rate-limit.ts';
import { addSystemRoutes } from './system-routes.ts';
import { addTemplateRoutes } from './template-routes.ts';
import { addUploadRoutes } from './upload-routes.ts';
import { onInvalid } from './validation.ts';
import { addWorkflowRoutes } from './workflow-routes.ts';

export interface ApiDeps {
  jobs: JobDesk;
  workflows: WorkflowDesk;
  batches: BatchDesk;
  pods: PodDesk;
  system: SystemDesk;
  templates: TemplateDesk;
  outputs: Pick<OutputStore, 'open'> & {
    thumbnail(jobId: string, output: JobOutput, widthPx: number): Promise<Uint8Array | undefined>;
  };
  uploads: Pick<UploadStore, 'status' | 'put' | 'find' | 'open'>;
  metrics: Pick<Metrics, 'render' | 'accepted'>;
  version: string;
  limits: RateLimits;
  /** An error no route expected. */
  report: (error: unknown) => void;
}

/** `incoming` is the request as Node has it; absent where the API is called without a socket. */
export interface ApiEnv {
  Bindings: Partial<HttpBindings>;
}
export type Api = OpenAPIHono<ApiEnv>;

/** The REST API: `/api`, `/healthz`, `/readyz`, `/metrics`. It runs without Next. */
export function createApi(deps: ApiDeps): Api {
  const api: Api = new OpenAPIHono<ApiEnv>({ defaultHook: (result) => onInvalid(result) });
  api.onError(answerError(deps.report));
  api.notFound(({ req: { method, path } }) => {
    const allowed = methodsAt(api, path);
    if (allowed.length > 0) return refuseMethod(method, path, allowed);
    return refuse('not_found', `${method} ${path} is not part of the API. See /api/docs.`);
  });
  api.use('*', async (context, next) => {
    await next();
    // Answers show the present moment and may need a sign-in: only outputs, which never change, are kept.
    if (!context.res.headers.has('cache-control')) context.res.headers.set('cache-control', 'no-store');
  });
  // What watches Podium (/healthz, /readyz, /metrics) is never turned away.
  api.use('/api/*', limitRates(deps.limits));
  addJobRoutes(api, deps);
  addWorkflowRoutes(api, deps);
  addBatchRoutes(api, deps);
  addFailureRoutes(api, deps);
  addOutputRoutes(api, deps);
  addUploadRoutes(api, deps);
  addPodRoutes(api, deps);
  addTemplateRoutes(api, deps);
  addSystemRoutes(api, deps);
  addHealth(api, deps);
  addDocs(api, deps.version);
  return api;
}

function methodsAt(api: Api, path: string): string[] {
  const takes = (method: string) => api.router.match(method, path)[0].some(([[, route]]) => route.method === method);
  return ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
    .filter(takes)
    .flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : [one]));
}

/** Whether a path is the API's rather than a page's. */
export function isApiPath(path: string): boolean {
  return path === '/api' || path.startsWith('/api/') || ['/healthz', '/readyz', '/metrics'].includes(path);
}
