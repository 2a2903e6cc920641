'use client';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import { useLiveJob } from '../hooks/use-live-job.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { ErrorPanel } from './error-panel.tsx';
import { JobActions } from './job-actions.tsx';
import { OutputView } from './output-view.tsx';
import { phaseLine } from './phase-line.tsx';
import { StateBadge } from './state-badge.tsx';

export function JobPage({ first }: { first: JobDetail }) {
  const { job, setJob, preview } = useLiveJob(first);
  return (
    <article className="grid gap-6">
      <header className="grid gap-2">
        <h1 className="text-xl font-semibold break-words">{job.name}</h1>
        <div className="flex flex-wrap items-center gap-4" aria-live="polite">
          <StateBadge state={job.state} stopping={job.cancelRequested && !job.endedAt} />
          <JobActions
            job={job}
            onAnswer={(answer) => setJob((held) => (answer.revision >= held.revision ? answer : held))}
          />
        </div>
        {job.progress !== null && <ProgressBar percent={job.progress} label="Progress" />}
        <p className="text-muted tabular-nums">
          {phaseLine(job.live)} {job.podId && `on ${job.podId}`}
        </p>
      </header>
      {job.error && <ErrorPanel error={job.error} />}
      {job.warnings.length > 0 && (
        <ul className="text-warn">
          {job.warnings.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {preview && <img className="max-w-full rounded" src={preview} alt="Preview of the running job" />}
      {job.outputs.length > 0 && (
        <section aria-label="Outputs" className="grid gap-4 sm:grid-cols-2">
          {job.outputs.map((output) => (
            <OutputView key={output.index} output={output} />
          ))}
        </section>
      )}
      <section>
        <h2 className="mb-2 font-semibold">Timeline</h2>
        <ol className="grid gap-1">
          {job.timeline.map((event, index) => (
            <li key={index}>
              <span className="text-muted">
                <TimeAgo at={event.at} />
              </span>{' '}
              {event.kind.replaceAll('_', ' ')}
              {event.attempt && ` · attempt ${event.attempt}`} {event.detail && `· ${event.detail}`}
            </li>
          ))}
        </ol>
      </section>
    </article>
  );
}
