import type { Metadata } from 'next';
import { PausedNotice } from '../../components/layout/paused-notice.tsx';
import { SubmitForm } from '../../components/workflow/submit-form.tsx';
import { ApiError, type ApiClient } from '../../lib/api-client.ts';
import { serverApi } from '../server-api.ts';

export const metadata: Metadata = { title: 'Submit a workflow · Podium' };

/** Name and workflow of an earlier job; undefined where it is no longer kept. */
async function earlier(api: ApiClient, id: string): Promise<{ name: string; text: string } | undefined> {
  try {
    const [job, workflow] = await Promise.all([api.job(id), api.workflow(id)]);
    return { name: job.name, text: JSON.stringify(workflow.prompt, null, 2) };
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
  const [pods, system, first] = await Promise.all([
    api.pods(),
    api.system().catch(() => null),
    from ? earlier(api, from) : undefined,
  ]);
  return (
    <>
      <h1 className="mb-4 text-xl font-semibold">Submit a workflow</h1>
      <PausedNotice first={system} className="mb-4" />
      <SubmitForm
        pods={pods.map(({ id, name, state, demo, checkpoint }) => ({ id, name, state, demo, checkpoint }))}
        {...(first && { first })}
      />
    </>
  );
}
