'use client';
import Link from 'next/link';
import { recoveredOutcome } from '../../lib/jobs/recovery-sentence.ts';
import type { RecoveredJob } from '../../lib/jobs/recovery.ts';
import type { JobSummary } from '../../lib/protocol/jobs.ts';
import { JobActions } from '../jobs/job-actions.tsx';
import { badgeOf, StateBadge } from '../jobs/state-badge.tsx';
import { useRecoveredJob } from './use-recovered-job.ts';

/** A job that was found: what was done with it, how it is now, and the way on where it ended badly. */
export function RecoveredJobRow(props: {
  found: RecoveredJob;
  /** The job as the page's live list has it. */
  live: JobSummary | undefined;
  podName: string;
  onAnswer: (job: JobSummary) => void;
}) {
  const { found, podName } = props;
  const { job, offer } = useRecoveredJob(found.jobId, props.live);
  const kept = job !== 'gone';
  return (
    <li className="grid grid-cols-1 items-center gap-x-4 gap-y-1 py-2 sm:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0">
        {kept ? (
          <Link className="block truncate font-medium hover:underline" href={`/jobs/${found.jobId}`} prefetch={false}>
            {found.name}
          </Link>
        ) : (
          <p className="truncate font-medium">{found.name}</p>
        )}
        <p className="text-xs break-words text-muted">
          {recoveredOutcome(found, podName)}.{found.detail !== undefined && ` ${found.detail}`}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 sm:justify-end">
        {job === 'gone' && <span className="text-xs text-muted">No longer kept</span>}
        {job && kept && (
          <>
            <StateBadge {...badgeOf(job)} />
            {job.state === 'running' && !badgeOf(job).next && job.progress !== null && (
              <span className="text-xs text-muted">{Math.floor(job.progress)} %</span>
            )}
            {job.state === 'failed' && (
              <JobActions
                job={job}
                size="small"
                className="max-sm:ml-auto"
                onAnswer={(answer) => {
                  offer(answer);
                  props.onAnswer(answer);
                }}
              />
            )}
          </>
        )}
      </div>
    </li>
  );
}
