import clsx from 'clsx';
import type { JobAttempt, TimelineEvent, TimelineKind } from '../../lib/jobs/job.ts';
import { ClockTime } from '../time/time-ago.tsx';
import { durationText } from '../time/time-text.ts';
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
const OUTCOMES: Record<NonNullable<JobAttempt['outcome']>, string> = {
  succeeded: 'succeeded',
  failed: 'failed',
  rejected: 'was refused by the pod',
  refused: 'was put off by the pod',
  cancelled: 'was cancelled',
  pod_died: 'was lost with the pod',
  lost: 'was lost',
};

/** Everything that happened, oldest first, under the attempt it belongs to. */
export function Timeline({
  events,
  attempts,
  podNames,
}: {
  events: TimelineEvent[];
  attempts: JobAttempt[];
  podNames: ReadonlyMap<string, string>;
}) {
  const start = Date.parse(events[0]?.at ?? '');
  const name = (id: string | undefined) => (id === undefined ? undefined : (podNames.get(id) ?? id));
  const podOf = (event: TimelineEvent) =>
    name(event.podId ?? attempts.find((attempt) => attempt.number === event.attempt)?.podId);
  return (
    <ol className="grid">
      {events.map((event, index) => {
        const attempt = attempts.find((one) => one.number === event.attempt);
        const opens = attempts.length > 1 && attempt && attempt.number !== events[index - 1]?.attempt;
        return (
          <li key={`${event.at} ${event.kind} ${event.detail ?? ''}`} className="group/event grid gap-0.5">
            {opens && <AttemptLine attempt={attempt} podName={name(attempt.podId)} />}
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
        {attempt.outcome && ` ${OUTCOMES[attempt.outcome]}`}
        {took && ` after ${took}`}
      </span>
    </h3>
  );
}
