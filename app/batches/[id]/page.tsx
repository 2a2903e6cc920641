import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { BatchPage } from '../../../components/batches/batch-page.tsx';
import { cellJob } from '../../../components/batches/cell-job.ts';
import { shortPlan } from '../../../components/batches/short-plan.ts';
import { FIRST_ITEMS } from '../../../components/batches/strip-blocks.ts';
import { ApiError } from '../../../lib/api-client.ts';
import type { BatchView } from '../../../lib/protocol/batches.ts';
import { serverApi } from '../../server-api.ts';

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const batchOf = cache(async (id: string): Promise<BatchView | null> => {
  const api = await serverApi();
  return api.batch(id).catch((error: unknown) => {
    if (error instanceof ApiError && (error.status === 404 || error.status === 400)) return null;
    throw error;
  });
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const batch = await batchOf((await params).id).catch(() => null);
  return { title: batch ? `${batch.name} · Podium` : 'Podium' };
}

export default async function OneBatchPage({ params, searchParams }: Props) {
  const { id } = await params;
  const batch = await batchOf(id);
  if (!batch) notFound();
  const api = await serverApi();
  // For browsers that run no script.
  const wantsAll = (await searchParams)['all'] !== undefined;
  const jobs = await api.batchJobs(id, wantsAll ? undefined : FIRST_ITEMS);
  const cells = jobs.flatMap((job) => cellJob(job) ?? []);
  const first = { ...batch, plan: shortPlan(batch.plan) };
  return <BatchPage key={id} first={first} firstJobs={cells} areAll={wantsAll || jobs.length < FIRST_ITEMS} />;
}
