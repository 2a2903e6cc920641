'use client';
import { ArrowLeftRight, ChevronRight, Database, Plug, Power, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { recoveryFound, recoveryReason, unansweredSentence } from '../../lib/jobs/recovery-sentence.ts';
import { namedJobs, recoveryPercent, type RecoveryView } from '../../lib/jobs/recovery-view.ts';
import type { RecoveryReason } from '../../lib/jobs/recovery.ts';
import type { JobSummary } from '../../lib/protocol/jobs.ts';
import { browserApi, failureLines } from '../hooks/browser-api.ts';
import { Elapsed, TimeAgo } from '../time/time-ago.tsx';
import { durationText } from '../time/time-text.ts';
import { Button } from '../ui/button.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { Problem } from '../ui/problem.tsx';
import { RecoveredJobRow } from './recovered-job-row.tsx';
import { ROWS_AT_FIRST } from './recovery-query.ts';

const ICONS: Record<RecoveryReason, LucideIcon> = {
  start: Power,
  takeover: ArrowLeftRight,
  handover: ArrowLeftRight,
  reconnect: Plug,
  store_return: Database,
};
const ROWS_MORE = 50;

interface CardProps {
  recovery: RecoveryView;
  /** Several instances made the recoveries, so each says which. */
  showsInstance: boolean;
  /** The jobs are shown without being asked for. */
  unfolded: boolean;
  /** Jobs of the page's live list, by id. */
  live: ReadonlyMap<string, JobSummary>;
  nameOf: (podId: string) => string;
  onAnswer: (job: JobSummary) => void;
}

/** One recovery: when and why, what was found, how long it took, and each job with what was done with it. */
export function RecoveryCard({ recovery, showsInstance, unfolded, live, nameOf, onAnswer }: CardProps) {
  const { startedAt, endedAt, found } = recovery;
  const [chosen, setChosen] = useState<boolean>();
  const open = chosen ?? unfolded;
  const Icon = ICONS[recovery.reason];
  const unanswered = unansweredSentence(recovery.unanswered.map(nameOf));
  return (
    <li className="grid grid-cols-1 gap-2 rounded-lg border bg-surface p-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className="flex min-w-0 items-baseline gap-2 text-base font-semibold">
          <Icon size={15} aria-hidden className="shrink-0 translate-y-0.5 text-muted" />
          <span className="min-w-0 break-words">{recoveryReason(recovery, nameOf)}</span>
        </h2>
        <p className="text-xs text-muted">
          <TimeAgo at={startedAt} /> ·{' '}
          {endedAt === undefined ? (
            <>
              for <Elapsed from={startedAt} /> now
            </>
          ) : (
            tookText(Date.parse(endedAt) - Date.parse(startedAt))
          )}
          {showsInstance && ` · by ${recovery.instance.split('#', 1)[0]}`}
        </p>
      </div>
      <p>{recoveryFound(recovery)}</p>
      {endedAt === undefined && found > 0 && <ProgressBar percent={recoveryPercent(recovery)} label="Jobs looked up" />}
      {unanswered && <p className="break-words text-warn">{unanswered}</p>}
      {found > 0 && (
        <details open={open} onToggle={(event) => setChosen(event.currentTarget.open)}>
          <summary className="flex items-center gap-1 text-muted hover:text-ink">
            <ChevronRight size={14} aria-hidden className={open ? 'rotate-90' : ''} />
            {open ? 'Hide the jobs' : 'Show the jobs'}
          </summary>
          {open && <RecoveredJobs {...{ recovery, live, nameOf, onAnswer }} />}
        </details>
      )}
    </li>
  );
}

/** How long it took, from milliseconds. */
function tookText(ms: number): string {
  return ms < 100 ? 'took less than 0.1 s' : `took ${durationText(ms)}`;
}

/** The jobs of a recovery, a part of them at first. The rest can be had once the recovery has ended. */
function RecoveredJobs({ recovery, live, nameOf, onAnswer }: Omit<CardProps, 'unfolded' | 'showsInstance'>) {
  const [most, setMost] = useState(ROWS_AT_FIRST);
  const [whole, setWhole] = useState<RecoveryView>();
  const [reading, setReading] = useState(false);
  const [problem, setProblem] = useState('');
  const { id, found, endedAt } = recovery;
  const named = namedJobs(recovery.counts);
  const jobs = (whole ?? recovery).jobs.slice(0, most);
  const left = named - jobs.length;
  const unnamed = endedAt === undefined ? 0 : found - named;
  async function more() {
    setReading(true);
    setProblem('');
    try {
      if (!whole) setWhole(await (await browserApi()).recovery(id));
      setMost(most + ROWS_MORE);
    } catch (error) {
      setProblem(failureLines(error).join(' '));
    }
    setReading(false);
  }
  return (
    <>
      <ul aria-label="Jobs" className="mt-1 divide-y">
        {jobs.map((job) => (
          <RecoveredJobRow
            key={job.jobId}
            found={job}
            live={live.get(job.jobId)}
            podName={nameOf(job.podId)}
            onAnswer={onAnswer}
          />
        ))}
      </ul>
      {left > 0 && (
        <div className="flex items-center gap-3 border-t pt-3">
          <span className="text-muted">and {left} more</span>
          {endedAt !== undefined && (
            <Button size="small" disabled={reading} onClick={() => void more()}>
              Show {Math.min(left, ROWS_MORE)} of them
            </Button>
          )}
        </div>
      )}
      {unnamed > 0 && left <= 0 && (
        <p className="border-t pt-2 text-xs text-muted">
          {unnamed === 1 ? 'One more job was' : `${unnamed} more jobs were`} found; a record names 500.
        </p>
      )}
      <Problem text={problem} />
    </>
  );
}
