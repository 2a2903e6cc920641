import Link from 'next/link';
import type { JobSummary } from '../../lib/protocol/jobs.ts';
import type { PodView } from '../../lib/protocol/pods.ts';
import { JobMoment } from '../jobs/job-moment.tsx';

/** How many of a pod's jobs the pod works on, and how many wait there. */
export function jobsOnPod(jobs: readonly JobSummary[]): string {
  const waiting = jobs.filter((job) => job.live?.phase === 'queued').length;
  return `${jobs.length - waiting} running · ${waiting} waiting`;
}

/** What a pod does. `jobs` are ours on it, oldest first. */
export function PodJobs({ pod, jobs }: { pod: PodView; jobs: JobSummary[] }) {
  const strangers = pod.queue.foreign;
  return (
    <section
      aria-label={`Jobs on ${pod.name}`}
      className="grid grid-cols-1 content-start gap-2 max-md:border-t max-md:pt-3"
    >
      <h3 className="flex justify-between gap-4 text-xs leading-6">
        <span className="font-semibold">{jobsOnPod(jobs)}</span>
        <span className="font-normal text-muted">
          {jobs.length} of {pod.queue.slots} places taken
        </span>
      </h3>
      {jobs.length > 0 && (
        <ul className="grid grid-cols-1 gap-2">
          {jobs.map((job) => (
            <li key={job.id} className="grid grid-cols-1 items-center gap-x-4 gap-y-1 sm:grid-cols-2">
              <Link className="truncate font-medium hover:underline" href={`/jobs/${job.id}`} prefetch={false}>
                {job.name}
              </Link>
              <JobMoment job={job} />
            </li>
          ))}
        </ul>
      )}
      {strangers > 0 && (
        <p className="text-xs text-muted">
          {strangers === 1 ? 'One more prompt' : `${strangers} more prompts`} on the pod came from elsewhere.
        </p>
      )}
      {jobs.length === 0 && strangers === 0 && (
        <p className="text-xs text-muted">
          Nothing to do.{' '}
          {takesWork(pod) && (
            <Link className="underline underline-offset-2" href="/submit">
              Submit a workflow
            </Link>
          )}
        </p>
      )}
    </section>
  );
}

function takesWork({ state, breaker }: PodView): boolean {
  return (state === 'up' || state === 'degraded') && breaker === 'closed';
}
