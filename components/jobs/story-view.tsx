'use client';
import clsx from 'clsx';
import { useNow } from '../hooks/now-store.tsx';
import { storyAxis, type StoryAxis } from './story-axis.ts';
import { storySteps, type MarkKind, type StoryGap, type StoryJob, type StoryStep } from './story-steps.ts';
import { MARK_WORDS, stepWords, type NameOf } from './story-words.ts';

const COLUMNS = 'grid grid-cols-1 gap-x-4 sm:grid-cols-[minmax(0,15rem)_minmax(0,1fr)]';

/** A job's story on one time axis, a row for each attempt and wait. The rows' words carry it for those who see no bars. */
export function StoryView({ job, nameOf }: { job: StoryJob; nameOf: NameOf }) {
  const steps = storySteps(job, useNow());
  const axis = storyAxis(steps);
  const kinds = [...new Set(steps.flatMap((step) => step.marks.map((mark) => mark.kind)))];
  return (
    <div className="grid grid-cols-1 gap-2">
      <div aria-hidden className={COLUMNS}>
        <Ticks axis={axis} />
      </div>
      <ol aria-label="Attempts and waits" className="grid grid-cols-1 max-sm:gap-2">
        {steps.map((step) => (
          <Row key={`${step.kind} ${step.startMs}`} step={step} axis={axis} nameOf={nameOf} />
        ))}
      </ol>
      {kinds.length > 0 && <Legend kinds={kinds} />}
    </div>
  );
}

function Ticks({ axis }: { axis: StoryAxis }) {
  return (
    <svg width="100%" height={16} className="text-[11px] sm:col-start-2">
      {axis.ticks.map(({ at, text }) => (
        <text
          key={text}
          x={percent(at)}
          y={12}
          textAnchor={at < 0.03 ? 'start' : at > 0.95 ? 'end' : 'middle'}
          className="fill-muted"
        >
          {text}
        </text>
      ))}
    </svg>
  );
}

function Row({ step, axis, nameOf }: { step: StoryStep; axis: StoryAxis; nameOf: NameOf }) {
  const { title, more } = stepWords(step, nameOf);
  return (
    <li className={clsx(COLUMNS, 'gap-y-0.5')}>
      <div className="min-w-0 text-xs sm:py-1">
        <p className={clsx('break-words', step.kind === 'attempt' ? 'font-semibold' : 'text-muted')}>{title}</p>
        <p className="line-clamp-3 break-words text-muted" title={more}>
          {more}
        </p>
      </div>
      <Bars step={step} axis={axis} />
    </li>
  );
}

function Bars({ step, axis }: { step: StoryStep; axis: StoryAxis }) {
  const [from, to] = [axis.at(step.startMs), axis.at(step.endMs)];
  return (
    <div aria-hidden className="relative min-h-6">
      <svg width="100%" height="100%" className="absolute inset-0 overflow-visible">
        {axis.ticks.map(({ at, text }) => (
          <line key={text} x1={percent(at)} x2={percent(at)} y1={0} y2="100%" className="stroke-line" />
        ))}
        <svg y="50%" className="overflow-visible">
          {step.kind === 'attempt' ? (
            <rect {...span(from, to)} y={-7} height={14} rx={3} className={attemptTone(step)} />
          ) : (
            <line
              x1={percent(from)}
              x2={percent(Math.max(to, from + LEAST))}
              strokeWidth={2}
              strokeDasharray={step.kind === 'wait' && step.cause === 'rest' ? '1 5' : '4 3'}
              className={step.open ? 'stroke-accent' : 'stroke-edge'}
            />
          )}
          {step.gaps.map((gap) => (
            <Gap key={`${gap.kind} ${gap.startMs}`} gap={gap} axis={axis} />
          ))}
          {step.marks.map((mark, index) => (
            // Several may lie on the same moment.
            <svg key={`${mark.kind} ${index}`} x={percent(axis.at(mark.atMs))} className="overflow-visible">
              <Mark kind={mark.kind} />
            </svg>
          ))}
        </svg>
      </svg>
    </div>
  );
}

/** A stretch without live connection lies along the foot of the attempt, one without a sign of life across it. */
function Gap({ gap, axis }: { gap: StoryGap; axis: StoryAxis }) {
  const place = gap.kind === 'socket' ? { y: 5, height: 4 } : { y: -4, height: 8 };
  return (
    <rect
      {...span(axis.at(gap.startMs), axis.at(gap.endMs))}
      {...place}
      strokeWidth={1}
      className="fill-warn stroke-surface"
    />
  );
}

/** The least part of the axis that is drawn, so that nothing short goes unseen. */
const LEAST = 0.006;

function span(from: number, to: number): { x: string; width: string } {
  const width = Math.max(to - from, LEAST);
  return { x: percent(Math.min(from, 1 - width)), width: percent(width) };
}

function percent(part: number): string {
  return `${Math.round(part * 10_000) / 100}%`;
}

function attemptTone(step: StoryStep & { kind: 'attempt' }): string {
  switch (step.attempt.outcome) {
    case 'succeeded':
      return 'fill-good';
    case 'failed':
    case 'rejected':
    case 'lost':
      return 'fill-bad';
    case 'pod_died':
    case 'refused':
      return 'fill-warn';
    case 'cancelled':
      return 'fill-edge';
    case undefined:
      return 'fill-accent';
  }
}

/** A shape of its own for each kind, around the origin, edged so that it stands out from the bar below it. */
const SHAPES: Record<MarkKind, { d: string; tone: string }> = {
  checked: { d: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0', tone: 'fill-good' },
  freed: { d: 'M0 -5L5 0L0 5L-5 0Z', tone: 'fill-accent' },
  left_out: { d: 'M-4 -2L-2 -4L0 -2L2 -4L4 -2L2 0L4 2L2 4L0 2L-2 4L-4 2L-2 0Z', tone: 'fill-bad' },
  moved: { d: 'M-4 -4L4 0L-4 4Z', tone: 'fill-accent' },
  unsure: { d: 'M-4 -4H4V4H-4Z', tone: 'fill-warn' },
  followed: { d: 'M-2 -5H2V5H-2Z', tone: 'fill-accent' },
  warning: { d: 'M0 -5L5 4H-5Z', tone: 'fill-warn' },
};

function Mark({ kind }: { kind: MarkKind }) {
  const { d, tone } = SHAPES[kind];
  return <path d={d} strokeWidth={1.5} paintOrder="stroke" className={clsx(tone, 'stroke-surface')} />;
}

function Legend({ kinds }: { kinds: MarkKind[] }) {
  return (
    <ul aria-hidden className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
      {kinds.map((kind) => (
        <li key={kind} className="flex items-center gap-1.5">
          <svg width={12} height={12} viewBox="-6 -6 12 12">
            <Mark kind={kind} />
          </svg>
          {MARK_WORDS[kind]}
        </li>
      ))}
    </ul>
  );
}
