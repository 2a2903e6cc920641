import type { Metadata } from 'next';
import { Plus } from 'lucide-react';
import { cookies } from 'next/headers';
import Link from 'next/link';
import { DISMISSED_COOKIE } from '../../components/jobs/failure-causes.ts';
import { JobList } from '../../components/jobs/job-list.tsx';
import { PausedNotice } from '../../components/layout/paused-notice.tsx';
import { RecoveryBanner } from '../../components/recovery/recovery-banner.tsx';
import { RECOVERIES_TOLD } from '../../components/recovery/recovery-query.ts';
import { STATE_GROUPS, tellsOfCauses, type ListChoice } from '../../components/jobs/state-groups.ts';
import { buttonClass } from '../../components/ui/button.tsx';
import type { JobFilter } from '../../lib/protocol/jobs.ts';
import { serverApi } from '../server-api.ts';

export const metadata: Metadata = { title: 'Jobs · Podium' };

type Query = Record<string, string | string[] | undefined>;

export default async function JobsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const given = await searchParams;
  const text = (name: string) => [given[name]].flat()[0]?.slice(0, 100) ?? '';
  const group = STATE_GROUPS.find(({ id }) => id === text('state'));
  const q = text('q');
  const pod = text('pod');
  const choice: ListChoice = { ...(group && { group: group.id }), ...(q && { q }), ...(pod && { pod }) };
  // Where jobs are looked for, those of batches stand on their own; else a batch is one thing.
  const sought = group !== undefined || q !== '' || pod !== '';
  const filter: JobFilter = {
    ...(!sought && { batch: 'none' as const }),
    ...(group && { state: [...group.states] }),
    ...(q && { q }),
    ...(pod && { pod }),
  };
  const query = new URLSearchParams({
    ...(group && { state: group.states.join(',') }),
    ...(q && { q }),
    ...(pod && { pod }),
    ...(!sought && { batch: 'none' }),
  }).toString();
  const api = await serverApi();
  const dismissed = (await cookies()).get(DISMISSED_COOKIE)?.value ?? '';
  const [list, batches, pods, system, recoveries, failures] = await Promise.all([
    api.jobs(query),
    sought ? undefined : api.batches({ limit: 20 }),
    api.pods(),
    api.system().catch(() => null),
    api.recoveries(RECOVERIES_TOLD).catch(() => []),
    tellsOfCauses(choice) ? api.failures().catch(() => null) : undefined,
  ]);
  return (
    <div className="grid grid-cols-1 gap-3">
      <div className="flex items-center justify-between">
        <h1 className="text-xl font-semibold">Jobs</h1>
        <Link href="/submit" className={buttonClass({ tone: 'primary', className: 'max-sm:hidden' })}>
          <Plus size={15} aria-hidden /> Submit a workflow
        </Link>
      </div>
      <PausedNotice first={system} />
      <RecoveryBanner first={recoveries} podNames={Object.fromEntries(pods.map(({ id, name }) => [id, name]))} />
      <JobList
        first={list}
        filter={filter}
        choice={choice}
        query={query}
        {...(batches && { batches })}
        {...(failures !== undefined && { failures: { list: failures, dismissed } })}
        pods={pods.map(({ id, name, demo, checkpoint }) => ({ id, name, demo, checkpoint }))}
      />
    </div>
  );
}
