import type { Api, ApiDeps } from './create-api.ts';
import { problemOf, problemResponse } from './problems.ts';

export function addHealth(api: Api, { pods, metrics }: ApiDeps): void {
  api.get('/healthz', (context) => context.json({ status: 'alive' }));
  api.get('/readyz', async (context) => {
    const { ready, reasons } = await pods.readiness();
    if (ready) return context.json({ status: 'ready' });
    return problemResponse(problemOf('not_ready', reasons.join(' ')));
  });
  api.get('/metrics', async () => {
    const { contentType, body } = await metrics.render();
    return new Response(body, { headers: { 'content-type': contentType, 'cache-control': 'no-store' } });
  });
}
