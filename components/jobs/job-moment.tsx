'use client';
import { useNow } from '../hooks/now-store.tsx';
import type { JobSummary } from '../../lib/protocol/jobs.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { ClockTime, Elapsed } from '../time/time-ago.tsx';
import { durationText } from '../time/time-text.ts';
import { ordinal, phaseLine } from './phase-line.ts';
import { filesLine, retryLine } from './row-reason.ts';

/** What is happening with a job right now, or how it ended, in one line; with a bar while a pod has it. */
export function JobMoment({ job }: { job: JobSummary }) {
  switch (job.state) {
    case 'queued':
      if (job.waitsFor !== undefined) return <Waits text={job.waitsFor} />;
      return (
        <Line>
          Waiting for a pod · <Elapsed from={job.createdAt} />
        </Line>
      );
    case 'submitting':
      return <Line>Handing it to the pod</Line>;
    case 'uncertain':
      return <Line>Asking the pod whether it has it</Line>;
    case 'running':
      if (job.live?.phase === 'queued') return <Line>{phaseLine(job.live)}</Line>;
      return (
        <div className="grid grid-cols-1 gap-1.5">
          <ProgressBar percent={job.progress ?? 0} label={`Progress of ${job.name}`} />
          <span className="flex justify-between gap-2 text-xs text-muted">
            {job.live?.silentSince === undefined ? (
              <span className="truncate">{phaseLine(job.live)}</span>
            ) : (
              <span className="truncate text-warn">
                No sign of life since <ClockTime at={job.live.silentSince} />
              </span>
            )}
            <span className="shrink-0 whitespace-nowrap">{Math.floor(job.progress ?? 0)} %</span>
          </span>
        </div>
      );
    case 'retry_wait':
      return <Again job={job} />;
    case 'succeeded':
      return job.filesOnPod > 0 ? <Waits text={filesLine(job)} /> : <Line>{tookText(job)}</Line>;
    case 'failed':
      return <Line>{job.error?.message ?? 'It failed'}</Line>;
    case 'cancelled':
      return <Line>{job.startedAt ? tookText(job) : 'Before it began'}</Line>;
  }
}

/** How long a job took; with several attempts the time between them would be counted in, so their number is told. */
function tookText(job: JobSummary): string {
  if (job.attemptCount > 1) return `On the ${ordinal(job.attemptCount)} attempt`;
  if (!job.startedAt || !job.endedAt) return '';
  const took = durationText(Date.parse(job.endedAt) - Date.parse(job.startedAt));
  return job.state === 'succeeded' ? `Took ${took}` : `After ${took}`;
}

/** When a job is tried again, ticking, and why. */
function Again({ job }: { job: JobSummary }) {
  const left = Date.parse(job.retryAt ?? job.createdAt) - useNow();
  return <Waits text={retryLine(job, left)} />;
}

/** Why a job waits; what does not fit is told on hover and on the job's page. */
function Waits({ text }: { text: string }) {
  return (
    <span className="line-clamp-2 text-xs break-words text-warn" title={text}>
      {text}
    </span>
  );
}

function Line({ children }: { children: React.ReactNode }) {
  return <span className="line-clamp-2 text-xs break-words text-muted">{children}</span>;
}
