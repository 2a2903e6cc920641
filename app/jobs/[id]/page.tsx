import { notFound } from 'next/navigation';
import { JobPage } from '../../../components/jobs/job-page.tsx';
import { ApiError } from '../../../lib/api-client.ts';
import { serverApi } from '../../server-api.ts';

export default async function OneJobPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const api = await serverApi();
  const job = await api.job(id).catch((error: unknown) => {
    if (error instanceof ApiError && (error.status === 404 || error.status === 400)) return null;
    throw error;
  });
  if (!job) notFound();
  return <JobPage key={job.id} first={job} />;
}
