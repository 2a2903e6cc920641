import clsx from 'clsx';
import Link from 'next/link';
import { memo } from 'react';
import { isOnPod } from '../../lib/jobs/job-state.ts';
import { badgeOf, StateBadge, stateWord } from '../jobs/state-badge.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import type { CellJob } from './cell-job.ts';

interface CellProps {
  /** Place in the batch, from 0. */
  place: number;
  /** `gone`: history no longer keeps it; undefined while it is not known yet. */
  job: CellJob | 'gone' | undefined;
  /** How it differs from the others, in words. */
  label: string;
  /** Whether the tabulator key stops here. */
  stops: boolean;
}

/** One job on the sheet: its picture, or how far it is. */
export const SheetCell = memo(function SheetCell({ place, job, label, stops }: CellProps) {
  const name = label || `Job ${place + 1}`;
  const frame = 'relative grid size-28 place-items-center overflow-hidden rounded-md max-sm:size-24';
  if (!job)
    return (
      <span className={clsx(frame, 'bg-raised')}>
        <span className="sr-only">{name}: not read yet</span>
      </span>
    );
  if (job === 'gone')
    return (
      <span className={clsx(frame, 'border border-dashed text-center text-xs text-muted')}>
        <span className="sr-only">{name}: </span>No longer kept
      </span>
    );
  const works = isOnPod(job.state) && !badgeOf(job).next;
  return (
    <Link
      data-cell={place}
      prefetch={false}
      tabIndex={stops ? 0 : -1}
      href={`/jobs/${job.id}`}
      aria-label={`${name}: ${stateWord(job.state)}`}
      title={job.reason ? `${name}: ${job.reason}` : name}
      className={clsx(
        frame,
        'bg-raised hover:outline-2 hover:outline-edge',
        job.state === 'failed' && 'border border-bad',
      )}
    >
      {job.state === 'succeeded' && job.thumbnail !== undefined ? (
        <img
          className="size-full object-contain"
          alt=""
          width={112}
          height={112}
          loading="lazy"
          decoding="async"
          src={`/api/jobs/${job.id}/outputs/${job.thumbnail}/thumbnail?w=256`}
        />
      ) : (
        <span className="grid w-full justify-items-center gap-2 px-2 text-xs">
          <StateBadge {...badgeOf(job)} size={13} />
          {works && <ProgressBar percent={job.progress ?? 0} label={`Progress of ${name}`} />}
        </span>
      )}
    </Link>
  );
});
