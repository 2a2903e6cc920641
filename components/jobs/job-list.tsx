'use client';
import Link from 'next/link';
import { createApiClient } from '../../lib/api-client.ts';
import { JOB_STATES } from '../../lib/jobs/job.ts';
import type { JobFilter, JobList as List } from '../../lib/protocol/jobs.ts';
import { useLiveJobs } from '../hooks/use-live-jobs.ts';
import { Button } from '../ui/button.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { SubmitButton } from '../workflow/submit-button.tsx';
import { JobActions } from './job-actions.tsx';
import { phaseLine } from './phase-line.tsx';
import { StateBadge, stateWord } from './state-badge.tsx';

/** `query` is the page's own query string, so that the filter lives in the URL. */
export function JobList({ first, filter, query }: { first: List; filter: JobFilter; query: string }) {
  const { list, setList } = useLiveJobs(first, filter);
  async function more() {
    if (!list.nextCursor) return;
    const params = new URLSearchParams(query);
    params.set('cursor', list.nextCursor);
    const page = await createApiClient({ baseUrl: '' })
      .jobs(params.toString())
      .catch(() => null);
    if (!page) return;
    setList((held) => {
      const known = new Set(held.jobs.map((job) => job.id));
      return {
        ...held,
        nextCursor: page.nextCursor,
        jobs: [...held.jobs, ...page.jobs.filter((job) => !known.has(job.id))],
      };
    });
  }
  return (
    <>
      <nav aria-label="States" className="my-4 flex flex-wrap gap-2">
        <Link className="button" href="/" {...(!filter.state && { 'aria-current': 'page' as const })}>
          All
        </Link>
        {JOB_STATES.map((state) => (
          <Link
            key={state}
            className="button"
            href={`/?state=${state}`}
            {...(filter.state?.includes(state) && { 'aria-current': 'page' as const })}
          >
            {stateWord(state)} <span className="tabular-nums">{list.counts[state]}</span>
          </Link>
        ))}
      </nav>
      {list.jobs.length === 0 && (
        <div className="py-16 text-center">
          <p className="mb-4">{query ? 'No job matches this filter.' : 'No jobs yet.'}</p>
          {!query && <SubmitButton>Run the sample</SubmitButton>}
        </div>
      )}
      <ul className="divide-y divide-line">
        {list.jobs.map((job) => (
          <li
            key={job.id}
            className="grid items-center gap-x-4 gap-y-2 py-3 sm:grid-cols-[3rem_1fr_10rem_12rem_8rem_auto]"
          >
            {job.thumbnail === undefined ? (
              <span className="hidden h-12 w-12 rounded bg-line sm:block" />
            ) : (
              <img
                className="h-12 w-12 rounded object-cover"
                alt=""
                width={48}
                height={48}
                loading="lazy"
                src={`/api/jobs/${job.id}/outputs/${job.thumbnail}/thumbnail?w=96`}
              />
            )}
            <div className="min-w-0">
              <Link className="block truncate font-medium" href={`/jobs/${job.id}`}>
                {job.name}
              </Link>
              {job.error && <span className="block truncate text-bad">{job.error.message}</span>}
            </div>
            <StateBadge state={job.state} stopping={job.cancelRequested && !job.endedAt} />
            <div>
              {job.progress !== null && <ProgressBar percent={job.progress} label={`Progress of ${job.name}`} />}
              <span className="text-muted tabular-nums">{phaseLine(job.live)}</span>
            </div>
            <span className="text-muted">
              <TimeAgo at={job.createdAt} /> {job.podId}
            </span>
            <JobActions job={job} />
          </li>
        ))}
      </ul>
      {list.nextCursor && <Button onClick={more}>Load more</Button>}
    </>
  );
}
