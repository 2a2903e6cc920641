import clsx from 'clsx';
import { LoaderCircle } from 'lucide-react';
import Link, { useLinkStatus } from 'next/link';
import { memo } from 'react';
import { isTerminal } from '../../lib/jobs/job-state.ts';
import type { JobSummary } from '../../lib/protocol/jobs.ts';
import { TimeAgo } from '../time/time-ago.tsx';
import { JobActions } from './job-actions.tsx';
import { JobMoment } from './job-moment.tsx';
import { JobThumbnail } from './job-thumbnail.tsx';
import { badgeOf, StateBadge } from './state-badge.tsx';

interface RowProps {
  job: JobSummary;
  podName: string | undefined;
  onAnswer: (job: JobSummary) => void;
}

/** One job as a row, or on a narrow screen as a card. The name's link covers it, so that a press anywhere opens it. */
export const JobRow = memo(function JobRow({ job, podName, onAnswer }: RowProps) {
  return (
    <li className="group relative grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-2 px-3 py-2 transition-colors [contain-intrinsic-size:auto_3.5rem] [content-visibility:auto] focus-within:bg-raised hover:bg-raised md:grid-cols-[auto_minmax(0,3fr)_6.5rem_minmax(8rem,2fr)_4.5rem_5.5rem]">
      <JobThumbnail job={job} />
      <div className="min-w-0 max-md:col-span-2">
        <Link
          data-job-link
          prefetch={false}
          className="block truncate font-medium max-md:text-base after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
          href={`/jobs/${job.id}`}
        >
          {job.name}
          <Opening />
        </Link>
        <span className="flex items-center gap-1.5 overflow-hidden text-xs whitespace-nowrap text-muted">
          <StateBadge {...badgeOf(job)} size={13} className="md:hidden" />
          <span aria-hidden className="md:hidden">
            ·
          </span>
          <span className="truncate">{podName ?? job.podId ?? 'No pod yet'}</span>
          <span className="md:hidden">
            · <TimeAgo at={job.createdAt} />
          </span>
        </span>
      </div>
      <StateBadge {...badgeOf(job)} className="max-md:hidden" />
      <div className={clsx('min-w-0 max-md:col-span-2', isQuiet(job) && 'max-md:hidden')}>
        <JobMoment job={job} />
      </div>
      <span className="hidden text-right text-xs text-muted md:block">
        <TimeAgo at={job.createdAt} />
      </span>
      <div className="relative z-10 col-start-3 flex flex-wrap justify-end md:col-start-auto">
        <JobActions job={job} onAnswer={onAnswer} size="small" />
      </div>
    </li>
  );
});

/** Its badge tells all there is to tell; on a narrow screen the line below is left out. */
function isQuiet(job: JobSummary): boolean {
  return isTerminal(job.state) && !job.error && job.filesOnPod === 0;
}

/** Stands beside the name from the press until the job's page is there. */
function Opening() {
  const { pending } = useLinkStatus();
  return pending && <LoaderCircle size={13} aria-hidden className="ml-2 inline text-muted motion-safe:animate-spin" />;
}
