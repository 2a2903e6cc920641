import type { Metadata } from 'next';
import { PausedNotice } from '../../components/layout/paused-notice.tsx';
import { SubmitForm, type FirstWorkflow } from '../../components/workflow/submit-form.tsx';
import { ApiError, type ApiClient } from '../../lib/api-client.ts';
import { serverApi } from '../server-api.ts';

export const metadata: Metadata = { title: 'Submit a workflow · Podium' };

/** Name and workflow of an earlier job; undefined where it is no longer kept. */
async function earlier(api: ApiClient, id: string): Promise<FirstWorkflow | undefined> {
  const [job, workflow] = await Promise.all([api.job(id), api.workflow(id)]);
  return { from: job.name, name: job.name, value: workflow, remembers: false };
}

async function opened(api: ApiClient, from: string | undefined): Promise<FirstWorkflow | undefined> {
  try {
    return from ? await earlier(api, from) : undefined;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 400)) return undefined;
    throw error;
  }
}

export default async function SubmitPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const api = await serverApi();
  const from = [(await searchParams)['from']].flat()[0];
  const [pods, system, first] = await Promise.all([api.pods(), api.system().catch(() => null), opened(api, from)]);
  return (
    <>
      <h1 className="mb-4 text-xl font-semibold">Submit a workflow</h1>
      <PausedNotice first={system} className="mb-4" />
      <SubmitForm pods={pods} {...(first && { first })} />
    </>
  );
}
