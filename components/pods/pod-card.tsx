import clsx from 'clsx';
import type { JobSummary } from '../../lib/protocol/jobs.ts';
import type { PodView } from '../../lib/protocol/pods.ts';
import { PodErrors } from './pod-errors.tsx';
import { PodFacts } from './pod-facts.tsx';
import { PodJobs } from './pod-jobs.tsx';
import { PodOrders } from './pod-orders.tsx';
import { PodStateBadge } from './pod-state.tsx';
import { PodTold } from './pod-told.tsx';
import { concernOf } from './pod-trouble.ts';

export interface PodProps {
  pod: PodView;
  /** Ours on it, oldest first. */
  jobs: JobSummary[];
  /** Called when a person gives an order about it. */
  onOrder: () => void;
}

/** One pod: how it is, what it has, what it does, what can be ordered of it. */
export function PodCard(props: PodProps) {
  const { pod } = props;
  const inTrouble = concernOf(pod) === 'needs_you';
  return (
    <li className={clsx('rounded-lg border bg-surface p-4', inTrouble && 'border-bad/50')}>
      <div className="mb-1 flex items-center justify-between gap-4">
        <h2 className="truncate text-base font-semibold">{pod.name}</h2>
        <PodStateBadge pod={pod} />
      </div>
      <PodBody {...props} />
    </li>
  );
}

/** Everything of a pod but its name and state. */
export function PodBody({ pod, jobs, onOrder }: PodProps) {
  return (
    <div className="grid grid-cols-1 gap-x-8 gap-y-4 md:grid-cols-2">
      <div className="grid min-w-0 grid-cols-1 content-start gap-4">
        <PodTold pod={pod} />
        <PodOrders pod={pod} onOrder={onOrder} />
        <PodFacts pod={pod} />
      </div>
      <div className="grid min-w-0 grid-cols-1 content-start gap-4">
        <PodJobs pod={pod} jobs={jobs} />
        <PodErrors pod={pod} unfolded={concernOf(pod) === 'needs_you'} />
      </div>
    </div>
  );
}
