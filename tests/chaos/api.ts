import { z } from 'zod';

const jobSchema = z.object({
  id: z.string(),
  state: z.string(),
  progress: z.number().nullish(),
  error: z.object({ code: z.string() }).optional(),
});
export type SeenJob = z.infer<typeof jobSchema>;
const answerSchema = z.object({ job: z.object({ id: z.string() }) });

const ANSWER_WITHIN_MS = 3000;

/** What came of one request; `silent` where nobody answered in time or the connection broke. */
export type Called<T> = { kind: 'ok'; value: T } | { kind: 'refused'; status: number } | { kind: 'silent' };

async function call<T>(url: string, schema: z.ZodType<T>, init: RequestInit = {}): Promise<Called<T>> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS), ...init });
    const text = await answer.text();
    if (!answer.ok) return { kind: 'refused', status: answer.status };
    return { kind: 'ok', value: schema.parse(JSON.parse(text)) };
  } catch {
    return { kind: 'silent' };
  }
}

/** The part of the API that both runners serve. */
export const api = {
  submit: (url: string, workflow: unknown, key: string | undefined) =>
    call(`${url}/api/jobs`, answerSchema, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) },
      body: JSON.stringify({ workflow }),
    }),
  cancel: (url: string, jobId: string) => call(`${url}/api/jobs/${jobId}/cancel`, z.unknown(), { method: 'POST' }),
  job: (url: string, jobId: string) => call(`${url}/api/jobs/${jobId}`, z.object({ job: jobSchema })),
  timeline: (url: string, jobId: string) =>
    call(`${url}/api/jobs/${jobId}`, z.object({ job: z.object({ timeline: z.array(z.unknown()) }) })),
  jobs: (url: string) => call(`${url}/api/jobs?limit=100`, z.object({ jobs: z.array(jobSchema) })),
};
