import { OpenAPIHono } from '@hono/zod-openapi';
import type { JobDesk, PodDesk } from '../jobs/desk.ts';
import type { OutputStore } from '../jobs/output-store.ts';
import type { JobOutput } from '../../lib/jobs/job.ts';
import { addDocs } from './docs.ts';
import { addHealth } from './health-routes.ts';
import { addJobRoutes } from './job-routes.ts';
import { addOutputRoutes } from './output-routes.ts';
import { addPodRoutes } from './pod-routes.ts';
import { answerError, refuse } from './problems.ts';
import { onInvalid } from './validation.ts';

export interface ApiDeps {
  jobs: JobDesk;
  pods: PodDesk;
  outputs: Pick<OutputStore, 'open'> & {
    thumbnail(jobId: string, output: JobOutput, widthPx: number): Promise<Uint8Array | undefined>;
  };
  metrics: { render(): Promise<{ contentType: string; body: string }> };
  version: string;
  /** An error no route expected. */
  report: (error: unknown) => void;
}

export type Api = OpenAPIHono;

/** The REST API: `/api`, `/healthz`, `/readyz`, `/metrics`. It runs without Next. */
export function createApi(deps: ApiDeps): Api {
  const api = new OpenAPIHono({ defaultHook: (result) => onInvalid(result) });
  api.onError(answerError(deps.report));
  api.notFound((context) =>
    refuse('not_found', `${context.req.method} ${context.req.path} is not part of the API. See /api/docs.`),
  );
  addJobRoutes(api, deps);
  addOutputRoutes(api, deps);
  addPodRoutes(api, deps);
  addHealth(api, deps);
  addDocs(api, deps.version);
  return api;
}

/** Whether a path is the API's rather than a page's. */
export function isApiPath(path: string): boolean {
  return path === '/api' || path.startsWith('/api/') || ['/healthz', '/readyz', '/metrics'].includes(path);
}
