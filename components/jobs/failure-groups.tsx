'use client';
import clsx from 'clsx';
import { CircleX, RotateCcw, X } from 'lucide-react';
import Link from 'next/link';
import { useRef, useState } from 'react';
import type { FailureGroup, FailureList, JobSummary } from '../../lib/protocol/jobs.ts';
import { createKeptCookie, useKeptCookie } from '../hooks/kept-cookie.ts';
import { useFailureGroups } from '../hooks/use-failure-groups.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';
import {
  blameSentence,
  causeHeadline,
  causesToTell,
  DISMISSED_COOKIE,
  jobsText,
  readDismissed,
  retriedSentence,
  withDismissed,
} from './failure-causes.ts';

const kept = createKeptCookie(DISMISSED_COOKIE);
/** On a narrow screen one alone, so that the list stays in sight. */
const SHOWN_AT_FIRST = 3;

/** Failures by cause as the page was given them. */
export interface KnownFailures {
  /** Null where they could not be read. */
  list: FailureList | null;
  /** The cookie with what this browser dismissed. */
  dismissed: string;
}

/** Failed jobs of one cause told as one, each with a retry of all of them. `ended` is the job that ended last. */
export function FailureGroups({ first, ended }: { first: KnownFailures; ended: JobSummary | null }) {
  const { list, retry, busy, problem } = useFailureGroups(first.list, ended);
  const dismissed = readDismissed(useKeptCookie(kept, first.dismissed));
  const [unfolded, setUnfolded] = useState(false);
  const [said, setSaid] = useState('');
  const status = useRef<HTMLParagraphElement>(null);
  const groups = causesToTell(list, dismissed);
  const shown = unfolded ? groups : groups.slice(0, SHOWN_AT_FIRST);
  /** What had the focus is gone after this. */
  function say(sentence: string) {
    setSaid(sentence);
    status.current?.focus();
  }
  async function retryAll(group: FailureGroup) {
    setSaid('');
    const retried = await retry(group);
    if (retried !== undefined) say(retriedSentence(retried, group.count));
  }
  function dismiss(group: FailureGroup) {
    kept.write(withDismissed(dismissed, group));
    say('Hidden here until a further job fails of that cause.');
  }
  return (
    <>
      {shown.length > 0 && (
        <section aria-labelledby="causes" className="overflow-hidden rounded-lg border bg-surface">
          <h2 id="causes" className="sr-only">
            Failures by cause
          </h2>
          <ul className="divide-y">
            {shown.map((group, at) => (
              <Cause
                key={group.key}
                className={at > 0 && !unfolded ? 'max-sm:hidden' : undefined}
                group={group}
                busy={busy}
                onRetry={() => void retryAll(group)}
                onDismiss={() => dismiss(group)}
              />
            ))}
          </ul>
          {groups.length > 1 && (
            <Button
              tone="quiet"
              className={clsx(
                'w-full justify-start rounded-none border-t',
                groups.length <= SHOWN_AT_FIRST && 'sm:hidden',
              )}
              aria-expanded={unfolded}
              onClick={() => setUnfolded(!unfolded)}
            >
              <span className="max-sm:hidden">{foldText(unfolded, groups.length - SHOWN_AT_FIRST)}</span>
              <span className="sm:hidden">{foldText(unfolded, groups.length - 1)}</span>
            </Button>
          )}
        </section>
      )}
      <p
        ref={status}
        role="status"
        tabIndex={-1}
        className={said ? 'text-muted focus-visible:outline-none' : 'sr-only'}
      >
        {said}
      </p>
      <Problem text={problem} />
    </>
  );
}

function foldText(unfolded: boolean, more: number): string {
  if (unfolded) return 'Show fewer causes';
  return more === 1 ? '1 more cause' : `${more} more causes`;
}

interface CauseProps {
  className: string | undefined;
  group: FailureGroup;
  busy: boolean;
  onRetry: () => void;
  onDismiss: () => void;
}

function Cause({ className, group, busy, onRetry, onDismiss }: CauseProps) {
  const [asking, setAsking] = useState(false);
  const more = group.count - group.jobs.length;
  return (
    <li
      className={clsx(
        'grid grid-cols-[auto_minmax(0,1fr)_auto] gap-x-3 gap-y-2 py-2.5 pr-1 pl-3 md:grid-cols-[auto_minmax(0,1fr)_auto_auto]',
        className,
      )}
    >
      <CircleX size={16} aria-hidden className="mt-0.5 text-bad" />
      <div className="grid min-w-0 gap-1">
        <h3 className="font-semibold break-words">{causeHeadline(group)}</h3>
        <p className="break-words">
          <span className="text-muted">{blameSentence(group)}</span> {group.nextStep}
        </p>
        <p className="text-xs text-muted">
          {group.jobs.map((job, at) => (
            <span key={job.id}>
              {at > 0 && ' · '}
              <Link
                className="inline-block max-w-52 truncate align-bottom underline underline-offset-2 hover:text-ink"
                href={`/jobs/${job.id}`}
                prefetch={false}
              >
                {job.name}
              </Link>
            </span>
          ))}
          {more > 0 && ` · and ${more} more`}
        </p>
      </div>
      <div className="col-start-2 row-start-2 flex flex-wrap gap-2 md:col-start-3 md:row-start-1 md:items-start">
        <Button
          size="small"
          tone={asking ? 'primary' : 'plain'}
          disabled={busy}
          // Neither the second press of a double click nor a key held down answers the question that the first one asked.
          onKeyDown={(event) => event.repeat && event.preventDefault()}
          onClick={({ detail }) => (asking ? detail < 2 && onRetry() : setAsking(true))}
        >
          <RotateCcw size={14} aria-hidden />
          {asking ? `Yes, retry ${jobsText(group.count)}` : `Retry all ${group.count}`}
        </Button>
        {asking && (
          <Button size="small" tone="quiet" disabled={busy} onClick={() => setAsking(false)}>
            No
          </Button>
        )}
      </div>
      <Button
        tone="quiet"
        size="icon"
        className="col-start-3 row-start-1 -mt-2 md:col-start-4 md:-mt-0.5"
        aria-label={`Dismiss: ${causeHeadline(group)}`}
        onClick={onDismiss}
      >
        <X size={16} aria-hidden />
      </Button>
    </li>
  );
}
