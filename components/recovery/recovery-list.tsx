'use client';
import { History } from 'lucide-react';
import type { RecoveryView } from '../../lib/jobs/recovery-view.ts';
import type { JobFilter, JobList } from '../../lib/protocol/jobs.ts';
import { useLiveJobs } from '../hooks/use-live-jobs.ts';
import { usePolled } from '../hooks/use-polled.ts';
import { Empty } from '../ui/empty.tsx';
import { RecoveryCard } from './recovery-card.tsx';
import { pollPauseMs, RECOVERIES_SHOWN } from './recovery-query.ts';

const ANY_JOB: JobFilter = {};

/** Every recovery so far, newest first. `jobs` are the newest of all, kept live, so that rows tell how a job is now. */
export function RecoveryList(props: { first: RecoveryView[]; jobs: JobList; podNames: Record<string, string> }) {
  const { value: recoveries } = usePolled(props.first, (api) => api.recoveries(RECOVERIES_SHOWN), pollPauseMs);
  const { list, offer } = useLiveJobs(props.jobs, ANY_JOB, '');
  const live = new Map(list.jobs.map((job) => [job.id, job]));
  const several = recoveries.some(({ reason }) => reason === 'takeover' || reason === 'handover');
  if (recoveries.length === 0)
    return (
      <Empty Icon={History} title="Nothing had to be recovered yet">
        <p className="max-w-md text-muted">
          When Podium was restarted, a pod was away or another instance took over, this page says which jobs were found
          on the pods and what was done with each.
        </p>
      </Empty>
    );
  return (
    <ul aria-label="Recoveries" className="grid grid-cols-1 gap-4">
      {recoveries.map((recovery, index) => (
        <RecoveryCard
          key={recovery.id}
          recovery={recovery}
          showsInstance={several}
          unfolded={index === 0 || recovery.endedAt === undefined}
          live={live}
          nameOf={(podId) => props.podNames[podId] ?? podId}
          onAnswer={offer}
        />
      ))}
    </ul>
  );
}
