import type { Metadata } from 'next';
import { PausedNotice } from '../../components/layout/paused-notice.tsx';
import { SubmitForm, type FirstWorkflow } from '../../components/workflow/submit-form.tsx';
import { ApiError, type ApiClient } from '../../lib/api-client.ts';
import { serverApi } from '../server-api.ts';

export const metadata: Metadata = { title: 'Submit a workflow · Podium' };

async function earlier(api: ApiClient, id: string): Promise<FirstWorkflow> {
  const [job, workflow] = await Promise.all([api.job(id), api.workflow(id)]);
  return { id, from: job.name, name: job.name, value: workflow, kept: true, remembers: false };
}

async function saved(api: ApiClient, id: string): Promise<FirstWorkflow> {
  const { name, prompt, workflow, fields } = await api.template(id);
  return { id, from: name, name, value: { prompt, workflow }, ...(fields && { fields }), kept: true, remembers: true };
}

/** What the page opens with; undefined where it is no longer kept. */
async function opened(api: ApiClient, query: Query): Promise<FirstWorkflow | undefined> {
  const [job] = [query['from']].flat();
  const [template] = [query['template']].flat();
  try {
    if (job) return await earlier(api, job);
    return template ? await saved(api, template) : undefined;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 400)) return undefined;
    throw error;
  }
}

type Query = Record<string, string | string[] | undefined>;

export default async function SubmitPage({ searchParams }: { searchParams: Promise<Query> }) {
  const api = await serverApi();
  const [pods, system, templates, first] = await Promise.all([
    api.pods(),
    api.system().catch(() => null),
    api.templates().catch(() => []),
    opened(api, await searchParams),
  ]);
  return (
    <>
      <h1 className="mb-4 text-xl font-semibold">Submit a workflow</h1>
      <PausedNotice first={system} className="mb-4" />
      <SubmitForm pods={pods} saved={templates} {...(first && { first })} />
    </>
  );
}
