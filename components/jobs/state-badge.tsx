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
import type { JobState } from '../../lib/jobs/job.ts';

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

export function stateWord(state: JobState): string {
  return FACES[state].word;
}

/** A state by word, shape and colour together. `stopping`: a cancel wish the pod has not confirmed. */
export function StateBadge({ state, stopping, size = 15 }: { state: JobState; stopping: boolean; size?: number }) {
  const { word, Icon, tone, spins } = stopping ? STOPPING : FACES[state];
  return (
    <span className={clsx('inline-flex items-center gap-1.5 font-medium whitespace-nowrap', tone)}>
      <Icon size={size} aria-hidden className={clsx('shrink-0', spins && 'motion-safe:animate-spin')} />
      {word}
    </span>
  );
}
