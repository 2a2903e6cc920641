import { Ban, CircleCheck, CircleDashed, CircleHelp, CircleX, Loader, RotateCw, Send } from 'lucide-react';
import type { JobState } from '../../lib/jobs/job.ts';

const FACES = {
  queued: { word: 'Queued', Icon: CircleDashed, tone: 'text-muted' },
  submitting: { word: 'Submitting', Icon: Send, tone: 'text-accent' },
  uncertain: { word: 'Checking the pod', Icon: CircleHelp, tone: 'text-warn' },
  running: { word: 'Running', Icon: Loader, tone: 'text-accent' },
  retry_wait: { word: 'Waiting to retry', Icon: RotateCw, tone: 'text-warn' },
  succeeded: { word: 'Succeeded', Icon: CircleCheck, tone: 'text-good' },
  failed: { word: 'Failed', Icon: CircleX, tone: 'text-bad' },
  cancelled: { word: 'Cancelled', Icon: Ban, tone: 'text-muted' },
} as const satisfies Record<JobState, unknown>;

export function stateWord(state: JobState): string {
  return FACES[state].word;
}

/** A state by word, shape and colour together. */
export function StateBadge({ state, stopping }: { state: JobState; stopping: boolean }) {
  const { word, Icon, tone } = FACES[state];
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap font-medium ${tone}`}>
      <Icon size={16} aria-hidden /> {stopping ? 'Stopping…' : word}
    </span>
  );
}
