import Link from 'next/link';
import type { JobSummary } from '../../lib/protocol/jobs.ts';
import type { PodView } from '../../lib/protocol/pods.ts';
import { JobMoment } from '../jobs/job-moment.tsx';
import { TimeAgo } from '../time/time-ago.tsx';
import { MemoryBar } from './memory-bar.tsx';
import { LINK_WORDS, podSentence } from './pod-sentence.ts';
import { PodStateBadge } from './pod-state.tsx';

/** One pod: how it is, what it has, what it does. `jobs` are ours on it, oldest first. */
export function PodCard({ pod, jobs }: { pod: PodView; jobs: JobSummary[] }) {
  const strangers = pod.queue.foreign;
  const waiting = jobs.filter((job) => job.live?.phase === 'queued').length;
  return (
    <li className="grid grid-cols-1 gap-x-8 gap-y-4 rounded-lg border bg-surface p-4 md:grid-cols-2">
      <div className="grid min-w-0 grid-cols-1 content-start gap-4">
        <div className="grid gap-1">
          <div className="flex items-center justify-between gap-4">
            <h2 className="truncate text-base font-semibold">{pod.name}</h2>
            <PodStateBadge state={pod.state} />
          </div>
          <p aria-live="polite">{podSentence(pod)}.</p>
          {pod.reason && <p className="break-words text-warn">{pod.reason}</p>}
        </div>
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-xs">
          <dt className="text-muted">Address</dt>
          <dd className="font-mono break-all">{pod.url}</dd>
          <dt className="text-muted">ComfyUI</dt>
          <dd>{pod.version ?? 'version not known yet'}</dd>
          <dt className="text-muted">News</dt>
          <dd>{LINK_WORDS[pod.link]}</dd>
          <dt className="text-muted">Checked</dt>
          <dd>{pod.checkedAt ? <TimeAgo at={pod.checkedAt} /> : 'not yet'}</dd>
        </dl>
        {(pod.devices.length > 0 || pod.ram) && (
          <div className="grid grid-cols-1 gap-2">
            {pod.devices.map((device) => (
              <MemoryBar
                key={device.name}
                label={`VRAM · ${device.name}`}
                total={device.vramTotal}
                free={device.vramFree}
              />
            ))}
            {pod.ram && <MemoryBar label="RAM" {...pod.ram} />}
          </div>
        )}
      </div>
      <section
        aria-label={`Jobs on ${pod.name}`}
        className="grid grid-cols-1 content-start gap-2 max-md:border-t max-md:pt-3"
      >
        <h3 className="flex justify-between gap-4 text-xs leading-6">
          <span className="font-semibold">
            {jobs.length - waiting} running · {waiting} waiting
          </span>
          <span className="font-normal text-muted">
            {jobs.length} of {pod.queue.slots} places taken
          </span>
        </h3>
        {jobs.length > 0 && (
          <ul className="grid grid-cols-1 gap-2">
            {jobs.map((job) => (
              <li key={job.id} className="grid grid-cols-2 items-center gap-4">
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
            <Link className="underline underline-offset-2" href="/submit">
              Submit a workflow
            </Link>
          </p>
        )}
      </section>
    </li>
  );
}
