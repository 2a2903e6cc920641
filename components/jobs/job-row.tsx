import Link from 'next/link';
import { memo } from 'react';
import type { JobSummary } from '../../lib/protocol/jobs.ts';
import { TimeAgo } from '../ui/time-ago.tsx';
import { JobActions } from './job-actions.tsx';
import { JobMoment } from './job-moment.tsx';
import { JobThumbnail } from './job-thumbnail.tsx';
import { StateBadge } from './state-badge.tsx';

interface RowProps {
  job: JobSummary;
  podName: string | undefined;
  onAnswer: (job: JobSummary) => void;
}

/** One job as a row, or on a narrow screen as a card. The name's link covers it, so that a press anywhere opens it. */
export const JobRow = memo(function JobRow({ job, podName, onAnswer }: RowProps) {
  return (
    <li className="group relative grid grid-cols-[auto_1fr_auto] items-center gap-x-3 gap-y-2 px-3 py-2.5 transition-colors [contain-intrinsic-size:auto_4rem] [content-visibility:auto] focus-within:bg-raised hover:bg-raised sm:grid-cols-[auto_minmax(0,1fr)_6.5rem_minmax(9rem,15rem)_5.5rem_5.5rem]">
      <JobThumbnail job={job} />
      <div className="min-w-0">
        <Link
          data-job-link
          prefetch={false}
          className="block truncate font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
          href={`/jobs/${job.id}`}
        >
          {job.name}
        </Link>
        <span className="block truncate text-xs text-muted">
          {podName ?? (job.podId || 'No pod yet')}
          <span className="sm:hidden">
            {' · '}
            <TimeAgo at={job.createdAt} />
          </span>
        </span>
      </div>
      <StateBadge state={job.state} stopping={job.cancelRequested && !job.endedAt} />
      <div className="col-span-2 min-w-0 sm:col-span-1">
        <JobMoment job={job} />
      </div>
      <span className="hidden text-right text-xs text-muted sm:block">
        <TimeAgo at={job.createdAt} />
      </span>
      <div className="relative z-10 col-start-3 flex flex-wrap justify-end sm:col-start-auto">
        <JobActions job={job} onAnswer={onAnswer} className="h-7 px-2.5 text-xs" />
      </div>
    </li>
  );
});
