import clsx from 'clsx';
import type { JobAttempt, TimelineEvent, TimelineKind } from '../../lib/jobs/job.ts';
import { ClockTime } from '../time/time-ago.tsx';
import { durationText } from '../time/time-text.ts';
import { OUTCOME_WORDS, type NameOf } from './story-words.ts';
import { timelineSentence } from './timeline-sentence.ts';

const DOTS: Partial<Record<TimelineKind, string>> = {
  succeeded: 'bg-good border-good',
  failed: 'bg-bad border-bad',
  retry_wait: 'bg-bad border-bad',
  rework: 'bg-warn border-warn',
  uncertain: 'bg-warn border-warn',
  warning: 'bg-warn border-warn',
  cancel_requested: 'bg-warn border-warn',
  running: 'bg-accent border-accent',
  reattached: 'bg-accent border-accent',
};
/** More events than this are folded, all but the last. */
const MOST_UNFOLDED = 12;
const ALWAYS_SEEN = 8;

interface TimelineProps {
  events: TimelineEvent[];
  attempts: JobAttempt[];
  nameOf: NameOf;
}

/** Everything that happened, oldest first, under the attempt it belongs to; of much, what was last stays unfolded. */
export function Timeline({ events, attempts, nameOf }: TimelineProps) {
  const folded = events.length > MOST_UNFOLDED ? events.length - ALWAYS_SEEN : 0;
  if (folded === 0) return <Events {...{ events, attempts, nameOf }} from={0} to={events.length} />;
  return (
    <>
      <details className="mb-3">
        <summary className="mb-3 font-medium underline decoration-dotted underline-offset-4">
          {folded} earlier events
        </summary>
        <Events {...{ events, attempts, nameOf }} from={0} to={folded} />
      </details>
      <Events {...{ events, attempts, nameOf }} from={folded} to={events.length} />
    </>
  );
}

function Events({ events, attempts, nameOf, from, to }: TimelineProps & { from: number; to: number }) {
  const start = Date.parse(events[0]?.at ?? '');
  const podOf = (event: TimelineEvent) => {
    const podId = event.podId ?? attempts.find((attempt) => attempt.number === event.attempt)?.podId;
    return podId === undefined ? undefined : nameOf(podId);
  };
  return (
    <ol className="grid">
      {events.slice(from, to).map((event, place) => {
        const index = from + place;
        const attempt = attempts.find((one) => one.number === event.attempt);
        const opens = attempts.length > 1 && attempt && (place === 0 || attempt.number !== events[index - 1]?.attempt);
        return (
          <li key={`${event.at} ${event.kind} ${event.detail ?? ''}`} className="group/event grid gap-0.5">
            {opens && <AttemptLine attempt={attempt} podName={nameOf(attempt.podId)} />}
            <div className="grid grid-cols-[0.75rem_1fr_auto] gap-x-3">
              <span aria-hidden className="relative flex justify-center">
                <span className="absolute inset-y-0 w-px bg-line group-first/event:top-2 group-last/event:bottom-auto group-last/event:h-2" />
                <span
                  className={clsx(
                    'relative mt-1.5 size-2 rounded-full border',
                    DOTS[event.kind] ?? 'border-edge bg-surface',
                  )}
                />
              </span>
              <div className="min-w-0 pb-3">
                <p>{timelineSentence(event, podOf(event))}</p>
                {event.detail && <p className="text-xs break-words text-muted">{event.detail}</p>}
              </div>
              <span className="text-right text-xs leading-5 text-muted">
                <ClockTime at={event.at} {...(index > 0 && { since: start })} />
              </span>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function AttemptLine({ attempt, podName }: { attempt: JobAttempt; podName: string | undefined }) {
  const took = attempt.endedAt && durationText(Date.parse(attempt.endedAt) - Date.parse(attempt.startedAt));
  return (
    <h3 className="mt-1 mb-2 flex flex-wrap gap-x-2 border-b pb-1 text-xs font-semibold">
      Attempt {attempt.number}
      <span className="font-normal text-muted">
        on {podName}
        {attempt.outcome && ` ${OUTCOME_WORDS[attempt.outcome]}`}
        {took && ` after ${took}`}
      </span>
    </h3>
  );
}
