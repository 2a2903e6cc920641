import clsx from 'clsx';
import type { Phase } from '../../lib/jobs/progress.ts';

const STEPS: { phase: Phase; word: string }[] = [
  { phase: 'queued', word: 'Queued' },
  { phase: 'loading', word: 'Loading' },
  { phase: 'sampling', word: 'Sampling' },
  { phase: 'saving', word: 'Saving' },
];

/** The way of a prompt through its pod, with the present step marked. */
export function PhaseSteps({ phase }: { phase: Phase }) {
  const here = STEPS.findIndex((step) => step.phase === phase);
  return (
    <ol aria-label="Phases" className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
      {STEPS.map((step, index) => (
        <li
          key={step.phase}
          {...(index === here && { 'aria-current': 'step' as const })}
          className={clsx('flex items-center gap-1.5', index === here ? 'font-semibold text-accent' : 'text-muted')}
        >
          <span
            aria-hidden
            className={clsx(
              'size-1.5 rounded-full',
              index < here && 'bg-muted',
              index === here && 'bg-accent',
              index > here && 'border border-edge',
            )}
          />
          {step.word}
        </li>
      ))}
    </ol>
  );
}
