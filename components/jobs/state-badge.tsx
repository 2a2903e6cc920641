import clsx from 'clsx';
import {
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleSlash,
  CircleX,
  LoaderCircle,
  OctagonPause,
  RotateCw,
  Send,
  type LucideIcon,
} from 'lucide-react';
import { isTerminal, type JobState } from '../../lib/jobs/job-state.ts';
import type { JobSummary } from '../../lib/protocol/jobs.ts';

const FACES: Record<JobState, { word: string; Icon: LucideIcon; tone: string; spins?: true }> = {
  queued: { word: 'Queued', Icon: CircleDashed, tone: 'text-muted' },
  submitting: { word: 'Submitting', Icon: Send, tone: 'text-accent' },
  uncertain: { word: 'Checking', Icon: CircleHelp, tone: 'text-warn' },
  running: { word: 'Running', Icon: LoaderCircle, tone: 'text-accent', spins: true },
  retry_wait: { word: 'Retrying', Icon: RotateCw, tone: 'text-warn' },
  succeeded: { word: 'Succeeded', Icon: CircleCheck, tone: 'text-good' },
  failed: { word: 'Failed', Icon: CircleX, tone: 'text-bad' },
  cancelled: { word: 'Cancelled', Icon: CircleSlash, tone: 'text-muted' },
};
const STOPPING = { word: 'Stopping…', Icon: OctagonPause, tone: 'text-warn', spins: undefined };
/** The pod has the prompt, but works on another one. */
const NEXT = { word: 'Next up', Icon: CircleDashed, tone: 'text-accent', spins: undefined };

export function stateWord(state: JobState): string {
  return FACES[state].word;
}

interface Badge {
  state: JobState;
  /** A cancel wish that the pod has not confirmed. */
  stopping: boolean;
  /** The prompt stands in the pod's queue. */
  next: boolean;
}

/** What a job's badge shows. */
export function badgeOf(job: Pick<JobSummary, 'state' | 'cancelRequested' | 'live'>): Badge {
  return {
    state: job.state,
    stopping: job.cancelRequested && !isTerminal(job.state),
    next: job.state === 'running' && job.live?.phase === 'queued',
  };
}

/** A state by word, shape and colour together. */
export function StateBadge({
  state,
  stopping,
  next,
  word: given,
  size = 15,
  className,
}: Badge & {
  /** Instead of the state's own. */
  word?: string;
  size?: number;
  className?: string;
}) {
  const { word, Icon, tone, spins } = stopping ? STOPPING : next ? NEXT : FACES[state];
  return (
    <span className={clsx('inline-flex items-center gap-1.5 font-medium whitespace-nowrap', tone, className)}>
      <Icon size={size} aria-hidden className={clsx('shrink-0', spins && 'motion-safe:animate-spin')} />
      {given ?? word}
    </span>
  );
}
