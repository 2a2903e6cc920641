import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { drawnJob } from '../../../components/jobs/drawn-job.ts';
import { JobPage } from '../../../components/jobs/job-page.tsx';
import { jobTitle } from '../../../components/jobs/job-title.ts';
import { ApiError } from '../../../lib/api-client.ts';
import type { JobDetail } from '../../../lib/protocol/jobs.ts';
import { serverApi } from '../../server-api.ts';

interface Props {
  params: Promise<{ id: string }>;
}

const jobOf = cache(async (id: string): Promise<JobDetail | null> => {
  const api = await serverApi();
  return api.job(id).catch((error: unknown) => {
    if (error instanceof ApiError && (error.status === 404 || error.status === 400)) return null;
    throw error;
  });
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const job = await jobOf((await params).id).catch(() => null);
  return { title: job ? jobTitle(job) : 'Podium' };
}

export default async function OneJobPage({ params }: Props) {
  const { id: jobId } = await params;
  const api = await serverApi();
  const [job, pods, system, drawn] = await Promise.all([
    jobOf(jobId),
    api.pods(),
    api.system().catch(() => null),
    api.workflow(jobId).then(drawnJob, () => null),
  ]);
  if (!job) notFound();
  return <JobPage key={job.id} first={job} firstPods={pods} drawn={drawn} system={system} />;
}
