'use client';
import clsx from 'clsx';
import { ServerOff } from 'lucide-react';
import { useState } from 'react';
import { isOnPod } from '../../lib/jobs/job-state.ts';
import type { JobFilter, JobList } from '../../lib/protocol/jobs.ts';
import type { PodView } from '../../lib/protocol/pods.ts';
import { useLiveJobs } from '../hooks/use-live-jobs.ts';
import { useLivePods } from '../hooks/use-live-pods.ts';
import { Empty } from '../ui/empty.tsx';
import { PodCard } from './pod-card.tsx';
import { PodLine } from './pod-line.tsx';
import { concernOf, isCompact, isMany, troubleFirst, troubleLine, type HeldConcerns } from './pod-trouble.ts';

/** Every pod with what it does, live. `active` are the jobs that have not ended, `query` and `filter` how they are found. */
export function PodList(props: { first: PodView[]; active: JobList; filter: JobFilter; query: string }) {
  const pods = useLivePods(props.first);
  const [held, setHeld] = useState<HeldConcerns>({});
  const { list } = useLiveJobs(props.active, props.filter, props.query);
  if (pods.length === 0)
    return (
      <Empty Icon={ServerOff} title="No pod">
        <p className="text-muted">
          Set <code className="font-mono">COMFYUI_POD_URL</code> and restart Podium.
        </p>
      </Empty>
    );
  const hold = (pod: PodView) => setHeld((now) => ({ ...now, [pod.id]: now[pod.id] ?? concernOf(pod) }));
  const inTrouble = pods.some((pod) => concernOf(pod) === 'needs_you');
  const line = troubleLine(pods);
  return (
    <>
      {line !== undefined && (
        <p role="status" className={clsx('mb-3', inTrouble ? 'font-semibold' : 'text-muted')}>
          {line}
        </p>
      )}
      <ul className={clsx('grid grid-cols-1', isMany(pods.length) ? 'gap-2' : 'gap-4')}>
        {troubleFirst(pods, held).map((pod) => {
          const jobs = list.jobs.filter((job) => job.podId === pod.id && isOnPod(job.state)).toReversed();
          const Shape = isCompact(pod, pods.length, held) ? PodLine : PodCard;
          return <Shape key={pod.id} pod={pod} jobs={jobs} onOrder={() => hold(pod)} />;
        })}
      </ul>
    </>
  );
}
