import { HeartOff, RotateCw } from 'lucide-react';
import { isOnPod } from '../../lib/jobs/job-state.ts';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import type { PodView } from '../../lib/protocol/pods.ts';
import type { SystemView } from '../../lib/protocol/system.ts';
import { useNow } from '../hooks/now-store.tsx';
import { Notice } from '../ui/notice.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { ClockTime, Countdown, Elapsed } from '../time/time-ago.tsx';
import { JobActions } from './job-actions.tsx';
import { PausedOr } from './paused-or.tsx';
import { phaseLine } from './phase-line.ts';
import { PhaseSteps } from './phase-steps.tsx';
import type { NameOf } from './story-words.ts';
import { whyWaiting } from './why-waiting.ts';

interface NowProps {
  job: JobDetail;
  pods: readonly PodView[];
  nameOf: NameOf;
  system: SystemView | null;
  onAnswer: (job: JobDetail) => void;
}

/** The present moment of a job that has not ended. */
export function JobNow(props: NowProps) {
  const { job } = props;
  if (isOnPod(job.state)) return <OnPod {...props} />;
  if (job.state === 'retry_wait') return <BeforeRetry {...props} />;
  return job.state === 'queued' ? <Queued {...props} /> : null;
}

function OnPod({ job, onAnswer }: NowProps) {
  const attempt = job.attempts.at(-1);
  const silentSince = job.live?.silentSince;
  return (
    <>
      {silentSince !== undefined && !job.cancelRequested && (
        <Notice tone="warn" Icon={HeartOff} label="No sign of life">
          <p className="font-semibold">
            No sign of life since <ClockTime at={silentSince} />
          </p>
          <p className="mb-3">
            The pod answers, but says nothing of this job. It may load a large model or stand still. Wait, or cancel it.
          </p>
          <JobActions job={job} onAnswer={onAnswer} />
        </Notice>
      )}
      <section aria-label="Now" className="grid gap-3 rounded-lg border bg-surface p-4">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4">
          <p className="text-base font-semibold">{momentText(job)}</p>
          <p className="text-muted">
            <span className="text-base font-semibold text-ink">{Math.floor(job.progress ?? 0)} %</span>
            {' · '}
            <Elapsed from={attempt?.startedAt ?? job.createdAt} />
          </p>
        </div>
        <ProgressBar percent={job.progress ?? 0} label="Progress" className="h-2" />
        {job.live && <PhaseSteps phase={job.live.phase} />}
      </section>
    </>
  );
}

function BeforeRetry({ job, pods, nameOf, system }: NowProps) {
  const dueAt = job.retryAt ?? job.createdAt;
  const isDue = useNow() >= Date.parse(dueAt);
  return (
    <Notice tone="warn" Icon={RotateCw} label="Now">
      <p className="font-semibold">
        {isDue ? (
          'Podium tries again by itself as soon as a pod can take it'
        ) : (
          <>
            Podium tries again by itself in <Countdown until={dueAt} />
          </>
        )}
      </p>
      {job.error && <p className="break-words">{job.error.message}</p>}
      <Sentences of={whyWaiting(job, pods, nameOf)} />
      <PausedOr first={system} />
    </Notice>
  );
}

function Queued({ job, pods, nameOf, system }: NowProps) {
  const whys = whyWaiting(job, pods, nameOf);
  const podId = job.next?.podId ?? job.wantedPodId;
  return (
    <section aria-label="Now" className="grid gap-1 rounded-lg border bg-surface p-4">
      <p className="font-semibold">
        Waiting for {podId ? nameOf(podId) : 'a free pod'}{' '}
        <span className="font-normal text-muted">
          for <Elapsed from={job.timeline.at(-1)?.at ?? job.createdAt} />
        </span>
      </p>
      <Sentences of={whys} />
      <PausedOr first={system}>
        <p className="text-muted">It starts by itself as soon as a pod can take it.</p>
      </PausedOr>
    </section>
  );
}

function Sentences({ of: sentences }: { of: string[] }) {
  return sentences.map((sentence) => (
    <p key={sentence} className="break-words">
      {sentence}
    </p>
  ));
}

function momentText(job: JobDetail): string {
  if (job.state === 'submitting') return 'Podium hands the prompt to the pod';
  if (job.state === 'uncertain') return 'Podium asks the pod whether it has the prompt';
  return phaseLine(job.live);
}
