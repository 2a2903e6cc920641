import { RotateCw } from 'lucide-react';
import { isOnPod } from '../../lib/jobs/job-state.ts';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import type { SystemView } from '../../lib/protocol/system.ts';
import { Notice } from '../ui/notice.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { Countdown, Elapsed } from '../time/time-ago.tsx';
import { PausedOr } from './paused-or.tsx';
import { phaseLine } from './phase-line.ts';
import { PhaseSteps } from './phase-steps.tsx';

/** The present moment of a job that has not ended. */
export function JobNow({
  job,
  podName,
  system,
}: {
  job: JobDetail;
  podName: string | undefined;
  system: SystemView | null;
}) {
  if (isOnPod(job.state)) {
    const since = job.attempts.at(-1)?.startedAt ?? job.createdAt;
    return (
      <section aria-label="Now" className="grid gap-3 rounded-lg border bg-surface p-4">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4">
          <p className="text-base font-semibold">{momentText(job)}</p>
          <p className="text-muted">
            <span className="text-base font-semibold text-ink">{Math.floor(job.progress ?? 0)} %</span>
            {' · '}
            <Elapsed from={since} />
          </p>
        </div>
        <ProgressBar percent={job.progress ?? 0} label="Progress" className="h-2" />
        {job.live && <PhaseSteps phase={job.live.phase} />}
      </section>
    );
  }
  if (job.state === 'retry_wait')
    return (
      <Notice tone="warn" Icon={RotateCw} label="Now">
        <p className="font-semibold">
          Podium tries again by itself in <Countdown until={job.retryAt ?? job.createdAt} />
        </p>
        {job.error && <p className="break-words">{job.error.message}</p>}
        <PausedOr first={system} />
      </Notice>
    );
  if (job.state === 'queued')
    return (
      <section aria-label="Now" className="grid gap-1 rounded-lg border bg-surface p-4">
        <p className="font-semibold">
          Waiting for {podName ?? 'a free pod'}{' '}
          <span className="font-normal text-muted">
            for <Elapsed from={job.timeline.at(-1)?.at ?? job.createdAt} />
          </span>
        </p>
        <PausedOr first={system}>
          <p className="text-muted">It starts by itself as soon as there is room.</p>
        </PausedOr>
      </section>
    );
  return null;
}

function momentText(job: JobDetail): string {
  if (job.state === 'submitting') return 'Podium hands the prompt to the pod';
  if (job.state === 'uncertain') return 'Podium asks the pod whether it has the prompt';
  return phaseLine(job.live);
}
